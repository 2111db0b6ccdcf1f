package dev.drydock.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.oci.Digest;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerStoreTest {
    @TempDir
    Path root;

    private LayerStore store;

    @BeforeEach
    void open() {
        store = new LayerStore(root);
    }

    private Layer commit() throws Exception {
        Path tmp = Files.createDirectories(root.resolve("tmp"));
        try (PendingLayer pending = store.begin(tmp)) {
            Files.writeString(pending.fs().resolve("file"), "text");
            return pending.commit(
                    new LayerFacts(Digest.of(new byte[0]), 1024, 4, Instant.EPOCH, LayerFacts.UNKNOWN),
                    ByteBuffer.allocate(16));
        }
    }

    private Path mark(Layer layer) {
        return root.resolve("unsynced-layers").resolve(layer.id().value());
    }

    @Test
    void aLayerIsMarkedUntilItIsSynced() throws Exception {
        Layer layer = commit();
        assertThat(mark(layer)).exists();
        assertThat(new LayerStore(root).find(layer.id())).contains(layer);
        store.sync();
        assertThat(mark(layer)).doesNotExist();
        assertThat(store.find(layer.id())).contains(layer);
    }

    @Test
    void aLayerThatWasNotSyncedBeforeTheHostStartedIsLost() throws Exception {
        Layer lost = commit();
        Files.writeString(mark(lost), "00000000-0000-0000-0000-000000000000");
        Layer cutOff = commit();
        Files.writeString(mark(cutOff), "");
        Layer kept = commit();
        assertThat(store.find(lost.id())).isEmpty();
        assertThat(store.find(cutOff.id())).isEmpty();
        assertThat(store.all()).containsExactly(kept);
        store.sync();
        assertThat(mark(lost)).as("it does not become whole by a later sync").exists();
        assertThat(store.find(lost.id())).isEmpty();
        assertThat(mark(kept)).doesNotExist();
    }

    @Test
    void theMarkGoesWithTheLayer() throws Exception {
        Layer layer = commit();
        store.remove(layer.id(), Files.createDirectories(root.resolve("tmp")));
        assertThat(mark(layer)).doesNotExist();
        Layer moved = commit();
        Files.writeString(mark(moved), "00000000-0000-0000-0000-000000000000");
        Files.move(root.resolve("layers").resolve(moved.id().value()), root.resolve("elsewhere"));
        store.sync();
        assertThat(mark(moved)).doesNotExist();
    }

    @Test
    void aSyncThatWasStartedBeforeIsWaitedFor() throws Exception {
        Layer layer = commit();
        store.startSync();
        store.sync();
        assertThat(mark(layer)).doesNotExist();
    }
}
