package dev.drydock.frontend;

import dev.drydock.dockerfile.Instruction;
import dev.drydock.dockerfile.Instruction.Pair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** ARG, ENV and LABEL. */
final class VariableInstructions {
    private static final Set<String> SECRET_WORDS = Set.of(
            "apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token");
    private static final Set<String> HARMLESS_WORDS = Set.of("public", "file", "version");
    /** They say what to scan and are no variables of the build. */
    private static final Set<String> NOT_IN_ENV = Set.of("BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE");

    private VariableInstructions() {}

    /** The value given beats the default, which beats that of the same name before the first FROM. */
    static void arg(StageState state, Command command, Instruction.Arg arg) {
        List<String> texts = new ArrayList<>();
        for (Pair pair : arg.pairs()) {
            String key = state.expand(pair.key(), command);
            warnOfSecret(state, command, "ARG", key);
            String value = state.plan().buildArgs().get(key);
            String fallback = pair.value();
            if (value == null && fallback != null) {
                value = state.expand(fallback, command);
            } else if (value == null) {
                value = state.plan().scope().value(key);
            }
            if (value != null && !NOT_IN_ENV.contains(key)) {
                state.env().put(key, value);
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
            warnOfSecret(state, command, "ENV", pair.key());
            state.env().put(pair.key(), valueOf(pair));
            state.config().setEnv(pair.key(), valueOf(pair));
        }
        state.config().metadata("ENV " + text(pairs));
    }

    static void label(StageState state, Command command, Instruction.Label label) {
        List<Pair> pairs = expanded(state, command, label.pairs());
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

    private static void warnOfSecret(StageState state, Command command, String keyword, String key) {
        List<String> words = Arrays.asList(key.toLowerCase(Locale.ROOT).split("_", -1));
        if (!Collections.disjoint(words, SECRET_WORDS) && Collections.disjoint(words, HARMLESS_WORDS)) {
            state.plan()
                    .lint()
                    .report(
                            "SecretsUsedInArgOrEnv",
                            "Do not use ARG or ENV instructions for sensitive data (" + keyword + " \"" + key + "\")",
                            command);
        }
    }
}
