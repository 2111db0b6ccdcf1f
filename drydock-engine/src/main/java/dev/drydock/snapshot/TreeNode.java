package dev.drydock.snapshot;

import java.nio.file.Path;

/**
 * One name in a file tree, as lstat(2) tells it.
 *
 * @param path absolute path in the tree, {@code /} for its root
 * @param mode permission and special bits, {@code 07777}
 * @param size length in bytes; 0 for everything but regular files
 * @param seconds modification time in seconds since the epoch, with {@code nanos}
 * @param target where a symbolic link points, empty for everything else
 * @param device major and minor number as stat(2) packs them, 0 for everything but devices
 * @param inode equal for two names of one file in the same tree, 0 when the file has one name only
 * @param host where its bytes are on this host; for reading only
 */
public record TreeNode(
        String path,
        Kind kind,
        int mode,
        int uid,
        int gid,
        long size,
        long seconds,
        int nanos,
        String target,
        long device,
        long inode,
        Path host) {
    /** What a name stands for. */
    public enum Kind {
        FILE,
        DIRECTORY,
        SYMLINK,
        CHARACTER_DEVICE,
        BLOCK_DEVICE,
        FIFO,
        SOCKET
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
