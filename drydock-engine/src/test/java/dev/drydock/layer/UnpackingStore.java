package dev.drydock.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.snapshot.PendingLayer;
import dev.drydock.snapshot.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** A store into which tests unpack layers, beside a file that no layer may touch. */
final class UnpackingStore {
    final LayerStore layers;
    /** Where pending layers are; empty when none is. */
    final Path tmp;
    /** A file beside the store. */
    final Path outside;

    /** Makes the store in an empty directory. */
    UnpackingStore(Path directory) throws IOException {
        layers = new LayerStore(directory.resolve("store"));
        tmp = Files.createDirectories(directory.resolve("store/tmp"));
        outside = Files.writeString(directory.resolve("outside"), "safe");
    }

    Layer unpack(byte[] tar) throws IOException, InterruptedException {
        return unpack(new ByteArrayInputStream(tar));
    }

    Layer unpack(InputStream tar) throws IOException, InterruptedException {
        try (PendingLayer pending = layers.begin(tmp)) {
            LayerBuilder builder = new LayerBuilder(pending, Snapshot.EMPTY);
            LayerUnpacker.Unpacked stream =
                    LayerUnpacker.unpack("layer", tar, pending, Snapshot.EMPTY, builder, UnpackRules.layer());
            return builder.commitAs(stream, Snapshot.EMPTY, Instant.EPOCH);
        } finally {
            assertThat(outside).hasContent("safe");
        }
    }

    /** The layer is refused with these words, and nothing of it stays. */
    void refused(byte[] tar, String why) {
        assertThatThrownBy(() -> unpack(tar)).isInstanceOf(UserFault.class).hasMessageContaining(why);
        assertThat(tmp).isEmptyDirectory();
    }
}
