package dev.drydock.engine;

import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Manifest;
import dev.drydock.oci.ManifestJson;
import dev.drydock.oci.MediaTypes;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** An image of an archive, before it is in the store. */
final class FoundImage {
    private final Descriptor manifest;
    private final byte[] manifestBytes;
    private final byte[] config;
    private final List<Descriptor> layers;
    private final NavigableSet<ImageRef> names = new TreeSet<>();

    FoundImage(Descriptor manifest, byte[] manifestBytes, byte[] config, List<Descriptor> layers) {
        this.manifest = manifest;
        this.manifestBytes = manifestBytes;
        this.config = config;
        this.layers = List.copyOf(layers);
    }

    /** An image that came without a manifest gets one. */
    static FoundImage of(byte[] config, List<Descriptor> layers) {
        byte[] manifest = ManifestJson.write(
                new Manifest(new Descriptor(MediaTypes.OCI_CONFIG, Digest.of(config), config.length), layers));
        return new FoundImage(
                new Descriptor(MediaTypes.OCI_MANIFEST, Digest.of(manifest), manifest.length),
                manifest,
                config,
                layers);
    }

    Digest id() {
        return Digest.of(config);
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

    List<Descriptor> layers() {
        return layers;
    }

    /** The names it has in the archive; whoever reads one adds it. */
    NavigableSet<ImageRef> names() {
        return names;
    }
}
