package dev.drydock.engine;

import dev.drydock.export.Outgoing;
import dev.drydock.export.Packing;
import dev.drydock.export.RegistryExporter;
import dev.drydock.export.RegistryExporter.Kind;
import dev.drydock.export.Shape;
import dev.drydock.export.StoredLayerTars;
import dev.drydock.fault.UserFault;
import dev.drydock.images.BlobRecords;
import dev.drydock.images.ClaimedImage;
import dev.drydock.images.StoredImage;
import dev.drydock.images.Work;
import dev.drydock.layer.Compressor;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import dev.drydock.registry.Registries;
import org.jspecify.annotations.Nullable;

/** {@code push}: from a name of the store to its registry. */
final class RegistryPush {
    private final Store store;
    private final Registries registries;

    RegistryPush(Store store, Registries registries) {
        this.store = store;
        this.registries = registries;
    }

    /** @param platform that the image must be for; null for any */
    PushResult run(ImageRef wanted, Shape shape, @Nullable Platform platform, TransferEvents events)
            throws InterruptedException {
        try (Work work = store.begin()) {
            return run(work, wanted, shape, platform, events);
        }
    }

    /** Docker's words for an image that is for another platform. */
    static void check(StoredImage image, String reference, @Nullable Platform platform) {
        if (platform != null && !platform.equals(image.config().platform())) {
            throw new UserFault("image with reference " + reference
                            + " was found but does not provide the specified platform (" + platform + ")")
                    .hint("It is for " + image.config().platform() + ".");
        }
    }

    private PushResult run(Work work, ImageRef wanted, Shape shape, @Nullable Platform platform, TransferEvents events)
            throws InterruptedException {
        if (wanted.digest() != null) {
            throw new UserFault("cannot push a digest reference").hint("Name it by a tag: drydock tag makes one.");
        }
        ImageRef name = wanted.withDefaultTag();
        ClaimedImage image = store.images()
                .find(work.claims(), name)
                .orElseThrow(() -> new UserFault("tag does not exist: " + name.familiar())
                        .hint("drydock images lists what there is; drydock tag gives an image another name."));
        check(image.image(), name.familiar(), platform);
        events.accept(new TransferEvent.Begun(name));
        Outgoing outgoing = Outgoing.of(image, store.content(), new StoredLayerTars(store.content(), store.images()));
        Descriptor manifest =
                send(work, outgoing, name, name.tag(), shape, events).manifest();
        store.images().addName(image.image().id(), new ImageRef(name.domain(), name.path(), null, manifest.digest()));
        return new PushResult(name, manifest.digest(), manifest.size());
    }

    /**
     * Sends an image to a name's registry.
     *
     * @param tag null for none but the digest
     */
    RegistryExporter.Pushed send(
            Work work, Outgoing image, ImageRef name, @Nullable String tag, Shape shape, TransferEvents events)
            throws InterruptedException {
        try (Compressor compressor = new Compressor()) {
            BlobRecords records = store.blobRecords();
            Packing packing = new Packing(
                    store.content(), records, compressor, work.claims().tmp());
            return new RegistryExporter(store.content(), records, packing)
                    .push(image, name, tag, registries.repository(name), shape, new Telling(events));
        }
    }

    private record Telling(TransferEvents events) implements RegistryExporter.Watch {
        @Override
        public void sending(Digest blob, long bytes, long total) {
            tell(new TransferEvent.Part(blob, TransferEvent.Stage.PUSHING, bytes, total));
        }

        @Override
        public void sent(Digest blob) {
            tell(new TransferEvent.Part(blob, TransferEvent.Stage.PUSHED, 0, 0));
        }

        @Override
        public void present(Digest blob, Kind kind) {
            tell(new TransferEvent.Part(
                    blob, kind == Kind.LAYER ? TransferEvent.Stage.LAYER_PRESENT : TransferEvent.Stage.PRESENT, 0, 0));
        }

        @Override
        public void mounted(Digest blob, String from) {
            tell(new TransferEvent.Mounted(blob, from));
        }

        private void tell(TransferEvent event) {
            synchronized (events) {
                events.accept(event);
            }
        }
    }
}
