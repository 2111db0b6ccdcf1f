package dev.drydock.runtime;

import dev.drydock.fault.UserFault;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which rungs may be used.
 *
 * @param mode how steps are kept apart from the host
 * @param runtime the name or the path of the only runtime to use; null for any
 * @param root the only way to make a root of layers; null for any
 */
public record Ladder(
        Mode mode, @Nullable String runtime, @Nullable RootMount root) {
    /** How steps are kept apart from the host. */
    public enum Mode {
        /** An OCI runtime, or chroot where none works. */
        AUTO,
        /** An OCI runtime only. */
        OCI,
        /** Namespaces and chroot, without a runtime. */
        CHROOT
    }

    /** The best that works here. */
    public static final Ladder AUTO = new Ladder(Mode.AUTO, null, null);

    /**
     * What the variables {@code DRYDOCK_RUNTIME} and {@code DRYDOCK_SNAPSHOTTER} say beside the mode.
     *
     * @throws UserFault for a snapshotter that there is not
     */
    public static Ladder of(Mode mode, Map<String, String> environment) {
        String runtime = environment.getOrDefault("DRYDOCK_RUNTIME", "");
        String text = environment.getOrDefault("DRYDOCK_SNAPSHOTTER", "");
        Optional<RootMount> root = RootMount.of(text);
        if (root.isEmpty() && !text.isEmpty()) {
            throw new UserFault("DRYDOCK_SNAPSHOTTER=" + text + ": there are overlay, fuse-overlayfs and copy");
        }
        return new Ladder(mode, runtime.isEmpty() ? null : runtime, root.orElse(null));
    }
}
