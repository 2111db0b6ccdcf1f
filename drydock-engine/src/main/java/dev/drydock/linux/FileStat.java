package dev.drydock.linux;

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

    /** The kernel's structure as far as it is read here, in words of eight bytes. */
    static final int WORDS = 18;

    static final int BASIC_STATS = 0x7ff;

    /** From the kernel's structure; the quick compiler makes slow code of each access to memory outside the heap. */
    static FileStat of(long[] statx) {
        return new FileStat(
                high(statx[3]) & 0xFFFF,
                high(statx[2]),
                low(statx[3]),
                low(statx[2]),
                statx[5],
                nanos(statx[14], low(statx[15])),
                nanos(statx[12], low(statx[13])),
                statx[4],
                (statx[17] << 32) | (statx[17] >>> 32),
                low(statx[16]),
                high(statx[16]),
                statx[6]);
    }

    private static int low(long word) {
        return (int) word;
    }

    private static int high(long word) {
        return (int) (word >>> 32);
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
