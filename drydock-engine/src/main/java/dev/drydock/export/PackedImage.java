package dev.drydock.export;

import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ManifestJson;
import dev.drydock.registry.BlobSource;
import java.util.List;

/** An image as an archive or a layout holds it: its documents, and how the bytes of each part are had. */
public final class PackedImage {
    private final Descriptor manifest;
    private final byte[] manifestBytes;
    private final Blob config;
    private final List<Blob> layers;

    /**
     * A part with a digest for a name.
     *
     * @param kind what messages call it
     */
    record Blob(String kind, Digest digest, long size, BlobSource source) {}

    PackedImage(Descriptor manifest, byte[] manifestBytes, Blob config, List<Blob> layers) {
        this.manifest = manifest;
        this.manifestBytes = manifestBytes;
        this.config = config;
        this.layers = List.copyOf(layers);
    }

    /** Its layers as its manifest describes them, the lowest first. */
    public List<Descriptor> layerDescriptors() {
        return ManifestJson.read(manifestBytes).layers();
    }

    /** What an index says of its manifest. */
    public Descriptor manifest() {
        return manifest;
    }

    Blob manifestBlob() {
        return new Blob("blob", manifest.digest(), manifest.size(), out -> out.write(manifestBytes));
    }

    Blob config() {
        return config;
    }

    /** The lowest first. */
    List<Blob> layers() {
        return layers;
    }
}
