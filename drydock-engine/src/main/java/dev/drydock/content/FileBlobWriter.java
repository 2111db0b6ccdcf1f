package dev.drydock.content;

import dev.drydock.fault.Bug;
import dev.drydock.fault.CorruptData;
import dev.drydock.metadata.Claims;
import dev.drydock.oci.Digest;
import dev.drydock.scope.Disk;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Writes to a file under the lease's directory, hashing on the way; commit moves it to its name. */
final class FileBlobWriter implements BlobWriter {
    private final Claims claims;
    private final Digest digest;
    private final long size;
    private final Path directory;
    private final Path target;
    private final Path unfinished;
    private final FileOutputStream file;
    private final MessageDigest hash;
    private final Sink sink = new Sink();
    private long written;
    private boolean closed;

    private FileBlobWriter(
            Claims claims, Digest digest, long size, Path directory, Path unfinished, FileOutputStream file) {
        this.claims = claims;
        this.digest = digest;
        this.size = size;
        this.directory = directory;
        this.target = directory.resolve(digest.hex());
        this.unfinished = unfinished;
        this.file = file;
        this.hash = digest.hasher();
    }

    static FileBlobWriter open(Claims claims, Digest digest, long size, Path directory) {
        try {
            Path unfinished = Files.createTempFile(claims.tmp(), "blob-", "");
            return new FileBlobWriter(
                    claims, digest, size, directory, unfinished, new FileOutputStream(unfinished.toFile()));
        } catch (IOException e) {
            throw Disk.fault("write blob " + digest, e);
        }
    }

    @Override
    public OutputStream stream() {
        return sink;
    }

    @Override
    public void commit() {
        checkOpen();
        if (written != size) {
            throw new CorruptData("write blob " + digest + ": got " + written + " bytes instead of " + size);
        }
        String actual = HexFormat.of().formatHex(hash.digest());
        if (!actual.equals(digest.hex())) {
            throw new CorruptData(
                    "write blob " + digest + ": its content has the digest " + digest.algorithm() + ":" + actual);
        }
        try {
            // Claimed before it is looked for: a collection in another process either sees the claim or is over.
            claims.blob(digest);
            if (!Files.exists(target)) {
                file.getFD().sync();
                createDirectories(directory);
                Disk.publish(unfinished, target);
            }
        } catch (IOException e) {
            throw Disk.fault("write blob " + digest, e);
        }
        close();
    }

    /** Gives a file that is whole the name of its digest. */
    static void adopt(Claims claims, Digest digest, Path whole, Path directory) {
        try {
            claims.blob(digest); // first, as in commit
            Path target = directory.resolve(digest.hex());
            if (Files.exists(target)) {
                Files.deleteIfExists(whole);
                return;
            }
            try (FileOutputStream file = new FileOutputStream(whole.toFile(), true)) {
                file.getFD().sync();
            }
            createDirectories(directory);
            Disk.publish(whole, target);
        } catch (IOException e) {
            throw Disk.fault("write blob " + digest, e);
        }
    }

    /** The new directories are durable too: each is made known to its parent. */
    private static void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            createDirectories(parent);
        }
        Files.createDirectories(directory); // another process may make it at the same time
        if (parent != null) {
            Disk.syncDirectory(parent);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            file.close();
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            throw Disk.fault("discard blob " + digest, e);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new Bug("write blob " + digest + ": the writer is closed");
        }
    }

    private final class Sink extends OutputStream {
        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            checkOpen();
            if (length > size - written) {
                throw new CorruptData("write blob " + digest + ": got more than " + size + " bytes");
            }
            try {
                file.write(bytes, offset, length);
            } catch (IOException e) {
                throw Disk.fault("write blob " + digest, e);
            }
            hash.update(bytes, offset, length);
            written += length;
        }
    }
}
