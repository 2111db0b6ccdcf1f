package dev.drydock.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What earlier scans of one directory learnt: the digest of a file's bytes by the file's identity (device, inode, mode,
 * size, times). Only entries that can be trusted are kept, see {@link #isSettled}. The file is replaced whole by a rename,
 * so several processes may use it; one that is damaged counts as empty, and nothing worse can happen to a cache.
 *
 * <pre>
 * "DDSTAT1\n"  count (int)  entries, 80 bytes each  CRC-32C of all before it (int)
 * entry: device, inode, mtime, ctime (nanoseconds), size, mode (long each), SHA-256
 * </pre>
 */
final class StatCache {
    private static final long MAGIC = 0x4444535441543121L;
    /** One file for each directory that was built from. */
    private static final int KEPT = 200;

    private static final int HEAD = 12;
    private static final int ENTRY = 80;
    private static final int DIGEST_AT = 48;
    /** How long the kernel's clock may stand still; file times move in its steps. */
    private static final long FINE_GRAIN = 20_000_000L;
    /** The step of file systems that keep whole seconds, or even two. */
    private static final long COARSE_GRAIN = 2_000_000_000L;

    private final ByteBuffer entries;
    private final int count;
    /** Open addressing by inode: position of an entry plus one, 0 for none. */
    private final int[] index;
    /** Entries that this scan met: they are live. */
    private final BitSet met;

    private StatCache(ByteBuffer entries, int count) {
        this.entries = entries;
        this.count = count;
        this.met = new BitSet(count);
        this.index = new int[Math.max(16, Integer.highestOneBit(Math.max(1, count)) << 2)];
        for (int i = 0; i < count; i++) {
            int slot = slot(entries.getLong(HEAD + i * ENTRY + 8));
            while (index[slot] != 0) {
                slot = (slot + 1) & (index.length - 1);
            }
            index[slot] = i + 1;
        }
    }

    /** Reads the file; what is missing or damaged is empty. */
    static StatCache load(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size >= HEAD + 4 && size < Integer.MAX_VALUE) {
                ByteBuffer bytes = ByteBuffer.allocate((int) size);
                while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                    // until it is full
                }
                int count = bytes.getInt(8);
                if (bytes.getLong(0) == MAGIC
                        && !bytes.hasRemaining()
                        && count >= 0
                        && size == HEAD + (long) count * ENTRY + 4
                        && crc(bytes, (int) size - 4) == bytes.getInt((int) size - 4)) {
                    return new StatCache(bytes, count);
                }
            }
        } catch (NoSuchFileException e) {
            // the first scan
        }
        return empty();
    }

    static StatCache empty() {
        return new StatCache(ByteBuffer.allocate(HEAD), 0);
    }

    private static int crc(ByteBuffer bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(0).limit(length));
        return (int) crc.getValue();
    }

    private int slot(long inode) {
        long hash = inode * 0x9E3779B97F4A7C15L;
        return (int) (hash >>> 32) & (index.length - 1);
    }

    /** The SHA-256 of the file, if it is the very same as when it was last read, else null. Safe for several threads. */
    byte @Nullable [] find(ContextEntry file) {
        int slot = slot(file.stat.inode());
        while (index[slot] != 0) {
            int at = HEAD + (index[slot] - 1) * ENTRY;
            if (matches(file, at)) {
                synchronized (met) {
                    met.set(index[slot] - 1);
                }
                byte[] hash = new byte[32];
                entries.get(at + DIGEST_AT, hash);
                return hash;
            }
            slot = (slot + 1) & (index.length - 1);
        }
        return null;
    }

    private boolean matches(ContextEntry file, int at) {
        return entries.getLong(at + 8) == file.stat.inode()
                && entries.getLong(at) == file.stat.device()
                && entries.getLong(at + 16) == file.stat.mtimeNs()
                && entries.getLong(at + 24) == file.stat.ctimeNs()
                && entries.getLong(at + 32) == file.stat.size()
                && entries.getLong(at + 40) == file.stat.mode();
    }

    /**
     * Whether a file's times can prove that it did not change since it was read, when reading began at {@code clock}
     * (nanoseconds since the epoch). A change in the same step of the clock as the last one leaves no trace, so times that
     * are younger than that prove nothing.
     */
    static boolean isSettled(ContextEntry file, long clock) {
        boolean whole = file.stat.ctimeNs() % 1_000_000_000L == 0 && file.stat.mtimeNs() % 1_000_000_000L == 0;
        long grain = whole ? COARSE_GRAIN : FINE_GRAIN;
        return file.stat.ctimeNs() + grain < clock && file.stat.mtimeNs() + grain < clock;
    }

    /**
     * Writes this cache with the newly read files to {@code file}. Entries that no file matched stay as long as they are
     * not more than those that are in use: another Dockerfile may look at other parts of the directory.
     */
    void save(Path file, Collection<ContextEntry> read) {
        int live = met.cardinality() + read.size();
        int kept = 0;
        ByteBuffer bytes = ByteBuffer.allocate(HEAD + (count + read.size()) * ENTRY + 4);
        bytes.putLong(MAGIC).putInt(0);
        for (int i = 0; i < count; i++) {
            boolean use = met.get(i);
            if (use || kept < live) {
                kept += use ? 0 : 1;
                bytes.put(entries.slice(HEAD + i * ENTRY, ENTRY));
            }
        }
        for (ContextEntry entry : read) {
            put(bytes, entry);
        }
        bytes.putInt(8, (bytes.position() - HEAD) / ENTRY);
        bytes.putInt(crc(bytes, bytes.position()));
        KeptFiles files = new KeptFiles(file.resolveSibling(""), KEPT);
        files.write(String.valueOf(file.getFileName()), Arrays.copyOf(bytes.array(), bytes.position()));
    }

    private static void put(ByteBuffer bytes, ContextEntry entry) {
        byte[] hash = entry.hash;
        if (hash == null) {
            return;
        }
        bytes.putLong(entry.stat.device())
                .putLong(entry.stat.inode())
                .putLong(entry.stat.mtimeNs())
                .putLong(entry.stat.ctimeNs())
                .putLong(entry.stat.size())
                .putLong(entry.stat.mode())
                .put(hash);
    }
}
