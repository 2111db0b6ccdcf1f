package dev.drydock.engine;

import dev.drydock.layer.LayerDiff;
import dev.drydock.layer.LayerEntry;
import dev.drydock.layer.LayerIndex;
import dev.drydock.layer.LayerTimes;
import dev.drydock.oci.Digest;
import dev.drydock.ops.ExecLayers;
import dev.drydock.ops.LayerMaker;
import dev.drydock.scope.Disk;
import dev.drydock.snapshot.Attributes;
import dev.drydock.snapshot.LaterRemoval;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerId;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.snapshot.PendingLayer;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.source.KeptFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes layers of what steps did, and remembers for each step of copies which layer it made last, so that the next one
 * can share files with it. What is remembered is a hint: a layer that is gone is no loss.
 */
final class StepLayers implements LayerMaker, ExecLayers {
    private final LayerStore layers;
    private final Path tmp;
    private final KeptFiles hints;
    private final InstantSource clock;
    private final LaterRemoval removal;
    private volatile @Nullable Instant latest;

    /**
     * For one build.
     *
     * @param tmp the lease's directory
     * @param hints takes what is remembered
     * @param removal for what steps leave behind
     */
    StepLayers(LayerStore layers, Path tmp, KeptFiles hints, InstantSource clock, LaterRemoval removal) {
        this.layers = layers;
        this.tmp = tmp;
        this.hints = hints;
        this.clock = clock;
        this.removal = removal;
    }

    /** From now on nothing in a layer is younger than this: {@code SOURCE_DATE_EPOCH}. */
    void clampTo(@Nullable Instant time) {
        latest = time;
    }

    private LayerTimes times() {
        Instant now = clock.instant();
        Instant time = latest;
        return time == null ? LayerTimes.of(now) : LayerTimes.until(time, now);
    }

    @Override
    public LayerMaker.Draft draft() {
        return new PlainDraft(layers.begin(tmp), this::times);
    }

    @Override
    public ExecLayers.Draft begin() {
        PendingLayer pending = layers.begin(tmp);
        try {
            return new OverlayDraft(pending, Files.createTempDirectory(tmp, "work-"), this::times, removal);
        } catch (IOException e) {
            pending.close();
            throw Disk.fault("make a directory in " + tmp, e);
        }
    }

    private record PlainDraft(PendingLayer pending, Supplier<LayerTimes> times) implements LayerMaker.Draft {
        @Override
        public Path directory() {
            return pending.fs();
        }

        @Override
        public void startSync() {
            pending.startSync();
        }

        @Override
        public Layer commit(Snapshot base, Map<String, Digest> contents) throws InterruptedException {
            return LayerDiff.commit(pending, base, contents, times.get());
        }

        @Override
        public void close() {
            pending.close();
        }
    }

    private record OverlayDraft(PendingLayer pending, Path work, Supplier<LayerTimes> times, LaterRemoval removal)
            implements ExecLayers.Draft {
        @Override
        public Path upper() {
            return pending.fs();
        }

        @Override
        public Layer commit(Snapshot base) throws InterruptedException {
            return LayerDiff.commit(pending, base, List.of(), times.get());
        }

        @Override
        public void close() {
            removal.remove(work);
            pending.close();
        }
    }

    @Override
    public Earlier earlier(Digest step) {
        Optional<Layer> layer = remembered(step);
        return layer.isEmpty() ? (_, _, _) -> null : new EarlierLayer(layer.get(), LayerIndex.of(layer.get()));
    }

    private Optional<Layer> remembered(Digest step) {
        return hints.read(step.hex())
                .flatMap(id -> layers.find(new LayerId(new String(id, StandardCharsets.US_ASCII))));
    }

    @Override
    public void remember(Digest step, Layer layer) {
        hints.write(step.hex(), layer.id().value().getBytes(StandardCharsets.US_ASCII));
    }

    private record EarlierLayer(Layer layer, LayerIndex index) implements Earlier {
        @Override
        public @Nullable String find(String path, Digest content, Attributes attributes) {
            String relative = path.startsWith("/") ? path.substring(1) : path;
            return index.find(relative)
                    .filter(entry -> isSame(entry, content, attributes))
                    .map(entry -> layer.fs() + "/" + relative)
                    .orElse(null);
        }

        private static boolean isSame(LayerEntry entry, Digest content, Attributes attributes) {
            return entry.type() == LayerEntry.Type.FILE
                    && content.equals(entry.content())
                    && entry.mode() == attributes.mode()
                    && entry.uid() == attributes.uid()
                    && entry.gid() == attributes.gid()
                    && entry.mtimeNs() == attributes.mtimeNs()
                    && entry.xattrs().isEmpty();
        }
    }
}
