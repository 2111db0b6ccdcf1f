package dev.drydock.frontend;

import dev.drydock.dockerfile.Instruction;
import dev.drydock.dockerfile.WordExpander;
import dev.drydock.oci.Platform;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The variables that FROM lines see: ARGs before the first FROM and those that the builder sets. */
final class GlobalScope {
    private final Map<String, String> values = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();
    private final Map<String, Declared> declared = new LinkedHashMap<>();

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
        scope.known.addAll(scope.values.keySet());
        for (Instruction.Arg arg : args) {
            for (Instruction.Pair pair : arg.pairs()) {
                Faults.at(arg.range(), () -> scope.declare(arg, pair, buildArgs, expander));
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

    private void declare(
            Instruction.Arg arg, Instruction.Pair pair, Map<String, String> buildArgs, WordExpander expander) {
        String key = pair.key();
        known.add(key);
        String value = buildArgs.get(key);
        String fallback = pair.value();
        Set<String> uses = new LinkedHashSet<>();
        if (value == null && fallback != null) {
            WordExpander.Expansion expansion = expander.expand(fallback, values::get);
            value = expansion.value();
            uses.addAll(expansion.matched());
            Declared earlier = declared.get(key);
            if (uses.remove(key) && earlier != null) {
                uses.addAll(earlier.uses);
            }
        }
        if (value != null) {
            values.put(key, value);
        }
        String description = Descriptions.of(arg.written().comments(), key);
        declared.put(
                key,
                new Declared(new Outline.Arg(key, description, orEmpty(value), arg.range()), orEmpty(fallback), uses));
    }

    /** Puts seconds, or nothing, in place of the name that SOURCE_DATE_EPOCH had; returns the build arguments with them. */
    Map<String, String> resolveEpoch(@Nullable Instant epoch, Map<String, String> buildArgs) {
        String seconds = epoch == null ? "" : Long.toString(epoch.getEpochSecond());
        values.replace(SourceDateEpoch.NAME, seconds);
        Map<String, String> resolved = new LinkedHashMap<>(buildArgs);
        resolved.replace(SourceDateEpoch.NAME, seconds);
        return resolved;
    }

    /** An ARG before the first FROM, its default as written, and the names that this is made of. */
    record Declared(Outline.Arg arg, String fallback, Set<String> uses) {}

    /** The ARG of this name before the first FROM, null if there is none. */
    @Nullable
    Declared declared(String name) {
        return declared.get(name);
    }

    @Nullable
    String value(String name) {
        return values.get(name);
    }

    boolean isDeclared(String name) {
        return known.contains(name);
    }

    /** Names that are declared or have a value. */
    Set<String> known() {
        return known;
    }
}
