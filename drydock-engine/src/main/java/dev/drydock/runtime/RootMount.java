package dev.drydock.runtime;

import java.util.Locale;
import java.util.Optional;

/** How the layers of a root become one writable tree, the best first. */
enum RootMount {
    /** The kernel's overlayfs. */
    OVERLAY("overlay"),
    /** The program fuse-overlayfs, where the kernel refuses overlayfs to a user namespace. */
    FUSE("fuse-overlayfs"),
    /** A copy of every file, compared afterwards; nothing is mounted. */
    COPY("copy");

    private final String text;

    RootMount(String text) {
        this.text = text;
    }

    /** The one of a name as people write it; empty for no such name. */
    static Optional<RootMount> of(String text) {
        for (RootMount each : values()) {
            if (each.text.equals(text.toLowerCase(Locale.ROOT))) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
