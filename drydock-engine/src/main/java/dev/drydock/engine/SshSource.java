package dev.drydock.engine;

import java.nio.file.Path;
import java.util.List;

/** What answers when a step asks for SSH keys. */
public sealed interface SshSource {
    /** An agent that listens on a socket. */
    record Agent(Path socket) implements SshSource {}

    /** Private keys in files, which an agent of the build's own holds. */
    record Keys(List<Path> files) implements SshSource {
        public Keys {
            files = List.copyOf(files);
        }
    }
}
