package dev.drydock.frontend;

import dev.drydock.fault.SourceRange;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What one stage makes use of, for outlines. */
final class StageFacts {
    /** Build arguments of its own, by name; those that it takes over from before the first FROM are not among them. */
    final Map<String, Outline.Arg> args = new LinkedHashMap<>();

    /** Names of build arguments that it uses. */
    final Set<String> used = new LinkedHashSet<>();

    final Map<String, Outline.Secret> secrets = new LinkedHashMap<>();
    final Map<String, Outline.Secret> agents = new LinkedHashMap<>();

    void secret(String id, boolean required, SourceRange range) {
        secrets.putIfAbsent(id, new Outline.Secret(id, required, range));
    }

    void agent(String id, boolean required, SourceRange range) {
        agents.putIfAbsent(id, new Outline.Secret(id, required, range));
    }
}
