package dev.drydock.export;

import dev.drydock.content.ContentStore;
import dev.drydock.images.BlobRecords;
import dev.drydock.images.BlobRecords.Compressed;
import dev.drydock.layer.Compressor;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Manifest;
import dev.drydock.oci.ManifestJson;
import dev.drydock.registry.BlobSource;
import dev.drydock.registry.Repository;
import dev.drydock.scope.Permits;
import dev.drydock.scope.Scope;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts an image of the store into a registry: what the registry has is not sent, what another of its repositories has is
 * taken over, what came from elsewhere goes as it came, and what was made here is compressed while it is sent.
 */
public final class RegistryExporter {
    /** As many as Docker sends at once. */
    private static final int AT_ONCE = 5;

    private final ContentStore content;
    private final BlobRecords records;
    private final Packing packing;

    public RegistryExporter(ContentStore content, BlobRecords records, Packing packing) {
        this.content = content;
        this.records = records;
        this.packing = packing;
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
     * An image as it is at the registry.
     *
     * @param layers as its manifest describes them, the lowest first
     */
    public record Pushed(Descriptor manifest, List<Descriptor> layers) {
        public Pushed {
            layers = List.copyOf(layers);
        }
    }

    /**
     * Sends the image.
     *
     * @param tag under which tag its manifest is put; null for none but its digest
     */
    public Pushed push(
            Outgoing image, ImageRef name, @Nullable String tag, Repository repository, Shape shape, Watch watch)
            throws InterruptedException {
        Optional<Outgoing.Own> own = shape.leavesAsItCame(image) ? image.own() : Optional.empty();
        List<Scope.Task<Descriptor>> layers = new ArrayList<>();
        Permits permits = new Permits(AT_ONCE);
        Target target = new Target(name, tag, repository, watch);
        try (Scope scope = Scope.ofPlatformThreads("push")) {
            Scope.Task<Descriptor> config = scope.fork(() -> {
                try (Permits.Permit _ = permits.acquire()) {
                    return config(image, own, shape, target);
                }
            });
            for (int i = 0; i < image.layers().size(); i++) {
                Outgoing.Part layer = image.layers().get(i);
                int place = i;
                Optional<Descriptor> fixed =
                        own.map(came -> came.manifest().layers().get(place));
                layers.add(scope.fork(() -> {
                    try (Permits.Permit _ = permits.acquire()) {
                        return layer(layer, fixed, shape, target);
                    }
                }));
            }
            scope.join();
            Descriptor manifest = manifest(own, config.get(), layers, shape.annotations(image), shape, target);
            List<Digest> there = new ArrayList<>(List.of(config.get().digest()));
            layers.forEach(layer -> there.add(layer.get().digest()));
            records.seen(name.domain(), name.path(), there);
            return new Pushed(manifest, layers.stream().map(Scope.Task::get).toList());
        }
    }

    private record Target(ImageRef name, @Nullable String tag, Repository repository, Watch watch) {}

    private Descriptor config(Outgoing image, Optional<Outgoing.Own> own, Shape shape, Target target)
            throws InterruptedException {
        byte[] bytes = image.config();
        Descriptor config = own.isPresent()
                ? own.get().manifest().config()
                : new Descriptor(shape.family().config(), image.id(), bytes.length);
        if (!reuse(config.digest(), Kind.CONFIG, target)) {
            send(config, out -> out.write(bytes), target);
        }
        return config;
    }

    private Descriptor layer(Outgoing.Part layer, Optional<Descriptor> fixed, Shape shape, Target target)
            throws InterruptedException {
        Optional<Descriptor> kept = fixed.isPresent() ? fixed : shape.kept(layer);
        if (kept.isPresent()) {
            if (!reuse(kept.get().digest(), Kind.LAYER, target)) {
                BlobSource elsewhere = layer.elsewhere();
                send(kept.get(), elsewhere == null ? stored(kept.get()) : elsewhere, target);
            }
            return kept.get();
        }
        Compressor.Form form = shape.form();
        String type = shape.family().layer(form.kind());
        BlobSource made = packing.compressed(layer, form);
        Optional<Compressed> known = packing.known(layer, form);
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
        packing.remember(layer, form, blob);
        target.watch.sent(shown);
        return blob;
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

    private static Descriptor manifest(
            Optional<Outgoing.Own> own,
            Descriptor config,
            List<Scope.Task<Descriptor>> layers,
            Map<String, String> annotations,
            Shape shape,
            Target target)
            throws InterruptedException {
        String type = own.map(came -> came.descriptor().mediaType())
                .orElse(shape.family().manifest());
        byte[] document = own.isPresent()
                ? own.get().bytes()
                : ManifestJson.write(new Manifest(
                        type, null, config, layers.stream().map(Scope.Task::get).toList(), null, annotations));
        Digest digest = Digest.of(document);
        String tag = target.tag;
        target.repository.put(document, type, tag == null ? digest.toString() : tag);
        return new Descriptor(type, digest, document.length);
    }
}
