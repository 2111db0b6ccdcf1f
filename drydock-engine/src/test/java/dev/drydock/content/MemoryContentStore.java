package dev.drydock.content;

import dev.drydock.fault.Bug;
import dev.drydock.fault.CorruptData;
import dev.drydock.metadata.Claims;
import dev.drydock.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** A content store for tests, in memory. */
public final class MemoryContentStore implements ContentStore {
    private final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();

    @Override
    public BlobWriter ingest(Claims claims, Digest digest, long size) {
        return new Writer(digest, size);
    }

    @Override
    public void adopt(Claims claims, Digest digest, Path file) {
        try {
            blobs.putIfAbsent(digest, Files.readAllBytes(file));
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public InputStream read(Digest digest) {
        byte[] bytes = blobs.get(digest);
        if (bytes == null) {
            throw new CorruptData("read blob " + digest + ": it is missing from the store");
        }
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public OptionalLong size(Digest digest) {
        byte[] bytes = blobs.get(digest);
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.length);
    }

    @Override
    public boolean delete(Digest digest) {
        return blobs.remove(digest) != null;
    }

    private final class Writer implements BlobWriter {
        private final Digest digest;
        private final long size;
        private boolean closed;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] b, int offset, int length) {
                if (count + (long) length > size) {
                    throw new CorruptData("write blob " + digest + ": got more than " + size + " bytes");
                }
                super.write(b, offset, length);
            }
        };

        Writer(Digest digest, long size) {
            this.digest = digest;
            this.size = size;
        }

        @Override
        public OutputStream stream() {
            return bytes;
        }

        @Override
        public void commit() {
            if (closed) {
                throw new Bug("write blob " + digest + ": the writer is closed");
            }
            byte[] content = bytes.toByteArray();
            if (content.length != size) {
                throw new CorruptData("write blob " + digest + ": got " + content.length + " bytes instead of " + size);
            }
            try {
                String algorithm = digest.algorithm().replace("sha", "SHA-");
                String actual = HexFormat.of()
                        .formatHex(MessageDigest.getInstance(algorithm).digest(content));
                if (!actual.equals(digest.hex())) {
                    throw new CorruptData("write blob " + digest + ": its content has the digest " + digest.algorithm()
                            + ":" + actual);
                }
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
            blobs.putIfAbsent(digest, content);
            closed = true;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
