package dev.drydock.engine;

import java.nio.file.Path;

/** Which Dockerfile a build follows. */
public sealed interface DockerfileSource {
    /** {@code Dockerfile}, or {@code dockerfile}, at the root of the context. */
    record Usual() implements DockerfileSource {}

    /** A file of this host, absolute, in the context or not. */
    record OnHost(Path path) implements DockerfileSource {}

    /** A path in a context that is no directory of this host. */
    record InContext(String path) implements DockerfileSource {}

    /** The text itself. */
    record Text(String text) implements DockerfileSource {}

    /** What a web server has at an address. */
    record Web(String url) implements DockerfileSource {}
}
