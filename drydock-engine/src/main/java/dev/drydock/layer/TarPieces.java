package dev.drydock.layer;

import dev.drydock.fault.CorruptData;
import dev.drydock.linux.Directory;
import dev.drydock.linux.OpenFile;
import dev.drydock.oci.Digest;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bytes of many files on a few platform threads and hands them over in the order they were asked for, so that
 * hashing them and hashing the stream made of them overlap. Small files are read in batches; a large one is handed over
 * in pieces while it is read. Memory is bounded by the number of batches in flight.
 */
final class ContentPipeline implements AutoCloseable {
    private static final int BATCH_BYTES = 512 * 1024;
    private static final int BATCH_FILES = 128;
    private static final int PIECE = 256 * 1024;
    private static final int IN_FLIGHT = 6;

    private final Directory root;
    private final List<LayerEntry> files;
    private final ExecutorService readers;
    private final Deque<Batch> batches = new ArrayDeque<>();
    /** Buffers of batches that are done: new ones would be cleared first. */
    private final Queue<byte[]> spare = new ConcurrentLinkedQueue<>();

    private int planned;

    /** What to do with the bytes; called in order on the caller's thread. */
    interface Sink {
        /** The next file follows; its attributes and content digest are known unless it is large. */
        void begin(LayerEntry file);

        void bytes(byte[] buffer, int offset, int length);

        /** The file has ended; only now are a large file's digest and attributes known. */
        void end(LayerEntry file);
    }

    /** Files with a digest are only read; the others are hashed and asked for their attributes too. */
    ContentPipeline(Directory root, List<LayerEntry> files) {
        this.root = root;
        this.files = files;
        int workers = Math.min(4, Runtime.getRuntime().availableProcessors());
        this.readers = Executors.newFixedThreadPool(
                workers, Thread.ofPlatform().name("layer-read-", 0).daemon().factory());
    }

    /** Hands over the next file. */
    void next(Sink sink) throws InterruptedException {
        while (planned < files.size() && batches.size() < IN_FLIGHT) {
            plan();
        }
        Batch batch = batches.getFirst();
        batch.next(sink);
        if (batch.isDone()) {
            batches.removeFirst();
        }
    }

    private void plan() {
        int start = planned;
        planned = batchEnd(files, start);
        long bytes = 0;
        for (LayerEntry file : files.subList(start, planned)) {
            bytes += file.size();
        }
        batches.add(
                bytes > BATCH_BYTES
                        ? new Large(files.get(start))
                        : new Small(List.copyOf(files.subList(start, planned)), (int) bytes));
    }

    /** The end of the batch that starts somewhere: a file that does not fit into a batch is one alone. */
    static int batchEnd(List<LayerEntry> files, int start) {
        int end = start;
        long bytes = 0;
        while (end < files.size() && end - start < BATCH_FILES) {
            bytes += files.get(end).size();
            if (bytes > BATCH_BYTES && end > start) {
                break;
            }
            end++;
        }
        return end;
    }

    @Override
    public void close() {
        readers.shutdownNow();
        boolean interrupted = false;
        // The readers use the caller's descriptor: none may be left when this returns.
        while (!readers.isTerminated()) {
            try {
                if (readers.awaitTermination(1, java.util.concurrent.TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T extends @Nullable Object> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new AssertionError(e.getCause());
        }
    }

    private static List<Xattr> capability(OpenFile file) {
        Optional<byte[]> value = file.xattrs().get(Xattr.CAPABILITY);
        return value.map(bytes -> List.of(new Xattr(Xattr.CAPABILITY, bytes))).orElse(List.of());
    }

    private static CorruptData changed(LayerEntry file) {
        return new CorruptData("read " + file.path() + ": its length changed while it was read");
    }

    private sealed interface Batch {
        void next(Sink sink) throws InterruptedException;

        boolean isDone();
    }

    /** Small files, one after the other in one array. */
    private static final class Read {
        private final byte[] bytes;
        private final List<LayerEntry> files;

        Read(byte[] bytes, List<LayerEntry> files) {
            this.bytes = bytes;
            this.files = files;
        }
    }

    private final class Small implements Batch {
        private final Future<Read> read;
        private final int count;
        private int handed;
        private int offset;

        Small(List<LayerEntry> batch, int bytes) {
            count = batch.size();
            read = readers.submit(() -> read(batch, bytes));
        }

        private Read read(List<LayerEntry> batch, int bytes) {
            byte[] free = bytes < BATCH_BYTES / 4 ? null : spare.poll();
            byte[] all = free != null ? free : new byte[bytes < BATCH_BYTES / 4 ? bytes : BATCH_BYTES];
            List<LayerEntry> done = new ArrayList<>(batch.size());
            MessageDigest sha = Digest.newSha256();
            int at = 0;
            for (LayerEntry file : batch) {
                int size = (int) file.size();
                if (size == 0 && file.content() != null) {
                    done.add(file);
                    continue;
                }
                try (OpenFile open = root.openFile(file.path())) {
                    if (size > 0 && open.read(all, at, size) != size) {
                        throw changed(file);
                    }
                    done.add(file.content() != null ? file : hashed(file, open, sha, all, at));
                }
                at += size;
            }
            return new Read(all, done);
        }

        private static LayerEntry hashed(LayerEntry file, OpenFile open, MessageDigest sha, byte[] all, int at) {
            sha.update(all, at, (int) file.size());
            return file.with(capability(open), Digest.sha256(sha.digest()));
        }

        @Override
        public void next(Sink sink) throws InterruptedException {
            Read all = result(read);
            LayerEntry file = all.files.get(handed++);
            sink.begin(file);
            sink.bytes(all.bytes, offset, (int) file.size());
            offset += (int) file.size();
            sink.end(file);
            if (handed == count && all.bytes.length == BATCH_BYTES) {
                spare.add(all.bytes);
            }
        }

        @Override
        public boolean isDone() {
            return handed == count;
        }
    }

    /** A part of a large file; the last one is {@link #isEnd the end}. */
    private static final class Piece {
        private final byte[] bytes;
        private final int length;

        Piece(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }

        boolean isEnd() {
            return length == 0;
        }
    }

    private final class Large implements Batch {
        private static final Piece END = new Piece(new byte[0], 0);
        private final LayerEntry file;
        private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(4);
        private final BlockingQueue<Piece> free = new ArrayBlockingQueue<>(8);
        private final List<Xattr> attributes;
        private final Future<@Nullable Digest> read;
        private boolean done;

        Large(LayerEntry file) {
            this.file = file;
            if (file.content() != null) {
                attributes = file.xattrs();
            } else {
                // The header stands before the bytes, so the attributes are needed before the first piece.
                try (OpenFile open = root.openFile(file.path())) {
                    attributes = capability(open);
                }
            }
            read = readers.submit(this::read);
        }

        private @Nullable Digest read() throws InterruptedException {
            MessageDigest sha = Digest.newSha256();
            boolean whole = false;
            try (OpenFile open = root.openFile(file.path())) {
                long left = file.size();
                while (left > 0) {
                    Piece spare = free.poll();
                    byte[] bytes = spare == null ? new byte[PIECE] : spare.bytes;
                    int length = open.read(bytes, 0, (int) Math.min(bytes.length, left));
                    if (length == 0) {
                        throw changed(file);
                    }
                    pieces.put(new Piece(bytes, length));
                    if (file.content() == null) {
                        sha.update(bytes, 0, length);
                    }
                    left -= length;
                }
                pieces.put(END);
                whole = true;
            } finally {
                if (!whole) {
                    // The taker must wake and find the failure; nothing here may block, for it may be an interrupt.
                    pieces.clear();
                    pieces.offer(END);
                }
            }
            Digest known = file.content();
            return known != null ? known : Digest.sha256(sha.digest());
        }

        @Override
        public void next(Sink sink) throws InterruptedException {
            sink.begin(file.with(attributes, file.content()));
            Piece piece = pieces.take();
            while (!piece.isEnd()) {
                sink.bytes(piece.bytes, 0, piece.length);
                if (file.content() != null) {
                    free.offer(piece);
                }
                piece = pieces.take();
            }
            done = true;
            sink.end(file.with(attributes, result(read)));
        }

        @Override
        public boolean isDone() {
            return done;
        }
    }
}
