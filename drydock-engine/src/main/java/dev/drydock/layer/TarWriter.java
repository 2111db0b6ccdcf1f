package dev.drydock.layer;

import dev.drydock.fault.CorruptData;
import dev.drydock.linux.Directory;
import dev.drydock.oci.Digest;
import dev.drydock.scope.Disk;
import dev.drydock.snapshot.IndexFile;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerFacts;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Writes the tar stream of a layer: a pure, versioned function of the layer's index and its files, so that the bytes that
 * once gave the diff ID can be made again at any time.
 */
public final class TarWriter {
    /** Raised when the same layer would give another stream, and with it another diff ID. */
    public static final int VERSION = 1;

    private final OutputStream out;
    private final Written entries;
    private final Sums sums;
    private long total;
    private long files;

    private TarWriter(OutputStream out, Written entries, Sums sums) {
        this.out = out;
        this.entries = entries;
        this.sums = sums;
    }

    /** What is worked out of a stream's bytes. */
    private static final class Sums {
        private final @Nullable MessageDigest sha;
        private final @Nullable CRC32 crc;

        Sums(@Nullable MessageDigest sha, @Nullable CRC32 crc) {
            this.sha = sha;
            this.crc = crc;
        }

        void update(byte[] bytes, int offset, int length) {
            if (sha != null) {
                sha.update(bytes, offset, length);
            }
            if (crc != null) {
                crc.update(bytes, offset, length);
            }
        }

        Digest digest() {
            return Digest.sha256(Objects.requireNonNull(sha).digest());
        }

        long crc() {
            return crc == null ? LayerFacts.UNKNOWN : crc.getValue();
        }
    }

    /** Hears of each entry when it is in the stream, in order; by then its content is known. */
    interface Written {
        void add(LayerEntry entry);
    }

    /**
     * A tar stream.
     *
     * @param crc its CRC-32
     * @param files the bytes of the files in it
     */
    record Stream(Digest digest, long crc, long length, long files) {
        LayerFacts facts(java.time.Instant created) {
            return new LayerFacts(digest, length, files, created, crc);
        }
    }

    /**
     * Writes a committed layer's tar stream, uncompressed; {@code out} is not closed. The bytes are checked against the diff ID,
     * or where {@code out} works out their checksum anyway, against the one that the layer was committed with (decision 41).
     *
     * @throws dev.drydock.fault.CorruptData if they are not those of the layer, after they were written
     */
    public static void write(Layer layer, OutputStream out) throws InterruptedException {
        long crc = out instanceof GzipMembers ? IndexFile.tarCrc(layer) : LayerFacts.UNKNOWN;
        try (Directory fs = Directory.open(layer.fs())) {
            boolean same;
            if (out instanceof GzipMembers members && crc != LayerFacts.UNKNOWN) {
                TarWriter writer = new TarWriter(out, _ -> {}, new Sums(null, null));
                writer.write(fs, LayerIndex.of(layer));
                same = members.crc32() == crc && writer.total == layer.tarSize();
            } else {
                TarWriter writer = new TarWriter(out, _ -> {}, new Sums(Digest.newSha256(), null));
                writer.write(fs, LayerIndex.of(layer));
                same = writer.sums.digest().equals(layer.diffId());
            }
            if (!same) {
                throw new CorruptData("write layer " + layer.id() + ": its files have changed")
                        .hint("Remove the images that use it and build them again.");
            }
        } catch (IOException e) {
            throw Disk.fault("write layer", e);
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
            TarWriter writer = new TarWriter(out, _ -> {}, new Sums(Digest.newSha256(), null));
            writer.write(fs, entries);
            return new Facts(writer.sums.digest(), writer.total);
        }
    }

    /** Writes entries that are in order; the bytes of files are read below {@code fs}. */
    static Stream write(Directory fs, List<LayerEntry> entries, OutputStream out, Written written)
            throws InterruptedException {
        TarWriter writer = new TarWriter(out, written, new Sums(Digest.newSha256(), new CRC32()));
        writer.write(fs, entries);
        return new Stream(writer.sums.digest(), writer.sums.crc(), writer.total, writer.files);
    }

    private void write(Directory fs, List<LayerEntry> all) throws InterruptedException {
        try (TarPieces pieces = new TarPieces(fs, all)) {
            TarPieces.Sink sink = new PieceSink();
            while (pieces.next(sink)) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
        put(new byte[2 * TarHeader.BLOCK], 0, 2 * TarHeader.BLOCK);
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
        sums.update(bytes, offset, length);
        total += length;
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw Disk.fault("write layer", e);
        }
    }
}
