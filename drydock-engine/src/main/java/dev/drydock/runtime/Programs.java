package dev.drydock.runtime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds programs: the PATH first, then where system programs are even if a user's PATH leaves that out. */
final class Programs {
    private static final String SYSTEM = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final String path;

    Programs(Map<String, String> environment) {
        String own = environment.getOrDefault("PATH", "");
        this.path = own.isEmpty() ? SYSTEM : own + ":" + SYSTEM;
    }

    /** For the environment of a child. */
    String path() {
        return path;
    }

    Optional<Path> find(String name) {
        for (String directory : List.of(path.split(":", -1))) {
            if (directory.startsWith("/")) {
                Path candidate = Path.of(directory, name);
                if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }
}
