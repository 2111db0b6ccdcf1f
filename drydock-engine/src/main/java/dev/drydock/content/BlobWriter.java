package dev.drydock.content;

import java.io.OutputStream;

/** A blob in the making. Closing without commit discards it. Used by one thread at a time. */
public interface BlobWriter extends AutoCloseable {
    /**
     * Where the bytes go; its failures are this store's faults, not {@code IOException}s. Closing it is not needed.
     *
     * @throws dev.drydock.fault.CorruptData from a write that goes beyond the promised size
     */
    OutputStream stream();

    /**
     * Checks size and digest, and makes the blob durable, then visible. A blob that was there already stays as it is.
     *
     * @throws dev.drydock.fault.CorruptData if the bytes are not what was promised; then nothing is kept
     */
    void commit();

    /** Discards what was not committed. Closing twice is harmless. */
    @Override
    void close();
}
