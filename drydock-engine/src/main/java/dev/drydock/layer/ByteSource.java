package dev.drydock.layer;

import java.io.IOException;
import java.io.InputStream;

/** Reads a tar stream block by block and knows where it is. */
class ByteSource {
    private final InputStream in;
    private final byte[] waste = new byte[8192];
    private long position;

    ByteSource(InputStream in) {
        this.in = in;
    }

    long position() {
        return position;
    }

    /** Fills the whole range; false if the stream ended before its first byte. */
    boolean fill(byte[] buffer, int length) throws IOException {
        int count = in.readNBytes(buffer, 0, length);
        position += count;
        if (count != 0 && count != length) {
            throw cutOff();
        }
        return count == length || length == 0;
    }

    int read(byte[] buffer, int length) throws IOException {
        int count = in.read(buffer, 0, length);
        if (count < 0) {
            throw cutOff();
        }
        position += count;
        return count;
    }

    void skip(long length) throws IOException {
        long left = length;
        while (left > 0) {
            left -= read(waste, (int) Math.min(waste.length, left));
        }
    }

    /** Reads what comes after the archive's end, so that a digest of the stream covers all of it. */
    void drain() throws IOException {
        for (int count = in.read(waste); count >= 0; count = in.read(waste)) {
            position += count;
        }
    }

    static MalformedArchive cutOff() {
        return new MalformedArchive("it ends in the middle of an entry");
    }
}
