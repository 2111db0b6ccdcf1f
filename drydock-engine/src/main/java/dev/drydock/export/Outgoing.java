package dev.drydock.export;

import dev.drydock.content.ContentStore;
import dev.drydock.fault.Bug;
import dev.drydock.images.ClaimedImage;
import dev.drydock.layer.TarWriter;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.Manifest;
import dev.drydock.oci.ManifestJson;
import dev.drydock.registry.BlobSource;
import dev.drydock.snapshot.Layer;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An image on its way out: its configuration, its layers, and the manifest that the store has of it. */
public final class Outgoing {
    private final byte[] config;
    private final Digest id;
    private final List<Part> layers;
    private final Optional<Own> own;
    private final Map<String, String> annotations;

    /**
     * A layer.
     *
     * @param tarSize length of its tar stream in bytes
     * @param kept the bytes that it came in, if they are here or elsewhere
     * @param tar its tar stream
     * @param elsewhere gives those bytes if they are not here; then there is no tar stream
     */
    record Part(
            Digest diffId,
            long tarSize,
            Optional<Descriptor> kept,
            BlobSource tar,
            @Nullable BlobSource elsewhere) {
        Part(Digest diffId, long tarSize, Optional<Descriptor> kept, BlobSource tar) {
            this(diffId, tarSize, kept, tar, null);
        }
    }

    /**
     * A layer that the store does not have.
     *
     * @param blob as its manifest describes it
     * @param bytes fetches it
     */
    public record Elsewhere(Digest diffId, Descriptor blob, BlobSource bytes) {}

    /**
     * The manifest that the store has, if each layer that it names is here or can be made.
     * It is {@code whole} if all of them are here as they came, compressed.
     */
    static final class Own {
        private final Descriptor descriptor;
        private final Manifest manifest;
        private final byte[] bytes;
        private final boolean whole;

        private Own(Descriptor descriptor, Manifest manifest, byte[] bytes, boolean whole) {
            this.descriptor = descriptor;
            this.manifest = manifest;
            this.bytes = bytes;
            this.whole = whole;
        }

        Descriptor descriptor() {
            return descriptor;
        }

        Manifest manifest() {
            return manifest;
        }

        byte[] bytes() {
            return bytes.clone();
        }

        boolean whole() {
            return whole;
        }
    }

    private Outgoing(byte[] config, List<Part> layers, Optional<Own> own, Map<String, String> annotations) {
        this.config = config;
        this.id = Digest.of(config);
        this.layers = List.copyOf(layers);
        this.own = own;
        this.annotations = annotations;
    }

    /** An image of the store. */
    public static Outgoing of(ClaimedImage image, ContentStore content, LayerTars tars) {
        byte[] config = content.document(image.image().id());
        List<Part> parts =
                image.layers().stream().map(layer -> part(layer, tars)).toList();
        byte[] manifest = content.document(image.image().manifest().digest());
        return new Outgoing(
                config,
                parts,
                own(image, manifest, content),
                ManifestJson.read(manifest).annotations());
    }

    /** A result of a build that has layers of a base and no others, none of which are here: it can only be pushed. */
    public static Outgoing ofElsewhere(byte[] config, List<Elsewhere> layers) {
        List<Part> parts = new ArrayList<>();
        for (Elsewhere layer : layers) {
            BlobSource none = _ -> {
                throw new Bug("read layer " + layer.diffId + ": it is not here");
            };
            parts.add(new Part(layer.diffId, 0, Optional.of(layer.blob), none, layer.bytes));
        }
        return new Outgoing(config, parts, Optional.empty(), Map.of());
    }

    /** A result of a build, in the store or not. */
    public static Outgoing of(byte[] config, List<Layer> layers, LayerTars tars) {
        return new Outgoing(
                config, layers.stream().map(layer -> part(layer, tars)).toList(), Optional.empty(), Map.of());
    }

    /**
     * A result of a build in whose own layers nothing is younger than a time. Layers that differ for it have another diff
     * ID, and the image another configuration.
     *
     * @param base how many of the layers are a base image's, which stay as they are
     * @param latestNs in nanoseconds since the epoch
     */
    public static Outgoing clamped(byte[] config, List<Layer> layers, int base, long latestNs, LayerTars tars)
            throws InterruptedException {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            parts.add(i < base ? part(layer, tars) : clamped(layer, latestNs, tars));
        }
        ImageConfig read = ImageConfigJson.read(config);
        byte[] changed = ImageConfigJson.write(new ImageConfig(
                read.platform(),
                read.author(),
                read.created(),
                read.config(),
                read.history(),
                parts.stream().map(Part::diffId).toList()));
        return new Outgoing(changed, parts, Optional.empty(), Map.of());
    }

    private static Part clamped(Layer layer, long latestNs, LayerTars tars) throws InterruptedException {
        TarWriter.Facts facts = TarWriter.clamped(layer, latestNs, OutputStream.nullOutputStream());
        return facts.diffId().equals(layer.diffId())
                ? part(layer, tars)
                : new Part(
                        facts.diffId(), facts.size(), Optional.empty(), out -> TarWriter.clamped(layer, latestNs, out));
    }

    private static Part part(Layer layer, LayerTars tars) {
        return new Part(layer.diffId(), layer.tarSize(), tars.kept(layer), out -> tars.write(layer, out));
    }

    private static Optional<Own> own(ClaimedImage image, byte[] bytes, ContentStore content) {
        Descriptor descriptor = image.image().manifest();
        Manifest manifest = ManifestJson.read(bytes);
        if (manifest.layers().size() != image.layers().size()
                || manifest.layers().isEmpty()) {
            return Optional.empty();
        }
        boolean whole = true;
        for (int i = 0; i < manifest.layers().size(); i++) {
            Descriptor layer = manifest.layers().get(i);
            boolean plain = layer.digest().equals(image.layers().get(i).diffId());
            if (!plain && content.size(layer.digest()).isEmpty()) {
                return Optional.empty();
            }
            whole &= !plain;
        }
        return Optional.of(new Own(descriptor, manifest, bytes, whole));
    }

    /** The digest of its configuration. */
    public Digest id() {
        return id;
    }

    /** When it was made, if its configuration says so. */
    public @Nullable Instant created() {
        return ImageConfigJson.read(config).created();
    }

    byte[] config() {
        return config.clone();
    }

    List<Part> layers() {
        return layers;
    }

    /** Of the manifest that the store has of it. */
    Map<String, String> annotations() {
        return annotations;
    }

    Optional<Own> own() {
        return own;
    }
}
