package dev.drydock.layer;

import dev.drydock.linux.FileStat;
import dev.drydock.oci.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One path of a layer.
 *
 * @param path relative to the layer's root, without a slash at either end; as {@link dev.drydock.linux.PathBytes} decodes
 *     names
 * @param mode permission and special bits, {@code 07777}
 * @param size length of a regular file in bytes, else 0
 * @param mtimeNs modification time in nanoseconds since the epoch
 * @param major major number of a device, else 0
 * @param minor minor number of a device, else 0
 * @param link where a symbolic link points; for a regular file that is a further name of another, that other's path in
 *     this layer; else empty
 * @param opaque a directory that hides what lower layers have in it
 * @param xattrs ordered by name
 * @param content the SHA-256 of a regular file's bytes; null only while it is not known yet
 */
public record LayerEntry(
        String path,
        Type type,
        int mode,
        int uid,
        int gid,
        long size,
        long mtimeNs,
        int major,
        int minor,
        String link,
        boolean opaque,
        List<Xattr> xattrs,
        @Nullable Digest content) {
    /** What a path is. */
    public enum Type {
        FILE(0),
        DIRECTORY(1),
        SYMLINK(2),
        CHAR_DEVICE(3),
        BLOCK_DEVICE(4),
        FIFO(5),
        /** The path of lower layers is deleted. */
        WHITEOUT(6);

        private static final Type[] BY_CODE = values();
        private final int code;

        Type(int code) {
            this.code = code;
        }

        /** How layer indexes on disk write it: never changes. */
        int code() {
            return code;
        }

        /** The type of a code; null if it is none. */
        static @Nullable Type ofCode(int code) {
            return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
        }
    }

    public LayerEntry {
        if (path.isEmpty() || path.charAt(0) == '/' || path.charAt(path.length() - 1) == '/') {
            throw new IllegalArgumentException("layer path '" + path + "'");
        }
        xattrs = List.copyOf(xattrs);
    }

    /** A regular file. */
    public static LayerEntry file(
            String path, int mode, int uid, int gid, long size, long mtimeNs, List<Xattr> xattrs, Digest content) {
        return new LayerEntry(path, Type.FILE, mode, uid, gid, size, mtimeNs, 0, 0, "", false, xattrs, content);
    }

    /** A directory. */
    public static LayerEntry directory(String path, int mode, int uid, int gid, long mtimeNs) {
        return new LayerEntry(path, Type.DIRECTORY, mode, uid, gid, 0, mtimeNs, 0, 0, "", false, List.of(), null);
    }

    /** A symbolic link. */
    public static LayerEntry symlink(String path, String target, int uid, int gid, long mtimeNs) {
        return new LayerEntry(path, Type.SYMLINK, 0777, uid, gid, 0, mtimeNs, 0, 0, target, false, List.of(), null);
    }

    /** The deletion of a path of lower layers. */
    public static LayerEntry whiteout(String path) {
        return new LayerEntry(path, Type.WHITEOUT, 0, 0, 0, 0, 0, 0, 0, "", false, List.of(), null);
    }

    /**
     * An entry for what lstat tells, without attributes and content. A character device 0:0 becomes a whiteout.
     *
     * @param link as in the record
     */
    public static LayerEntry of(String path, FileStat stat, String link) {
        if (stat.isWhiteout()) {
            return whiteout(path);
        }
        Type type = switch (stat.type()) {
            case FileStat.REGULAR -> Type.FILE;
            case FileStat.DIRECTORY -> Type.DIRECTORY;
            case FileStat.SYMLINK -> Type.SYMLINK;
            case FileStat.CHAR_DEVICE -> Type.CHAR_DEVICE;
            case FileStat.BLOCK_DEVICE -> Type.BLOCK_DEVICE;
            case FileStat.FIFO -> Type.FIFO;
            default -> throw new IllegalArgumentException(path + " has no place in a layer");
        };
        return new LayerEntry(
                path,
                type,
                stat.permissions(),
                stat.uid(),
                stat.gid(),
                type == Type.FILE ? stat.size() : 0,
                stat.mtimeNs(),
                stat.major(),
                stat.minor(),
                link,
                false,
                List.of(),
                null);
    }

    /** This file with its content known. */
    public LayerEntry with(List<Xattr> attributes, @Nullable Digest digest) {
        return new LayerEntry(
                path, type, mode, uid, gid, size, mtimeNs, major, minor, link, opaque, attributes, digest);
    }

    /** Another name of this: a hard link, if it is a regular file. */
    LayerEntry at(String other) {
        String target = type == Type.FILE && link.isEmpty() ? path : link;
        return new LayerEntry(
                other, type, mode, uid, gid, size, mtimeNs, major, minor, target, opaque, xattrs, content);
    }

    /** This regular file as a further name of another, or with bytes of its own if {@code first} is empty. */
    LayerEntry linkedTo(String first) {
        return new LayerEntry(path, type, mode, uid, gid, size, mtimeNs, major, minor, first, opaque, xattrs, content);
    }

    LayerEntry withTime(long time) {
        return new LayerEntry(path, type, mode, uid, gid, size, time, major, minor, link, opaque, xattrs, content);
    }

    LayerEntry withOpaque(boolean hides) {
        return new LayerEntry(path, type, mode, uid, gid, size, mtimeNs, major, minor, link, hides, xattrs, content);
    }

    boolean isDirectory() {
        return type == Type.DIRECTORY;
    }

    /** A regular file whose bytes stand in the tar stream under this path. */
    boolean hasBytes() {
        return type == Type.FILE && link.isEmpty();
    }

    /** Tells whether all that an image keeps of the path is the same, but for the content of a regular file. */
    boolean sameAttributes(LayerEntry other) {
        return type == other.type
                && mode == other.mode
                && uid == other.uid
                && gid == other.gid
                && xattrs.equals(other.xattrs)
                && (isDirectory()
                        || (size == other.size
                                && mtimeNs == other.mtimeNs
                                && major == other.major
                                && minor == other.minor
                                && link.equals(other.link)));
    }

    static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
