package dev.drydock.frontend;

import dev.drydock.dockerfile.Instruction;
import dev.drydock.dockerfile.Instruction.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** ARG, ENV and LABEL. */
final class VariableInstructions {
    /** They say what to scan and are no variables of the build. */
    private static final Set<String> NOT_IN_ENV = Set.of("BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE");

    private VariableInstructions() {}

    /** The value given beats the default, which beats that of the same name before the first FROM. */
    static void arg(StageState state, Command command, Instruction.Arg arg) {
        List<String> texts = new ArrayList<>();
        for (Pair pair : arg.pairs()) {
            String key = pair.key();
            state.rules().secretName("ARG", key, command);
            String value = state.plan().buildArgs().get(key);
            String fallback = pair.value();
            boolean takenOver = false;
            if (value == null && fallback != null) {
                value = state.expand(fallback, command);
            } else if (value == null) {
                value = state.plan().scope().value(key);
                takenOver = value != null;
            }
            if (!takenOver) {
                String description = Descriptions.of(arg.written().comments(), key);
                state.facts()
                        .args
                        .put(key, new Outline.Arg(key, description, value == null ? "" : value, command.place()));
            }
            state.facts().used.add(key);
            if (value != null && !NOT_IN_ENV.contains(key)) {
                state.argument(key, value);
            }
            state.args().put(key, value == null ? "" : value);
            texts.add(value == null ? key : key + "=" + value);
        }
        state.config().metadata("ARG " + String.join(" ", texts));
    }

    /** All of them see the variables as they were before the instruction. */
    static void env(StageState state, Command command, Instruction.Env env) {
        List<Pair> pairs = expanded(state, command, env.pairs());
        for (Pair pair : pairs) {
            warnOfLegacy(state, command, env.legacy());
            state.rules().secretName("ENV", pair.key(), command);
            state.variable(pair.key(), valueOf(pair));
        }
        state.config().metadata("ENV " + text(pairs));
    }

    static void label(StageState state, Command command, Instruction.Label label) {
        List<Pair> pairs = expanded(state, command, label.pairs());
        warnOfLegacy(state, command, label.legacy());
        for (Pair pair : pairs) {
            state.config().labels.put(pair.key(), valueOf(pair));
        }
        state.config().metadata("LABEL " + text(pairs));
    }

    private static List<Pair> expanded(StageState state, Command command, List<Pair> pairs) {
        List<Pair> expanded = new ArrayList<>();
        for (Pair pair : pairs) {
            expanded.add(new Pair(state.expand(pair.key(), command), state.expand(valueOf(pair), command)));
        }
        return expanded;
    }

    private static String valueOf(Pair pair) {
        String value = pair.value();
        return value == null ? "" : value;
    }

    private static String text(List<Pair> pairs) {
        return String.join(
                " ",
                pairs.stream().map(pair -> pair.key() + "=" + valueOf(pair)).toList());
    }

    private static void warnOfLegacy(StageState state, Command command, boolean legacy) {
        if (legacy) {
            state.rules().legacyPair(command);
        }
    }
}
