package dev.drydock.layer;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One member of a tar archive, its extensions applied. Nothing of it can be trusted: names may be absolute, climb out of
 * the root or repeat.
 *
 * @param path as stored, decoded as {@link dev.drydock.linux.PathBytes} does
 * @param mode permission bits, 0 to 07777
 * @param size bytes of content that follow; 0 for everything but files
 * @param mtimeNs nanoseconds since the epoch
 * @param link target of a symbolic link, or path in the archive of the file that a hard link repeats
 * @param xattrs values as bytes, each a copy that nobody else holds
 */
record TarEntry(
        String path,
        Kind kind,
        int mode,
        int uid,
        int gid,
        long size,
        long mtimeNs,
        String link,
        int major,
        int minor,
        Map<String, byte[]> xattrs) {
    TarEntry {
        xattrs = Collections.unmodifiableMap(new TreeMap<>(xattrs));
    }

    enum Kind {
        FILE,
        DIRECTORY,
        SYMLINK,
        HARD_LINK,
        CHAR_DEVICE,
        BLOCK_DEVICE,
        FIFO
    }
}
