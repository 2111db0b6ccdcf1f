package dev.drydock.export;

import dev.drydock.content.ContentStore;
import dev.drydock.images.ClaimedImage;
import dev.drydock.images.SelectedImage;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.Manifest;
import dev.drydock.oci.ManifestJson;
import dev.drydock.oci.MediaTypes;
import dev.drydock.snapshot.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An image as an archive holds it: as it came, if all that its manifest names is in the store; otherwise with plain layers
 * and a manifest that names them.
 */
final class ArchivedImage {
    private final SelectedImage selected;
    private final Descriptor manifest;
    private final byte[] manifestBytes;
    private final List<Part> layers;

    /**
     * A layer in the archive.
     *
     * @param tar what it is made of; null when the store has these very bytes
     */
    record Part(Digest digest, long size, @Nullable Layer tar) {}

    private ArchivedImage(SelectedImage selected, Descriptor manifest, byte[] manifestBytes, List<Part> layers) {
        this.selected = selected;
        this.manifest = manifest;
        this.manifestBytes = manifestBytes;
        this.layers = layers;
    }

    static ArchivedImage of(ContentStore content, SelectedImage selected) {
        ClaimedImage image = selected.claimed();
        Descriptor descriptor = image.image().manifest();
        byte[] bytes = content.document(descriptor.digest());
        Manifest manifest = ManifestJson.read(bytes);
        List<Descriptor> named = manifest.layers();
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < named.size() && i < image.layers().size(); i++) {
            Descriptor blob = named.get(i);
            Layer layer = image.layers().get(i);
            if (blob.digest().equals(layer.diffId())) {
                parts.add(new Part(blob.digest(), blob.size(), layer));
            } else if (content.size(blob.digest()).isPresent()) {
                parts.add(new Part(blob.digest(), blob.size(), null));
            }
        }
        return parts.size() == image.layers().size()
                ? new ArchivedImage(selected, descriptor, bytes, parts)
                : plain(content, selected, manifest.annotations());
    }

    private static ArchivedImage plain(ContentStore content, SelectedImage selected, Map<String, String> annotations) {
        Digest config = selected.claimed().image().id();
        List<Part> parts = new ArrayList<>();
        List<Descriptor> named = new ArrayList<>();
        for (Layer layer : selected.claimed().layers()) {
            parts.add(new Part(layer.diffId(), layer.tarSize(), layer));
            named.add(new Descriptor(MediaTypes.OCI_LAYER_TAR, layer.diffId(), layer.tarSize()));
        }
        byte[] bytes = ManifestJson.write(new Manifest(
                MediaTypes.OCI_MANIFEST,
                null,
                new Descriptor(
                        MediaTypes.OCI_CONFIG, config, content.size(config).orElse(0)),
                named,
                null,
                annotations));
        Descriptor descriptor = new Descriptor(MediaTypes.OCI_MANIFEST, Digest.of(bytes), bytes.length);
        return new ArchivedImage(selected, descriptor, bytes, parts);
    }

    SelectedImage selected() {
        return selected;
    }

    Digest config() {
        return selected.claimed().image().id();
    }

    Descriptor manifest() {
        return manifest;
    }

    byte[] manifestBytes() {
        return manifestBytes;
    }

    List<Part> layers() {
        return layers;
    }
}
