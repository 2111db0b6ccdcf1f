package dev.drydock.source;

import dev.drydock.linux.FileStat;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.TreeNode;
import org.jspecify.annotations.Nullable;

/** One name of a scanned directory. The file's identity (device, inode, times, size) is what it was at the scan. */
final class ContextEntry {
    private static final byte[] EMPTY = Digest.newSha256().digest();

    /** Relative to the scanned directory. */
    final String path;

    final FileStat stat;
    final TreeNode.Kind kind;
    /** Where a symbolic link points, else empty. */
    final String target;

    /** SHA-256 of a regular file's bytes; null until it is known. Never changed then, in place neither. */
    volatile byte @Nullable [] hash;

    /** See {@link #isProven}; written before the hash. */
    private boolean proven;

    /** A socket is taken for an empty file. */
    ContextEntry(String path, FileStat stat, String target) {
        this.path = path;
        this.stat = stat;
        this.kind = stat.type() == FileStat.SOCKET ? TreeNode.Kind.FILE : TreeNode.Kind.of(stat);
        this.target = target;
        if (kind == TreeNode.Kind.FILE && (stat.size() == 0 || !stat.isRegular())) {
            // Nothing to read, and a socket cannot be opened.
            this.hash = EMPTY;
        }
    }

    /**
     * Remembers what the bytes gave, unless they are known already: what was told once stays.
     *
     * @param sure whether it was the file of the scan that was read, and its times prove any change since then
     * @return what is known now
     */
    synchronized byte[] learn(byte[] read, boolean sure) {
        byte[] known = hash;
        if (known != null) {
            return known;
        }
        proven = sure;
        hash = read;
        return read;
    }

    /** Whether a file that is as this one was scanned has the bytes that the hash tells, for sure. */
    boolean isProven() {
        return hash != null && proven;
    }

    /** Whether this is the very file that was scanned, unchanged. */
    boolean isSame(FileStat now) {
        return now.inode() == stat.inode()
                && now.device() == stat.device()
                && now.mtimeNs() == stat.mtimeNs()
                && now.ctimeNs() == stat.ctimeNs()
                && now.size() == stat.size();
    }

    long size() {
        return stat.isRegular() ? stat.size() : 0;
    }
}
