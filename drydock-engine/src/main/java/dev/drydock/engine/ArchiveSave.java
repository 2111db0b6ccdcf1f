package dev.drydock.engine;

import dev.drydock.export.ArchiveWriter;
import dev.drydock.export.StoredLayerTars;
import dev.drydock.images.Work;
import dev.drydock.scope.Disk;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Writes images as an archive; they stay while it lasts, even if somebody removes them. */
final class ArchiveSave {
    private final Store store;

    ArchiveSave(Store store) {
        this.store = store;
    }

    void run(List<String> namesOrIds, OutputStream out) throws InterruptedException {
        try (Work work = store.begin()) {
            new ArchiveWriter(store.content(), new StoredLayerTars(store.content(), store.images()))
                    .write(store.images().select(work.claims(), namesOrIds), out);
        } catch (IOException e) {
            throw Disk.fault("save image: write archive", e)
                    .hint("Check that the place it goes to has room and is still there.");
        }
    }
}
