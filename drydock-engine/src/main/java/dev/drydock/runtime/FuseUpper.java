package dev.drydock.runtime;

import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import dev.drydock.snapshot.Overlay;
import java.nio.file.Path;

/**
 * The changes that fuse-overlayfs wrote down, made what the kernel's overlay would have written: it marks a directory that
 * hides what is below it with files in it, and a deletion with a file where it may not make a device.
 */
final class FuseUpper {
    private static final String PREFIX = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final String OLD_OPAQUE = ".wh..opq";

    private FuseUpper() {}

    static void settle(Path upper) {
        try (Directory top = Directory.open(upper)) {
            settle(top);
        }
    }

    private static void settle(Directory directory) {
        long time = directory.stat().mtimeNs();
        boolean changed = false;
        boolean opaque = false;
        for (String name : directory.names()) {
            FileStat stat = directory.stat(name);
            if (stat.isDirectory()) {
                try (Directory below = directory.openDirectory(name)) {
                    settle(below);
                }
            } else if (name.equals(OPAQUE) || (name.equals(OLD_OPAQUE) && stat.isWhiteout())) {
                directory.unlink(name);
                opaque |= name.equals(OPAQUE);
                changed = true;
            } else if (name.startsWith(PREFIX) && stat.isRegular() && stat.size() == 0) {
                directory.unlink(name);
                Overlay.makeWhiteout(directory, name.substring(PREFIX.length()));
                changed = true;
            }
        }
        if (opaque) {
            Overlay.setOpaque(directory.xattrs());
        }
        if (changed) {
            directory.setTime("", time);
        }
    }
}
