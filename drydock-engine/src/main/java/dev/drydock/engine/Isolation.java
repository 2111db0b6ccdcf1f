package dev.drydock.engine;

/** How RUN steps are kept apart from the host. */
public enum Isolation {
    /** By an OCI runtime; by chroot where none works, which the build then says. */
    AUTO,
    /** By an OCI runtime, or not at all. */
    OCI,
    /** By namespaces and chroot, without a runtime: weaker. */
    CHROOT
}
