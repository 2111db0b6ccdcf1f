package dev.drydock.engine;

import dev.drydock.images.ForeignImage;
import dev.drydock.images.ImageStore;
import dev.drydock.images.LayerBlob;
import dev.drydock.images.StoredImage;
import dev.drydock.images.Work;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.source.LayerIntake;
import dev.drydock.source.LayerIntake.Incoming;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Brings the layers of a remote image into the store and the image with them. */
final class ImagePull {
    private final Store store;
    private final Work work;
    private final InstantSource clock;

    ImagePull(Store store, Work work, InstantSource clock) {
        this.store = store;
        this.work = work;
        this.clock = clock;
    }

    /** Hears of the parts of a pull, from several threads. */
    interface Watch extends LayerIntake.Watch {
        /** The layer is there already. */
        void present(Descriptor blob);

        /** The layer will be fetched. */
        void wanted(Descriptor blob);
    }

    /** Pulls what the store lacks of the image; layers that it has are not asked for. */
    StoredImage pull(RemoteImage image, List<ImageRef> names, ImageStore.Listing listing, Watch watch)
            throws InterruptedException {
        ImageStore images = store.images();
        List<Descriptor> blobs = image.manifest().layers();
        List<Digest> diffIds = image.config().diffIds();
        List<Layer> known = images.longestKnown(work.claims(), diffIds);
        List<Incoming> missing = new ArrayList<>();
        for (int i = 0; i < blobs.size(); i++) {
            if (i < known.size()) {
                watch.present(blobs.get(i));
            } else {
                watch.wanted(blobs.get(i));
                missing.add(new Incoming(blobs.get(i), diffIds.get(i)));
            }
        }
        LayerStore layers = store.layers(work);
        List<Layer> fresh = new LayerIntake(store.content(), work.claims(), layers, clock)
                .take(new Snapshot(known), missing, image::open, watch);
        layers.sync();
        List<Layer> all = new ArrayList<>(known);
        all.addAll(fresh);
        List<LayerBlob> kept = new ArrayList<>();
        for (int i = known.size(); i < all.size(); i++) {
            kept.add(new LayerBlob(all.get(i).id(), blobs.get(i)));
        }
        ForeignImage foreign =
                new ForeignImage(image.manifestDescriptor(), image.manifestBytes(), image.configBytes(), all, kept);
        StoredImage stored = images.put(work.claims(), foreign, names, listing);
        // what is pushed beside it later can be taken over from there
        store.blobRecords()
                .seen(
                        image.name().domain(),
                        image.name().path(),
                        blobs.stream().map(Descriptor::digest).toList());
        images.choose(
                image.source().digest(),
                image.platform(),
                image.manifestDescriptor().digest());
        return stored;
    }
}
