package dev.drydock.engine;

import dev.drydock.export.ArchiveWriter;
import dev.drydock.export.Outgoing;
import dev.drydock.export.Packing;
import dev.drydock.export.StoredLayerTars;
import dev.drydock.images.SelectedImage;
import dev.drydock.images.Work;
import dev.drydock.layer.Compressor;
import dev.drydock.scope.Disk;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Writes images as an archive; they stay while it lasts, even if somebody removes them. */
final class ArchiveSave {
    private final Store store;

    ArchiveSave(Store store) {
        this.store = store;
    }

    void run(List<String> namesOrIds, OutputStream out) throws InterruptedException {
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
                Outgoing outgoing = Outgoing.of(each.claimed(), store.content(), tars);
                images.add(new ArchiveWriter.Named(packing.packAsItIs(outgoing), each.names()));
            }
            ArchiveWriter.write(images, ArchiveWriter.Kind.DOCKER, out);
        } catch (IOException e) {
            throw Disk.fault("save image: write archive", e)
                    .hint("Check that the place it goes to has room and is still there.");
        }
    }
}
