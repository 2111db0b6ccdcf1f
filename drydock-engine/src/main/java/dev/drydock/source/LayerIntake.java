package dev.drydock.source;

import dev.drydock.content.BlobWriter;
import dev.drydock.content.ContentStore;
import dev.drydock.fault.CorruptData;
import dev.drydock.fault.UserFault;
import dev.drydock.layer.LayerBuilder;
import dev.drydock.layer.LayerUnpacker;
import dev.drydock.layer.LayerUnpacker.Unpacked;
import dev.drydock.layer.UnpackRules;
import dev.drydock.metadata.Claims;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.registry.Origin;
import dev.drydock.scope.Permits;
import dev.drydock.scope.Scope;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.snapshot.PendingLayer;
import dev.drydock.snapshot.Snapshot;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the layers of an image into the store: each is kept as it came, checked against its digest, unpacked and checked
 * against its diff ID in one pass over its bytes while they come, several layers at once. Then they are committed in order.
 * Nothing is visible before all of them are whole.
 */
public final class LayerIntake {
    /** As many as Docker fetches at once. */
    private static final int AT_ONCE = 3;

    private final ContentStore content;
    private final Claims claims;
    private final LayerStore layers;
    private final InstantSource clock;

    public LayerIntake(ContentStore content, Claims claims, LayerStore layers, InstantSource clock) {
        this.content = content;
        this.claims = claims;
        this.layers = layers;
        this.clock = clock;
    }

    /** A layer to come: its bytes as the manifest describes them, and the digest of the plain stream. */
    public record Incoming(Descriptor blob, Digest diffId) {}

    /** Where bytes come from that the store does not have. */
    @FunctionalInterface
    public interface Blobs {
        /** Opens a blob. The caller closes the stream. */
        InputStream open(Descriptor blob) throws IOException, InterruptedException;

        /** Hands over a layer that was unpacked already, whose blob the store has; null if there is none. */
        default @Nullable Early early(Incoming layer) {
            return null;
        }
    }

    /**
     * A layer that was unpacked before it was known what image it belongs to. Whoever has it closes it; {@link #take} closes what
     * it is given.
     */
    public static final class Early implements AutoCloseable {
        private final PendingLayer pending;
        private final LayerBuilder builder;
        private @Nullable Unpacked stream;

        private Early(PendingLayer pending) {
            this.pending = pending;
            this.builder = new LayerBuilder(pending, Snapshot.EMPTY);
        }

        /** Says what its plain stream was, as whoever read it digested it. */
        public void came(Unpacked whole) {
            stream = whole;
        }

        @Override
        public void close() {
            pending.close();
        }
    }

    /**
     * Unpacks a plain tar stream of which nothing is known yet. The caller closes the layer, or gives it to {@link #take}.
     *
     * @throws UserFault if it is no layer
     */
    public Early unpackEarly(String what, InputStream plain) throws InterruptedException {
        Early early = new Early(pending());
        boolean whole = false;
        try {
            LayerUnpacker.unpackPlain(what, plain, early.pending, Snapshot.EMPTY, early.builder, UnpackRules.layer());
            early.pending.startSync();
            whole = true;
            return early;
        } finally {
            if (!whole) {
                early.close();
            }
        }
    }

    /** How far a layer is. */
    public enum Stage {
        FETCHING,
        FETCHED,
        UNPACKED
    }

    /** Hears how far layers are, from several threads. */
    @FunctionalInterface
    public interface Watch {
        void at(Descriptor blob, Stage stage, long bytes);
    }

    /**
     * Takes layers in.
     *
     * @param below what they lie on
     * @return the layers, in the order given
     * @throws CorruptData if bytes are not what their digests say
     */
    public List<Layer> take(Snapshot below, List<Incoming> incoming, Blobs blobs, Watch watch)
            throws InterruptedException {
        List<Taken> begun = new ArrayList<>();
        try {
            for (Incoming each : incoming) {
                begun.add(new Taken(each, this::pending));
            }
            takeAll(begun, blobs, watch);
            List<Layer> chain = new ArrayList<>(below.layers());
            for (Taken taken : begun) {
                chain.add(taken.builder.commitAs(taken.stream(), new Snapshot(chain), clock.instant()));
            }
            return List.copyOf(chain.subList(below.layers().size(), chain.size()));
        } finally {
            begun.forEach(taken -> taken.pending.close());
        }
    }

    private PendingLayer pending() {
        return layers.begin(claims.tmp());
    }

    private void takeAll(List<Taken> begun, Blobs blobs, Watch watch) throws InterruptedException {
        Permits permits = new Permits(AT_ONCE);
        try (Scope scope = Scope.ofPlatformThreads("layer")) {
            for (Taken taken : begun) {
                scope.fork(() -> {
                    try (Permits.Permit _ = permits.acquire()) {
                        take(taken, blobs, watch);
                    }
                    return taken;
                });
            }
            scope.join();
        }
    }

    /** A layer while it is taken. One thread at a time uses it. */
    private static final class Taken {
        private final Incoming layer;
        private final Supplier<PendingLayer> begin;
        private PendingLayer pending;
        private LayerBuilder builder;
        private @Nullable Unpacked stream;

        Taken(Incoming layer, Supplier<PendingLayer> begin) {
            this.layer = layer;
            this.begin = begin;
            this.pending = begin.get();
            this.builder = new LayerBuilder(pending, Snapshot.EMPTY);
        }

        void is(Early early) {
            pending.close();
            pending = early.pending;
            builder = early.builder;
        }

        /** Forgets what was unpacked so far. */
        void again() {
            pending.close();
            pending = begin.get();
            builder = new LayerBuilder(pending, Snapshot.EMPTY);
        }

        Unpacked stream() {
            Unpacked done = stream;
            if (done == null) {
                throw new IllegalStateException("the layer is not unpacked");
            }
            return done;
        }
    }

    private void take(Taken taken, Blobs blobs, Watch watch) throws InterruptedException {
        Descriptor blob = taken.layer.blob();
        claims.blob(blob.digest());
        Unpacked stream;
        Early early = blobs.early(taken.layer);
        if (early != null && early.stream != null) {
            taken.is(early);
            stream = early.stream;
            watch.at(blob, Stage.FETCHED, blob.size());
        } else if (content.size(blob.digest()).isPresent()) {
            watch.at(blob, Stage.FETCHED, blob.size());
            try (InputStream in = content.read(blob.digest())) {
                stream = unpack(taken, in);
            } catch (IOException e) {
                throw new CorruptData("read blob " + blob.digest() + ": " + e.getMessage(), e);
            }
        } else {
            stream = fetch(taken, blobs, watch);
        }
        if (!stream.digest().equals(taken.layer.diffId())) {
            throw new CorruptData("unpack layer " + blob.digest() + ": it holds " + stream.digest()
                            + ", its image's configuration says " + taken.layer.diffId())
                    .hint("The image is damaged where it comes from: push or save it again there.");
        }
        taken.stream = stream;
        taken.pending.startSync();
        watch.at(blob, Stage.UNPACKED, blob.size());
    }

    /** What comes may be damaged on its way: then it is asked for again, a few times. */
    private Unpacked fetch(Taken taken, Blobs blobs, Watch watch) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return fetchOnce(taken, blobs, watch);
            } catch (CorruptData damaged) {
                if (attempt == Origin.CONTENT_ATTEMPTS) {
                    throw damaged.hint("Try again; a proxy or mirror in between may be at fault.");
                }
                taken.again();
            }
        }
    }

    private Unpacked fetchOnce(Taken taken, Blobs blobs, Watch watch) throws InterruptedException {
        Descriptor blob = taken.layer.blob();
        try (BlobWriter writer = content.ingest(claims, blob.digest(), blob.size());
                InputStream in = blobs.open(blob)) {
            Kept kept = new Kept(in, writer.stream(), bytes -> watch.at(blob, Stage.FETCHING, bytes));
            Unpacked stream;
            try {
                stream = unpack(taken, kept);
            } catch (UserFault damaged) {
                // Bytes that are not the promised ones cannot be expected to unpack: then that is what is wrong.
                kept.drain();
                writer.commit();
                throw damaged;
            }
            kept.drain();
            writer.commit();
            watch.at(blob, Stage.FETCHED, blob.size());
            return stream;
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new CorruptData("fetch layer " + blob.digest() + ": " + e.getMessage(), e);
        }
    }

    private static Unpacked unpack(Taken taken, InputStream in) throws InterruptedException {
        try {
            return LayerUnpacker.unpack(
                    "layer " + taken.layer.blob().digest(),
                    in,
                    taken.pending,
                    Snapshot.EMPTY,
                    taken.builder,
                    UnpackRules.layer());
        } catch (UserFault e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw e;
        }
    }

    /** Keeps what is read of a stream. */
    private static final class Kept extends FilterInputStream {
        private static final long EVERY = 1 << 18;

        private final OutputStream copy;
        private final LongConsumer progress;
        private long count;
        private long told;

        Kept(InputStream in, OutputStream copy, LongConsumer progress) {
            super(in);
            this.copy = copy;
            this.progress = progress;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            int length = read(one, 0, 1);
            return length < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int wanted) throws IOException {
            int length = in.read(bytes, offset, wanted);
            if (length > 0) {
                copy.write(bytes, offset, length);
                count += length;
                if (count - told >= EVERY) {
                    told = count;
                    progress.accept(count);
                }
            }
            return length;
        }

        void drain() throws IOException {
            byte[] waste = new byte[1 << 16];
            while (read(waste, 0, waste.length) >= 0) {
                // kept by read
            }
        }

        @Override
        public void close() {
            // whoever opened the stream closes it
        }
    }
}
