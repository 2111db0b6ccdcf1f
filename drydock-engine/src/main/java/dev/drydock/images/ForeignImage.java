package dev.drydock.images;

import dev.drydock.oci.Descriptor;
import dev.drydock.snapshot.Layer;
import java.util.List;

/** An image that was made elsewhere: its documents as they came, and what became of its layers. */
public final class ForeignImage {
    private final Descriptor manifest;
    private final byte[] manifestBytes;
    private final byte[] config;
    private final List<Layer> layers;
    private final List<LayerBlob> blobs;

    /**
     * Puts one together.
     *
     * @param layers the lowest first, with the diff IDs that the configuration names
     * @param blobs those in the content store, claimed
     */
    public ForeignImage(
            Descriptor manifest, byte[] manifestBytes, byte[] config, List<Layer> layers, List<LayerBlob> blobs) {
        this.manifest = manifest;
        this.manifestBytes = manifestBytes.clone();
        this.config = config.clone();
        this.layers = List.copyOf(layers);
        this.blobs = List.copyOf(blobs);
    }

    Descriptor manifest() {
        return manifest;
    }

    byte[] manifestBytes() {
        return manifestBytes.clone();
    }

    byte[] config() {
        return config.clone();
    }

    List<Layer> layers() {
        return layers;
    }

    List<LayerBlob> blobs() {
        return blobs;
    }
}
