package dev.drydock.frontend;

import dev.drydock.dockerfile.Instruction;
import dev.drydock.dockerfile.WordExpander;
import dev.drydock.oci.Platform;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The variables that FROM lines see: ARGs before the first FROM and those that the builder sets. */
final class GlobalScope {
    private final Map<String, String> values = new LinkedHashMap<>();
    private final Set<String> declared = new HashSet<>();

    private GlobalScope() {}

    /** {@code buildArgs} win over defaults; {@code targetStage} is the value of TARGETSTAGE. */
    static GlobalScope of(
            List<Instruction.Arg> args,
            BuildOptions options,
            Map<String, String> buildArgs,
            String targetStage,
            WordExpander expander) {
        GlobalScope scope = new GlobalScope();
        scope.platform("BUILD", options.buildPlatform());
        scope.platform("TARGET", options.targetPlatform());
        scope.values.put("TARGETSTAGE", targetStage);
        scope.values.replaceAll((name, value) -> buildArgs.getOrDefault(name, value));
        scope.declared.addAll(scope.values.keySet());
        for (Instruction.Arg arg : args) {
            for (Instruction.Pair pair : arg.pairs()) {
                Faults.at(arg.range(), () -> scope.declare(pair, buildArgs, expander));
            }
        }
        return scope;
    }

    private void platform(String prefix, Platform platform) {
        values.put(prefix + "PLATFORM", platform.toString());
        values.put(prefix + "OS", platform.os());
        values.put(prefix + "OSVERSION", orEmpty(platform.osVersion()));
        values.put(prefix + "ARCH", platform.architecture());
        values.put(prefix + "VARIANT", orEmpty(platform.variant()));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private void declare(Instruction.Pair pair, Map<String, String> buildArgs, WordExpander expander) {
        String key = pair.key();
        declared.add(key);
        String given = buildArgs.get(key);
        String fallback = pair.value();
        if (given != null) {
            values.put(key, given);
        } else if (fallback != null) {
            values.put(key, expander.expand(fallback, values::get).value());
        }
    }

    @Nullable
    String value(String name) {
        return values.get(name);
    }

    boolean isDeclared(String name) {
        return declared.contains(name);
    }

    /** Names that are declared or have a value. */
    Set<String> known() {
        return declared;
    }
}
