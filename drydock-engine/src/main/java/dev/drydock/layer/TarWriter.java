package dev.drydock.layer;

import dev.drydock.linux.Directory;
import dev.drydock.oci.Digest;
import dev.drydock.scope.Disk;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerFacts;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the tar stream of a layer: a pure, versioned function of the layer's index and its files, so that the bytes that
 * once gave the diff ID can be made again at any time.
 */
public final class TarWriter {
    /** Raised when the same layer would give another stream, and with it another diff ID. */
    public static final int VERSION = 1;

    private static final int BUFFER = 128 * 1024;
    /** From this length on, bytes are handed on as they come; less is gathered first. */
    private static final int UNCOPIED = 16 * 1024;

    private final OutputStream out;
    private final MessageDigest sha = Digest.newSha256();
    private final byte[] buffer = new byte[BUFFER];
    private final List<LayerEntry> written = new ArrayList<>();
    private int filled;
    private long total;

    private TarWriter(OutputStream out) {
        this.out = out;
    }

    /** A tar stream: its digest, its length, and its entries with all contents known. */
    record Stream(Digest digest, long length, List<LayerEntry> entries) {
        LayerFacts facts(java.time.Instant created) {
            long size = 0;
            for (LayerEntry entry : entries) {
                size += entry.hasBytes() ? entry.size() : 0;
            }
            return new LayerFacts(digest, length, size, created);
        }
    }

    /**
     * Writes a committed layer's tar stream, uncompressed; {@code out} is not closed.
     *
     * @throws dev.drydock.fault.CorruptData if its digest is not the layer's diff ID, after the bytes were written
     */
    public static void write(Layer layer, OutputStream out) throws InterruptedException {
        try (Directory fs = Directory.open(layer.fs())) {
            Stream stream = write(fs, LayerIndex.of(layer), out);
            if (!stream.digest.equals(layer.diffId())) {
                throw new dev.drydock.fault.CorruptData("write layer " + layer.id() + ": its files have changed")
                        .hint("Remove the images that use it and build them again.");
            }
        }
    }

    /** The digest and the length of a tar stream. */
    public record Facts(Digest diffId, long size) {}

    /**
     * Writes a committed layer's tar stream as {@link #write(Layer, OutputStream)} does, but no entry is younger than
     * {@code latestNs}, in nanoseconds since the epoch.
     */
    public static Facts clamped(Layer layer, long latestNs, OutputStream out) throws InterruptedException {
        List<LayerEntry> entries = new ArrayList<>();
        for (LayerEntry entry : LayerIndex.of(layer)) {
            entries.add(entry.mtimeNs() > latestNs ? entry.withTime(latestNs) : entry);
        }
        try (Directory fs = Directory.open(layer.fs())) {
            Stream stream = write(fs, entries, out);
            return new Facts(stream.digest, stream.length);
        }
    }

    /** Writes entries that are in order; the bytes of files are read below {@code fs}. */
    static Stream write(Directory fs, List<LayerEntry> entries, OutputStream out) throws InterruptedException {
        TarWriter writer = new TarWriter(out);
        List<LayerEntry> files = new ArrayList<>();
        for (LayerEntry entry : entries) {
            if (entry.hasBytes()) {
                files.add(entry);
            }
        }
        try (ContentPipeline pipeline = new ContentPipeline(fs, files)) {
            for (LayerEntry entry : entries) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (entry.hasBytes()) {
                    pipeline.next(writer.new FileSink());
                } else {
                    writer.put(TarHeader.encode(entry));
                    writer.written.add(entry);
                }
            }
        }
        return writer.finish();
    }

    private final class FileSink implements ContentPipeline.Sink {
        @Override
        public void begin(LayerEntry file) {
            put(TarHeader.encode(file));
        }

        @Override
        public void bytes(byte[] bytes, int offset, int length) {
            put(bytes, offset, length);
        }

        @Override
        public void end(LayerEntry file) {
            int rest = (int) (file.size() % TarHeader.BLOCK);
            if (rest > 0) {
                put(new byte[TarHeader.BLOCK - rest]);
            }
            written.add(file);
        }
    }

    private Stream finish() {
        put(new byte[2 * TarHeader.BLOCK]);
        flush();
        return new Stream(Digest.sha256(sha.digest()), total, written);
    }

    private void put(byte[] bytes) {
        put(bytes, 0, bytes.length);
    }

    private void put(byte[] bytes, int offset, int length) {
        if (length > BUFFER - filled || length >= UNCOPIED) {
            flush();
            if (length >= UNCOPIED) {
                emit(bytes, offset, length);
                return;
            }
        }
        System.arraycopy(bytes, offset, buffer, filled, length);
        filled += length;
    }

    private void flush() {
        emit(buffer, 0, filled);
        filled = 0;
    }

    private void emit(byte[] bytes, int offset, int length) {
        sha.update(bytes, offset, length);
        total += length;
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw Disk.fault("write layer", e);
        }
    }
}
