package dev.drydock.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * What {@code lstat} tells of a file.
 *
 * @param mode type and permission bits, as in {@code st_mode}
 * @param size length in bytes
 * @param mtimeNs modification time in nanoseconds since the epoch, clamped to what a long holds
 * @param ctimeNs change time, likewise
 * @param device the file system the file lies on
 * @param major major number of a device node, else 0
 * @param minor minor number of a device node, else 0
 * @param blocks what it takes of the disk, in units of 512 bytes
 */
public record FileStat(
        int mode,
        int uid,
        int gid,
        int links,
        long size,
        long mtimeNs,
        long ctimeNs,
        long inode,
        long device,
        int major,
        int minor,
        long blocks) {
    public static final int TYPE_MASK = 0170000;
    public static final int SOCKET = 0140000;
    public static final int SYMLINK = 0120000;
    public static final int REGULAR = 0100000;
    public static final int BLOCK_DEVICE = 0060000;
    public static final int DIRECTORY = 0040000;
    public static final int CHAR_DEVICE = 0020000;
    public static final int FIFO = 0010000;

    static final int STRUCT_SIZE = 256;
    static final int BASIC_STATS = 0x7ff;

    static FileStat of(MemorySegment statx) {
        return new FileStat(
                statx.get(JAVA_SHORT, 28) & 0xFFFF,
                statx.get(JAVA_INT, 20),
                statx.get(JAVA_INT, 24),
                statx.get(JAVA_INT, 16),
                statx.get(JAVA_LONG, 40),
                nanos(statx.get(JAVA_LONG, 112), statx.get(JAVA_INT, 120)),
                nanos(statx.get(JAVA_LONG, 96), statx.get(JAVA_INT, 104)),
                statx.get(JAVA_LONG, 32),
                ((long) statx.get(JAVA_INT, 136) << 32) | (statx.get(JAVA_INT, 140) & 0xFFFFFFFFL),
                statx.get(JAVA_INT, 128),
                statx.get(JAVA_INT, 132),
                statx.get(JAVA_LONG, 48));
    }

    private static long nanos(long seconds, int nanos) {
        long limit = Long.MAX_VALUE / 1_000_000_000L - 1;
        return Math.clamp(seconds, -limit, limit) * 1_000_000_000L + nanos;
    }

    /** The type bits alone, such as {@link #DIRECTORY}. */
    public int type() {
        return mode & TYPE_MASK;
    }

    /** The permission bits with set-user-ID, set-group-ID and sticky bit. */
    public int permissions() {
        return mode & 07777;
    }

    public boolean isDirectory() {
        return type() == DIRECTORY;
    }

    public boolean isRegular() {
        return type() == REGULAR;
    }

    public boolean isSymlink() {
        return type() == SYMLINK;
    }

    /** Tells whether overlayfs takes this for a deletion: a character device 0:0. */
    public boolean isWhiteout() {
        return type() == CHAR_DEVICE && major == 0 && minor == 0;
    }
}
