package dev.drydock.ops;

import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.Snapshot;
import java.nio.file.Path;

/** Where a RUN step's changes go, and what makes a layer of them. */
public interface ExecLayers {
    /** Starts a layer. Caller closes; closing without a commit removes everything. */
    Draft begin();

    /** A layer that is being made by an overlay mount. */
    interface Draft extends AutoCloseable {
        /** The overlay's upper directory, empty. */
        Path upper();

        /** The overlay's work directory, empty, on the same file system. */
        Path work();

        /** Makes what the upper directory changes of {@code base} a layer. Nobody writes to it any more. */
        Layer commit(Snapshot base) throws InterruptedException;

        @Override
        void close();
    }
}
