package dev.drydock.content;

import dev.drydock.fault.CorruptData;
import dev.drydock.metadata.Claims;
import dev.drydock.oci.Digest;
import dev.drydock.scope.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Bytes by their digest. A blob is either there whole or not at all, whatever happens to the process or the machine;
 * once there, its bytes never change. Safe for several threads and processes.
 *
 * <pre>{@code
 * try (BlobWriter writer = content.ingest(claims, digest, size)) {
 *     source.transferTo(writer.stream());
 *     writer.commit();
 * }
 * }</pre>
 */
public interface ContentStore {
    /**
     * Starts a blob that must turn out to have this digest and size in bytes. The caller closes the writer.
     *
     * @param claims who makes it: they protect it from garbage collection while they are open
     */
    BlobWriter ingest(Claims claims, Digest digest, long size);

    /**
     * Takes over a file, on the store's file system, that the caller has written and digested. It moves, or goes if the blob is
     * there already.
     *
     * @param claims as for {@link #ingest}
     */
    void adopt(Claims claims, Digest digest, Path file);

    /**
     * Opens a blob from its start. The caller closes the stream.
     *
     * @throws dev.drydock.fault.CorruptData if there is no such blob
     */
    InputStream read(Digest digest);

    /**
     * The whole blob, which is a document and small, compared with its digest.
     *
     * @throws CorruptData if there is no such blob, or its bytes are others
     */
    default byte[] document(Digest digest) {
        byte[] bytes;
        try (InputStream in = read(digest)) {
            bytes = in.readAllBytes();
        } catch (IOException e) {
            throw Disk.fault("read blob " + digest, e);
        }
        if (!Digest.of(bytes).equals(digest)) {
            throw new CorruptData("read blob " + digest + ": its bytes are others than its digest says")
                    .hint("The disk may be failing. drydock fsck --repair mends what can be mended.");
        }
        return bytes;
    }

    /** The blob's length in bytes; empty if there is no such blob. */
    OptionalLong size(Digest digest);

    /** Deletes a blob. Who reads it may read on. Returns whether it was there. */
    boolean delete(Digest digest);
}
