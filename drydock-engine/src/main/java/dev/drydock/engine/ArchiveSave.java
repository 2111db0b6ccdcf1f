package dev.drydock.engine;

import dev.drydock.export.ArchiveWriter;
import dev.drydock.export.Outgoing;
import dev.drydock.export.Packing;
import dev.drydock.export.StoredLayerTars;
import dev.drydock.images.SelectedImage;
import dev.drydock.images.Work;
import dev.drydock.layer.Compressor;
import dev.drydock.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes images as an archive; they stay while it lasts, even if somebody removes them. */
final class ArchiveSave {
    private final Store store;

    ArchiveSave(Store store) {
        this.store = store;
    }

    /** @param platform that each image must be for; null for any */
    void run(List<String> namesOrIds, @Nullable Platform platform, Destination to) throws InterruptedException {
        try (Work work = store.begin();
                Compressor compressor = new Compressor()) {
            StoredLayerTars tars = new StoredLayerTars(store.content(), store.images());
            Packing packing = new Packing(
                    store.content(),
                    store.blobRecords(),
                    compressor,
                    work.claims().tmp());
            List<ArchiveWriter.Named> images = new ArrayList<>();
            for (SelectedImage each : store.images().select(work.claims(), namesOrIds)) {
                String reference = each.names().isEmpty()
                        ? each.claimed().image().id().toString()
                        : each.names().getFirst().familiar();
                RegistryPush.check(each.claimed().image(), reference, platform);
                Outgoing outgoing = Outgoing.of(each.claimed(), store.content(), tars);
                images.add(new ArchiveWriter.Named(packing.packAsItIs(outgoing), each.names()));
            }
            BuildOutputs.to(to, out -> ArchiveWriter.write(images, ArchiveWriter.Kind.DOCKER, out));
        }
    }
}
