package dev.drydock.layer;

import dev.drydock.oci.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Knows the SHA-256 and the length of what was read of it. Closing it closes what it reads from. */
public final class HashedStream extends FilterInputStream {
    private final MessageDigest sha = Digest.newSha256();
    private long length;

    public HashedStream(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        int next = in.read();
        if (next >= 0) {
            sha.update((byte) next);
            length++;
        }
        return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int wanted) throws IOException {
        int count = in.read(bytes, offset, wanted);
        if (count > 0) {
            sha.update(bytes, offset, count);
            length += count;
        }
        return count;
    }

    /** What was read; asked for once, when nothing more is read. */
    public LayerUnpacker.Unpacked result() {
        return new LayerUnpacker.Unpacked(Digest.sha256(sha.digest()), length);
    }
}
