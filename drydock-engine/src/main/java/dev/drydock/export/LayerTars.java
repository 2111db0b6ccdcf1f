package dev.drydock.export;

import dev.drydock.oci.Descriptor;
import dev.drydock.snapshot.Layer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** Makes the tar stream of a layer again: {@link Layer#tarSize} bytes whose digest is {@link Layer#diffId}. */
@FunctionalInterface
public interface LayerTars {
    /**
     * Writes the whole stream and leaves {@code out} open.
     *
     * @throws IOException from {@code out} only
     */
    void write(Layer layer, OutputStream out) throws IOException, InterruptedException;

    /** The bytes that a layer came in, if they are here. */
    default Optional<Descriptor> kept(Layer layer) {
        return Optional.empty();
    }
}
