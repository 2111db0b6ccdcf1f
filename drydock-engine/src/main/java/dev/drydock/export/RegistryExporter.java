package dev.drydock.export;

import dev.drydock.content.ContentStore;
import dev.drydock.images.BlobRecords;
import dev.drydock.images.BlobRecords.Compressed;
import dev.drydock.images.ClaimedImage;
import dev.drydock.layer.Compressor;
import dev.drydock.layer.Compressor.Form;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Manifest;
import dev.drydock.oci.ManifestJson;
import dev.drydock.registry.BlobSource;
import dev.drydock.registry.Repository;
import dev.drydock.scope.Permits;
import dev.drydock.scope.Scope;
import dev.drydock.snapshot.Layer;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts an image of the store into a registry: what the registry has is not sent, what another of its repositories has is
 * taken over, what came from elsewhere goes as it came, and what was made here is compressed while it is sent.
 */
public final class RegistryExporter {
    /** As many as Docker sends at once. */
    private static final int AT_ONCE = 5;

    private final ContentStore content;
    private final BlobRecords records;
    private final StoredLayerTars tars;
    private final Compressor compressor;

    public RegistryExporter(ContentStore content, BlobRecords records, StoredLayerTars tars, Compressor compressor) {
        this.content = content;
        this.records = records;
        this.tars = tars;
        this.compressor = compressor;
    }

    /** Hears of the parts of a push, from several threads. */
    public interface Watch {
        /** A blob goes out; {@code bytes} so far. */
        void sending(Digest blob, long bytes, long total);

        void sent(Digest blob);

        void present(Digest blob, Kind kind);

        void mounted(Digest blob, String from);
    }

    /** What a part of an image is. */
    public enum Kind {
        LAYER,
        CONFIG
    }

    /**
     * How the image is to look.
     *
     * @param force whether layers that came compressed in another way are compressed again
     */
    public record Options(Form form, MediaFamily family, Force force) {
        /** Whether something is done even where it need not be. */
        public enum Force {
            NO,
            YES
        }

        /** Gzip, OCI's types, and layers as they came. */
        public static Options usual() {
            return new Options(Form.of(Compressor.Kind.GZIP), MediaFamily.OCI, Force.NO);
        }
    }

    /** The descriptor of what was put under the name. */
    public Descriptor push(ClaimedImage image, ImageRef name, Repository repository, Options options, Watch watch)
            throws InterruptedException {
        Optional<Manifest> own = options.force == Options.Force.NO ? asItCame(image) : Optional.empty();
        List<Scope.Task<Descriptor>> layers = new ArrayList<>();
        Permits permits = new Permits(AT_ONCE);
        Target target = new Target(name, repository, watch);
        try (Scope scope = Scope.ofPlatformThreads("push")) {
            Scope.Task<Descriptor> config = scope.fork(() -> {
                try (Permits.Permit _ = permits.acquire()) {
                    return config(image, own, options, target);
                }
            });
            for (int i = 0; i < image.layers().size(); i++) {
                Layer layer = image.layers().get(i);
                Optional<Descriptor> fixed =
                        own.isPresent() ? Optional.of(own.get().layers().get(i)) : Optional.empty();
                layers.add(scope.fork(() -> {
                    try (Permits.Permit _ = permits.acquire()) {
                        return layer(layer, fixed, options, target);
                    }
                }));
            }
            scope.join();
            Descriptor manifest = manifest(image, own, config.get(), layers, options, target);
            List<Digest> there = new ArrayList<>(List.of(config.get().digest()));
            layers.forEach(layer -> there.add(layer.get().digest()));
            records.seen(name.domain(), name.path(), there);
            return manifest;
        }
    }

    private record Target(ImageRef name, Repository repository, Watch watch) {}

    /** The manifest that the image came with, if all that it names is here: then it goes as it is, digest and all. */
    private Optional<Manifest> asItCame(ClaimedImage image) {
        Manifest manifest =
                ManifestJson.read(content.document(image.image().manifest().digest()));
        if (manifest.layers().size() != image.layers().size() || image.layers().isEmpty()) {
            return Optional.empty();
        }
        for (Descriptor layer : manifest.layers()) {
            if (content.size(layer.digest()).isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(manifest);
    }

    private Descriptor config(ClaimedImage image, Optional<Manifest> own, Options options, Target target)
            throws InterruptedException {
        Digest id = image.image().id();
        Descriptor config = own.isPresent()
                ? own.get().config()
                : new Descriptor(options.family.config(), id, content.size(id).orElse(0));
        if (!reuse(config.digest(), Kind.CONFIG, target)) {
            send(config, stored(config), target);
        }
        return config;
    }

    private Descriptor layer(Layer layer, Optional<Descriptor> fixed, Options options, Target target)
            throws InterruptedException {
        Optional<Descriptor> kept = fixed.isPresent() ? fixed : kept(layer, options);
        if (kept.isPresent()) {
            if (!reuse(kept.get().digest(), Kind.LAYER, target)) {
                send(kept.get(), stored(kept.get()), target);
            }
            return kept.get();
        }
        String type = options.family.layer(options.form.kind());
        BlobSource made = out -> {
            try (OutputStream compressed = compressor.open(out, options.form)) {
                tars.write(layer, compressed);
            }
        };
        String form = options.form.key();
        Optional<Compressed> known = options.form.kind() == Compressor.Kind.NONE
                ? Optional.of(new Compressed(layer.diffId(), layer.tarSize()))
                : records.compressed(layer.diffId(), form);
        if (known.isPresent()) {
            Descriptor blob =
                    new Descriptor(type, known.get().digest(), known.get().size());
            if (!reuse(blob.digest(), Kind.LAYER, target)) {
                send(blob, made, target);
            }
            return blob;
        }
        Digest shown = layer.diffId();
        Descriptor blob = target.repository.stream(type, watched(made, bytes -> target.watch.sending(shown, bytes, 0)));
        records.remember(layer.diffId(), form, new Compressed(blob.digest(), blob.size()));
        target.watch.sent(shown);
        return blob;
    }

    /** The bytes that a layer came in, under a type of the wanted family. */
    private Optional<Descriptor> kept(Layer layer, Options options) {
        return tars.kept(layer)
                .filter(blob -> options.force == Options.Force.NO)
                .filter(blob -> MediaFamily.compression(blob.mediaType())
                        .filter(kind -> options.family.has(kind))
                        .isPresent())
                .map(blob -> new Descriptor(
                        options.family.layer(
                                MediaFamily.compression(blob.mediaType()).orElseThrow()),
                        blob.digest(),
                        blob.size()));
    }

    /** Whether the registry has the blob here, or takes it over from where it has it. */
    private boolean reuse(Digest blob, Kind kind, Target target) throws InterruptedException {
        if (target.repository.has(blob)) {
            target.watch.present(blob, kind);
            return true;
        }
        for (String other : records.places(blob, target.name.domain())) {
            if (!other.equals(target.name.path()) && target.repository.mount(blob, other)) {
                target.watch.mounted(blob, other);
                return true;
            }
        }
        return false;
    }

    private void send(Descriptor blob, BlobSource source, Target target) throws InterruptedException {
        target.repository.upload(
                blob, watched(source, bytes -> target.watch.sending(blob.digest(), bytes, blob.size())));
        target.watch.sent(blob.digest());
    }

    private BlobSource stored(Descriptor blob) {
        return out -> {
            try (InputStream in = content.read(blob.digest())) {
                in.transferTo(out);
            }
        };
    }

    private static BlobSource watched(BlobSource source, java.util.function.LongConsumer progress) {
        return out -> source.write(new Counted(out, progress));
    }

    private Descriptor manifest(
            ClaimedImage image,
            Optional<Manifest> own,
            Descriptor config,
            List<Scope.Task<Descriptor>> layers,
            Options options,
            Target target)
            throws InterruptedException {
        byte[] document;
        String type;
        if (own.isPresent()) {
            document = content.document(image.image().manifest().digest());
            type = image.image().manifest().mediaType();
        } else {
            type = options.family.manifest();
            document = ManifestJson.write(new Manifest(
                    type,
                    null,
                    config,
                    layers.stream().map(Scope.Task::get).toList(),
                    null,
                    ManifestJson.read(content.document(image.image().manifest().digest()))
                            .annotations()));
        }
        target.repository.put(document, type, target.name.tag());
        return new Descriptor(type, Digest.of(document), document.length);
    }
}
