package dev.drydock.export;

import dev.drydock.snapshot.Layer;
import java.io.IOException;
import java.io.OutputStream;

/** Makes the tar stream of a layer again: {@link Layer#tarSize} bytes whose digest is {@link Layer#diffId}. */
@FunctionalInterface
public interface LayerTars {
    /**
     * Writes the whole stream and leaves {@code out} open.
     *
     * @throws IOException from {@code out} only
     */
    void write(Layer layer, OutputStream out) throws IOException, InterruptedException;
}
