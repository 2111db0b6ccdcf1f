package dev.drydock.runtime;

import org.jspecify.annotations.Nullable;

/**
 * A way of running steps: a rung of the ladder from what isolates best and costs least to what works almost anywhere.
 *
 * @param runtime the OCI runtime; null for chroot with the namespaces that unshare(1) makes
 * @param root how the root is made of layers
 * @param ownProc whether a {@code /proc} for the step's own processes can be mounted
 * @param mounts whether anything can be mounted, and namespaces can be made
 */
record Rung(@Nullable OciRuntime runtime, RootMount root, boolean ownProc, boolean mounts) {
    /** chroot(2) and nothing else: for containers that may make neither namespaces nor mounts. */
    static final Rung BARE = new Rung(null, RootMount.COPY, false, false);

    static Rung of(OciRuntime runtime, RootMount root) {
        return new Rung(runtime, root, true, true);
    }

    static Rung chroot(RootMount root, boolean ownProc) {
        return new Rung(null, root, ownProc, true);
    }

    /** For people: {@code runc 1.1.5}, {@code chroot, copy}. */
    String label() {
        if (!mounts) {
            return "chroot, nothing mounted";
        }
        String isolation = runtime == null ? "chroot" : runtime.label();
        return root == RootMount.OVERLAY ? isolation : isolation + ", " + root;
    }

    /** What is weaker or slower than on the best rung, a sentence; null on that. */
    @Nullable
    String weakness() {
        if (!mounts) {
            return "RUN steps are isolated by chroot alone, because neither namespaces nor mounts may be made here: each is"
                    + " on a copy of its root file system without /proc, sees the processes and the network around the"
                    + " build, and as root can get out into this container.";
        }
        StringBuilder words = new StringBuilder();
        if (runtime == null) {
            words.append("RUN steps are isolated by chroot and namespaces alone: no system call filter"
                    + " and no control groups");
            words.append(ownProc ? "." : ", and /proc shows every process around the build.");
        }
        if (root == RootMount.COPY) {
            words.append(words.isEmpty() ? "" : " ");
            words.append("Every RUN step copies its root file system, because no overlay can be mounted here.");
        }
        return words.isEmpty() ? null : words.toString();
    }
}
