package dev.drydock.runtime;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An OCI runtime of this host and how it must be called here.
 *
 * @param label what it is called, with its version: {@code runc 1.1.5}
 * @param hideUnified whether cgroup version 2 must be out of its sight: crun refuses hosts that mount both versions
 * @param filter the system call filter of steps as this runtime compiled it once, in base64; null if it has to each time
 * @param x32 whether steps may hold x32 programs; not where the kernel certainly runs none
 */
record OciRuntime(
        Path binary,
        Kind kind,
        String label,
        boolean hideUnified,
        @Nullable String filter,
        boolean x32) {
    OciRuntime(Path binary, Kind kind, String label, boolean hideUnified) {
        this(binary, kind, label, hideUnified, null, true);
    }

    /** Whether it has calls fail with ENOSYS that are younger than those of a profile: runc does since 1.0.0. */
    boolean knowsOfYoungerCalls() {
        return label.matches("runc [1-9][0-9]*\\.[0-9]+.*") && !label.contains("-rc");
    }

    /** The same, after it was tried. */
    OciRuntime known(String version, @Nullable String compiled, boolean runsX32) {
        return new OciRuntime(binary, kind, version, hideUnified, compiled, runsX32);
    }

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
