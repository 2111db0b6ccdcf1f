package dev.drydock.layer;

import dev.drydock.fault.CorruptData;
import dev.drydock.linux.Directory;
import dev.drydock.linux.OpenFile;
import dev.drydock.oci.Digest;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
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
 * Makes the parts of a tar stream on a few platform threads, which read and hash files and write headers, and hands them over
 * in order: what is left to the caller is to hash the stream. Entries without much to read are put together; a large
 * file is handed over in pieces while it is read. Memory is bounded by the number of batches in flight.
 */
final class TarPieces implements AutoCloseable {
    /** Room for as many files of 4 KB as a batch may have. */
    private static final int BATCH_BYTES = 600 * 1024;

    private static final int BATCH_ENTRIES = 128;
    private static final int PIECE = 256 * 1024;
    private static final int IN_FLIGHT = 6;

    private final Directory root;
    private final List<LayerEntry> entries;
    private final ExecutorService readers;
    private final Deque<Batch> batches = new ArrayDeque<>();
    /** Buffers of batches that are done: new ones would be cleared first. */
    private final Queue<byte[]> spare = new ConcurrentLinkedQueue<>();

    private int planned;

    /** Takes the stream; called in order on the caller's thread. */
    interface Sink {
        /** The next bytes of the stream; the buffer is used again when this returns. */
        void bytes(byte[] buffer, int offset, int length);

        /** An entry whose last byte has been handed over, with its content digest if it has bytes. */
        void written(LayerEntry entry);
    }

    /** Files with a digest are only read; the others are hashed and asked for their attributes too. */
    TarPieces(Directory root, List<LayerEntry> entries) {
        this.root = root;
        this.entries = entries;
        int workers = Math.min(4, Runtime.getRuntime().availableProcessors());
        this.readers = Executors.newFixedThreadPool(
                workers, Thread.ofPlatform().name("layer-read-", 0).daemon().factory());
    }

    /** Hands over the next batch; tells whether there was one. */
    boolean next(Sink sink) throws InterruptedException {
        while (planned < entries.size() && batches.size() < IN_FLIGHT) {
            plan();
        }
        Batch batch = batches.poll();
        if (batch == null) {
            return false;
        }
        batch.hand(sink);
        return true;
    }

    private void plan() {
        int start = planned;
        planned = batchEnd(entries, start);
        LayerEntry first = entries.get(start);
        batches.add(length(first) > BATCH_BYTES ? new Large(first) : new Small(entries.subList(start, planned)));
    }

    /** The end of the batch that starts somewhere: a file that does not fit into a batch is one alone. */
    static int batchEnd(List<LayerEntry> entries, int start) {
        int end = start;
        long bytes = 0;
        while (end < entries.size() && end - start < BATCH_ENTRIES) {
            bytes += length(entries.get(end));
            if (bytes > BATCH_BYTES && end > start) {
                break;
            }
            end++;
        }
        return end;
    }

    /** What an entry takes of the stream; a PAX header, which is rare, comes on top. */
    private static long length(LayerEntry entry) {
        return TarHeader.BLOCK + (entry.hasBytes() ? entry.size() + padding(entry) : 0);
    }

    private static int padding(LayerEntry file) {
        return (int) (-file.size() & (TarHeader.BLOCK - 1));
    }

    @Override
    public void close() {
        readers.shutdownNow();
        // The readers use the caller's descriptor: none may be left when this returns.
        readers.close();
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

    /** A file whose content is not known yet, with the attributes that its header tells. */
    private static LayerEntry withAttributes(LayerEntry file, OpenFile open) {
        List<Xattr> attributes = LayerAssembly.capability(open.xattrs());
        return attributes.equals(file.xattrs()) ? file : file.with(attributes, null);
    }

    private static CorruptData changed(LayerEntry file) {
        return new CorruptData("read " + file.path() + ": its length changed while it was read");
    }

    private interface Batch {
        void hand(Sink sink) throws InterruptedException;
    }

    /** A part of the stream that was made by one reader, and what stands in it. */
    private static final class Part {
        private final List<LayerEntry> entries = new ArrayList<>(BATCH_ENTRIES);
        private byte[] bytes;
        private int length;

        Part(byte[] bytes) {
            this.bytes = bytes;
        }

        void put(byte[] header) {
            reserve(header.length);
            System.arraycopy(header, 0, bytes, length, header.length);
            length += header.length;
        }

        /** Buffers are used again: the rest of a file's last block is not empty yet. */
        void pad(int count) {
            reserve(count);
            Arrays.fill(bytes, length, length + count, (byte) 0);
            length += count;
        }

        void reserve(int more) {
            if (more > bytes.length - length) {
                bytes = Arrays.copyOf(bytes, length + Math.max(more, BATCH_BYTES / 4));
            }
        }
    }

    private final class Small implements Batch {
        private final Future<Part> part;

        Small(List<LayerEntry> some) {
            List<LayerEntry> batch = List.copyOf(some); // an index decodes an entry each time it is asked
            part = readers.submit(() -> make(batch));
        }

        private Part make(List<LayerEntry> batch) {
            long length = 0;
            for (LayerEntry entry : batch) {
                length += length(entry);
            }
            boolean full = length >= BATCH_BYTES / 4;
            byte[] free = full ? spare.poll() : null;
            Part made = new Part(free != null ? free : new byte[full ? BATCH_BYTES : (int) length]);
            MessageDigest sha = Digest.newSha256();
            for (LayerEntry entry : batch) {
                if (!entry.hasBytes() || (entry.size() == 0 && entry.content() != null)) {
                    made.put(TarHeader.encode(entry));
                    made.entries.add(entry);
                } else {
                    made.entries.add(read(entry, made, sha));
                }
            }
            return made;
        }

        private LayerEntry read(LayerEntry entry, Part into, MessageDigest sha) {
            try (OpenFile open = root.openFile(entry.path())) {
                LayerEntry file = entry.content() != null ? entry : withAttributes(entry, open);
                into.put(TarHeader.encode(file));
                int size = (int) file.size();
                into.reserve(size);
                if (size > 0 && open.read(into.bytes, into.length, size) != size) {
                    throw changed(file);
                }
                Digest content = file.content();
                if (content == null) {
                    sha.update(into.bytes, into.length, size);
                    content = Digest.sha256(sha.digest());
                }
                into.length += size;
                into.pad(padding(file));
                return entry.content() != null ? entry : file.with(file.xattrs(), content);
            }
        }

        @Override
        public void hand(Sink sink) throws InterruptedException {
            Part made = result(part);
            sink.bytes(made.bytes, 0, made.length);
            for (LayerEntry entry : made.entries) {
                sink.written(entry);
            }
            if (made.bytes.length == BATCH_BYTES) {
                spare.add(made.bytes);
            }
        }
    }

    private final class Large implements Batch {
        private static final Piece END = new Piece(new byte[0], 0);
        private final LayerEntry file;
        private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(4);
        private final BlockingQueue<Piece> free = new ArrayBlockingQueue<>(8);
        private final Future<@Nullable Digest> read;

        Large(LayerEntry entry) {
            if (entry.content() != null) {
                file = entry;
            } else {
                // The header stands before the bytes, so the attributes are needed before the first piece.
                try (OpenFile open = root.openFile(entry.path())) {
                    file = withAttributes(entry, open);
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
        public void hand(Sink sink) throws InterruptedException {
            byte[] header = TarHeader.encode(file);
            sink.bytes(header, 0, header.length);
            Piece piece = pieces.take();
            while (!piece.isEnd()) {
                sink.bytes(piece.bytes, 0, piece.length);
                if (file.content() != null) {
                    free.offer(piece);
                }
                piece = pieces.take();
            }
            LayerEntry known = file.with(file.xattrs(), result(read));
            sink.bytes(new byte[TarHeader.BLOCK], 0, padding(file));
            sink.written(known);
        }
    }
}
