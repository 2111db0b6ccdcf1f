package dev.drydock.ops;

import dev.drydock.oci.Digest;
import dev.drydock.snapshot.Attributes;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.Snapshot;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where steps get directories for their changes, and what makes these layers. */
public interface LayerMaker {
    /** Starts a layer. Caller closes; closing without a commit removes everything. */
    Draft draft();

    /** What an earlier run of the same step made, to share files with; it is only a hint. */
    Earlier earlier(Digest step);

    /** Remembers what a step made. */
    void remember(Digest step, Layer layer);

    /** A layer that is being made. */
    interface Draft extends AutoCloseable {
        /** The directory that takes the changes. */
        Path directory();

        /**
         * Makes what the directory changes of {@code base} a layer. It must not be written to any more.
         *
         * @param contents as {@link dev.drydock.snapshot.PendingTree#contents} tells
         */
        Layer commit(Snapshot base, Map<String, Digest> contents) throws InterruptedException;

        /** Has what was written so far go to the disk, beside what is done next; it will have to before it is used. */
        default void startSync() {}

        /** Like {@link #commit(Snapshot, Map)}, when nothing is known of the files. */
        default Layer commit(Snapshot base) throws InterruptedException {
            return commit(base, Map.of());
        }

        @Override
        void close();
    }

    /** The files of an earlier layer. */
    interface Earlier {
        /** Host path of the file at {@code path} if it has these bytes and attributes and nothing more, else null. */
        @Nullable
        String find(String path, Digest content, Attributes attributes);
    }
}
