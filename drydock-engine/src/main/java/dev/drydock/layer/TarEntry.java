package dev.drydock.layer;

import java.util.List;

/**
 * One entry of a tar stream, as it is written there: the name is not yet cleaned.
 *
 * @param type the type flag: {@code '0'} file, {@code '1'} hard link, {@code '2'} symbolic link, {@code '3'} and {@code
 *     '4'} devices, {@code '5'} directory, {@code '6'} FIFO
 * @param size the number of bytes that follow
 */
public record TarEntry(
        String name,
        char type,
        int mode,
        int uid,
        int gid,
        long size,
        long mtimeNs,
        int major,
        int minor,
        String link,
        List<Xattr> xattrs) {}
