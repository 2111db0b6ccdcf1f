package dev.drydock.runtime;

import java.nio.file.Path;

/**
 * An OCI runtime of this host and how it must be called here.
 *
 * @param label what it is called, with its version: {@code runc 1.1.5}
 * @param hideUnified whether cgroup version 2 must be out of its sight: crun refuses hosts that mount both versions
 */
record OciRuntime(Path binary, Kind kind, String label, boolean hideUnified) {
    enum Kind {
        CRUN("crun"),
        RUNC("runc");

        private final String program;

        Kind(String program) {
            this.program = program;
        }

        String program() {
            return program;
        }
    }
}
