package dev.drydock.snapshot;

import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import dev.drydock.linux.OpenFile;
import java.io.InputStream;

/** An open regular file that is read, whole or in parts, by any number of threads. Whoever opens it closes it. */
public final class SourceFile implements AutoCloseable {
    private final OpenFile file;
    private final long size;

    private SourceFile(OpenFile file) {
        this.file = file;
        this.size = file.stat().size();
    }

    /** Opens the bytes of a file of a tree. */
    public static SourceFile open(TreeNode node) {
        String host = node.host();
        try (Directory directory = Directory.open(LayeredTree.parent(host))) {
            return new SourceFile(directory.openFile(host.substring(host.lastIndexOf('/') + 1)));
        }
    }

    static SourceFile of(OpenFile file) {
        return new SourceFile(file);
    }

    /** What the file is now, whatever its name stands for meanwhile. */
    public FileStat stat() {
        return file.stat();
    }

    /** How many bytes it had when it was opened. */
    public long size() {
        return size;
    }

    /** Reads up to {@code length} bytes from a place in the file; how many came, 0 at its end. */
    public int read(long position, byte[] buffer, int offset, int length) {
        return file.readAt(position, buffer, offset, length);
    }

    /** All its bytes, one after the other, for one thread. Closing the stream does not close the file. */
    public InputStream stream() {
        return new Stream();
    }

    OpenFile file() {
        return file;
    }

    private final class Stream extends InputStream {
        private long position;

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            int count = length == 0 ? 0 : file.readAt(position, bytes, offset, length);
            position += count;
            return count == 0 && length > 0 ? -1 : count;
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
