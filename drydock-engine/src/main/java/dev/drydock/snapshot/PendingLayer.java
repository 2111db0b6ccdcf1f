package dev.drydock.snapshot;

import dev.drydock.fault.Bug;
import dev.drydock.linux.Directory;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A layer in the making: a directory that nobody else sees. Whoever began it closes it; without a commit before, closing
 * removes it with all that is in it. What a killed process leaves is below the temporary directory that was given, and
 * goes with that.
 */
public final class PendingLayer implements AutoCloseable {
    private final LayerStore store;
    private final Path directory;
    private boolean done;

    PendingLayer(LayerStore store, Path directory) {
        this.store = store;
        this.directory = directory;
    }

    /** The directory to fill: the root of what will be the layer. Made with mode 0755, owned by this process. */
    public Path fs() {
        return directory.resolve("fs");
    }

    /**
     * Makes the layer visible to every process under a new name. Only then, and in one step, does it exist.
     *
     * @param indexBody what {@link IndexFile#body} will give
     */
    public Layer commit(LayerFacts facts, ByteBuffer indexBody) {
        if (done) {
            throw new Bug("commit layer " + directory + ": already committed or closed");
        }
        Layer layer = store.publish(directory, facts, indexBody);
        done = true;
        return layer;
    }

    /** Says that the files are written and many: they begin to go to the disk now. See {@link LayerStore#sync}. */
    public void startSync() {
        store.startSync();
    }

    @Override
    public void close() {
        if (!done) {
            done = true;
            try (Directory parent = Directory.open(LayerStore.parent(directory))) {
                parent.removeTree(LayerStore.name(directory));
            }
        }
    }
}
