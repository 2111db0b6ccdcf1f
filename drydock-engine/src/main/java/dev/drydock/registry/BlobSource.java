package dev.drydock.registry;

import java.io.IOException;
import java.io.OutputStream;

/** Writes a blob's bytes, from the first to the last; the same bytes each time it is asked. */
@FunctionalInterface
public interface BlobSource {
    /**
     * Writes everything and leaves {@code out} open.
     *
     * @throws IOException from {@code out} only
     */
    void write(OutputStream out) throws IOException, InterruptedException;
}
