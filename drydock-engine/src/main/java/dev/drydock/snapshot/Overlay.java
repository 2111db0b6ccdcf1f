package dev.drydock.snapshot;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.linux.Directory;
import dev.drydock.linux.Errno;
import dev.drydock.linux.FileStat;
import dev.drydock.linux.LinuxError;
import dev.drydock.linux.Xattrs;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How overlayfs stores deletions: a character device 0:0 for a name, an attribute for all that was in a directory. */
public final class Overlay {
    private static final String TRUSTED = "trusted.overlay.opaque";
    private static final String USER = "user.overlay.opaque";
    private static final byte[] YES = "y".getBytes(StandardCharsets.US_ASCII);

    private Overlay() {}

    /** Tells whether a directory hides what lower layers have in it. */
    public static boolean isOpaque(Xattrs directory) {
        return isYes(directory, TRUSTED) || isYes(directory, USER);
    }

    private static boolean isYes(Xattrs directory, String name) {
        return directory.get(name).map(value -> Arrays.equals(value, YES)).orElse(false);
    }

    /** Makes a directory hide what lower layers have in it; in a user namespace with the attribute meant for that. */
    public static void setOpaque(Xattrs directory) {
        try {
            directory.set(TRUSTED, YES);
        } catch (EnvironmentFault fault) {
            if (!LinuxError.is(fault, Errno.EPERM)) {
                throw fault;
            }
            directory.set(USER, YES);
        }
    }

    /** Makes a directory show again what lower layers have in it. */
    public static void clearOpaque(Xattrs directory) {
        if (directory.get(TRUSTED).isPresent()) {
            directory.remove(TRUSTED);
        }
        if (directory.get(USER).isPresent()) {
            directory.remove(USER);
        }
    }

    /** Hides a name of lower layers. */
    public static void makeWhiteout(Directory directory, String path) {
        directory.makeNode(path, FileStat.CHAR_DEVICE, 0, 0);
    }
}
