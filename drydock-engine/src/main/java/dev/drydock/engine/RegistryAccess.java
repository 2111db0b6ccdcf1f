package dev.drydock.engine;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What decides how registries are reached: see {@code docs/registries.md}.
 *
 * @param environment variables: proxies, settings file, Docker's configuration directory
 * @param home the user's directory, where {@code .docker/config.json} is
 * @param insecure hosts that flags allow to be reached without TLS
 */
public record RegistryAccess(Map<String, String> environment, Path home, Set<String> insecure) {
    public RegistryAccess {
        environment = Map.copyOf(environment);
        insecure = Collections.unmodifiableSet(new LinkedHashSet<>(insecure));
    }

    /** As this process sees it. */
    public static RegistryAccess ofProcess() {
        String home = System.getenv().getOrDefault("HOME", System.getProperty("user.home"));
        return new RegistryAccess(System.getenv(), Path.of(home), Set.of());
    }
}
