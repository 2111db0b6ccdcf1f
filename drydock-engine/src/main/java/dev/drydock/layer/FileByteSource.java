package dev.drydock.layer;

import dev.drydock.snapshot.SourceFile;
import java.io.IOException;
import java.io.InputStream;

/** Reads an archive that lies in a file: what is skipped is not read. */
final class FileByteSource extends ByteSource {
    /** Some headers, and files that are no larger than they. */
    private static final int BUFFER = 4096;

    private final SourceFile file;
    private final byte[] buffer = new byte[BUFFER];
    private long position;
    /** Where the buffer's first byte stands in the file. */
    private long start;

    private int filled;

    FileByteSource(SourceFile file) {
        super(InputStream.nullInputStream());
        this.file = file;
    }

    @Override
    long position() {
        return position;
    }

    @Override
    boolean fill(byte[] into, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int count = take(into, done, length - done);
            if (count == 0) {
                if (done == 0) {
                    return false;
                }
                throw cutOff();
            }
            done += count;
        }
        return true;
    }

    @Override
    int read(byte[] into, int length) throws IOException {
        int count = take(into, 0, length);
        if (count == 0 && length > 0) {
            throw cutOff();
        }
        return count;
    }

    private int take(byte[] into, int offset, int length) {
        if (length >= BUFFER) {
            int count = file.read(position, into, offset, length);
            position += count;
            return count;
        }
        if (position < start || position >= start + filled) {
            start = position;
            filled = file.read(start, buffer, 0, BUFFER);
        }
        int from = (int) (position - start);
        int count = Math.min(length, filled - from);
        System.arraycopy(buffer, from, into, offset, count);
        position += count;
        return count;
    }

    @Override
    void skip(long length) throws IOException {
        if (length > file.size() - position) {
            throw cutOff();
        }
        position += length;
    }

    @Override
    void drain() {
        position = file.size();
    }
}
