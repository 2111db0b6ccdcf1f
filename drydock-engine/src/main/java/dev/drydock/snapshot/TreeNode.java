package dev.drydock.snapshot;

import dev.drydock.linux.FileStat;
import org.jspecify.annotations.Nullable;

/**
 * One name in a file tree, as lstat(2) tells it.
 *
 * @param path absolute path in the tree, {@code /} for its root
 * @param mode permission and special bits, {@code 07777}
 * @param size length in bytes; 0 for everything but regular files
 * @param mtimeNs modification time in nanoseconds since the epoch
 * @param target where a symbolic link points, empty for everything else
 * @param device major number in the upper half, minor number in the lower, 0 for everything but devices
 * @param inode equal for two names of one file in the same tree, 0 when the file has one name only
 * @param host absolute path of its bytes on this host, for reading only; names are as {@code linux} spells them
 */
public record TreeNode(
        String path,
        Kind kind,
        int mode,
        int uid,
        int gid,
        long size,
        long mtimeNs,
        String target,
        long device,
        long inode,
        String host) {
    /** What a name stands for. */
    public enum Kind {
        FILE(0),
        DIRECTORY(1),
        SYMLINK(2),
        CHARACTER_DEVICE(3),
        BLOCK_DEVICE(4),
        FIFO(5),
        SOCKET(6);

        private static final Kind[] BY_CODE = values();
        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** How content digests and manifests on disk write it: never changes. */
        public int code() {
            return code;
        }

        /** The kind of a code; null if it is none. */
        public static @Nullable Kind ofCode(int code) {
            return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
        }

        /** The kind that {@code st_mode} tells. */
        public static Kind of(FileStat stat) {
            return switch (stat.type()) {
                case FileStat.DIRECTORY -> DIRECTORY;
                case FileStat.SYMLINK -> SYMLINK;
                case FileStat.CHAR_DEVICE -> CHARACTER_DEVICE;
                case FileStat.BLOCK_DEVICE -> BLOCK_DEVICE;
                case FileStat.FIFO -> FIFO;
                case FileStat.SOCKET -> SOCKET;
                default -> FILE;
            };
        }

        /** What {@code st_mode} says for this kind. */
        public int type() {
            return switch (this) {
                case DIRECTORY -> FileStat.DIRECTORY;
                case SYMLINK -> FileStat.SYMLINK;
                case CHARACTER_DEVICE -> FileStat.CHAR_DEVICE;
                case BLOCK_DEVICE -> FileStat.BLOCK_DEVICE;
                case FIFO -> FileStat.FIFO;
                case SOCKET -> FileStat.SOCKET;
                case FILE -> FileStat.REGULAR;
            };
        }
    }

    /** The last part of the path, empty for the root. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    public boolean isDirectory() {
        return kind == Kind.DIRECTORY;
    }

    public boolean isFile() {
        return kind == Kind.FILE;
    }

    public boolean isSymlink() {
        return kind == Kind.SYMLINK;
    }
}
