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

    private final OutputStream out;
    private final Written entries;
    private final MessageDigest sha = Digest.newSha256();
    private long total;
    private long files;

    private TarWriter(OutputStream out, Written entries) {
        this.out = out;
        this.entries = entries;
    }

    /** Hears of each entry when it is in the stream, in order; by then its content is known. */
    interface Written {
        void add(LayerEntry entry);
    }

    /**
     * A tar stream.
     *
     * @param files the bytes of the files in it
     */
    record Stream(Digest digest, long length, long files) {
        LayerFacts facts(java.time.Instant created) {
            return new LayerFacts(digest, length, files, created);
        }
    }

    /**
     * Writes a committed layer's tar stream, uncompressed; {@code out} is not closed.
     *
     * @throws dev.drydock.fault.CorruptData if its digest is not the layer's diff ID, after the bytes were written
     */
    public static void write(Layer layer, OutputStream out) throws InterruptedException {
        try (Directory fs = Directory.open(layer.fs())) {
            Stream stream = write(fs, LayerIndex.of(layer), out, _ -> {});
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
            Stream stream = write(fs, entries, out, _ -> {});
            return new Facts(stream.digest, stream.length);
        }
    }

    /** Writes entries that are in order; the bytes of files are read below {@code fs}. */
    static Stream write(Directory fs, List<LayerEntry> entries, OutputStream out, Written written)
            throws InterruptedException {
        TarWriter writer = new TarWriter(out, written);
        try (TarPieces pieces = new TarPieces(fs, entries)) {
            TarPieces.Sink sink = writer.new PieceSink();
            while (pieces.next(sink)) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
        writer.put(new byte[2 * TarHeader.BLOCK], 0, 2 * TarHeader.BLOCK);
        return new Stream(Digest.sha256(writer.sha.digest()), writer.total, writer.files);
    }

    private final class PieceSink implements TarPieces.Sink {
        @Override
        public void bytes(byte[] buffer, int offset, int length) {
            put(buffer, offset, length);
        }

        @Override
        public void written(LayerEntry entry) {
            files += entry.hasBytes() ? entry.size() : 0;
            entries.add(entry);
        }
    }

    private void put(byte[] bytes, int offset, int length) {
        sha.update(bytes, offset, length);
        total += length;
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw Disk.fault("write layer", e);
        }
    }
}
