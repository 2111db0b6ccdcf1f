package dev.drydock.snapshot;

import dev.drydock.fault.CorruptData;
import dev.drydock.oci.Digest;
import dev.drydock.scope.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The index file of a layer: a header of fixed size with the facts that the store needs, and a body that only
 * {@code layer} reads. Both carry checksums.
 */
public final class IndexFile {
    static final int HEADER_SIZE = 96;
    private static final byte[] MAGIC = "DDLAYER1".getBytes(StandardCharsets.US_ASCII);

    /** Before a checksum, which takes 32 bits; indexes that were written without one have zeros there. */
    private static final long HAS_CRC = 1L << 32;

    private IndexFile() {}

    /**
     * The body of a layer's index, read whole.
     *
     * @throws CorruptData if it is not what was written
     */
    public static ByteBuffer body(Layer layer) {
        try (FileChannel channel = FileChannel.open(layer.index(), StandardOpenOption.READ)) {
            ByteBuffer file = ByteBuffer.allocate(Math.toIntExact(channel.size()));
            while (file.hasRemaining() && channel.read(file) >= 0) {}
            file.flip();
            header(file, layer.index());
            ByteBuffer body = file.slice(HEADER_SIZE, file.limit() - HEADER_SIZE);
            CRC32C crc = new CRC32C();
            crc.update(body.duplicate());
            if (crc.getValue() != (file.getInt(84) & 0xFFFFFFFFL) || body.limit() != file.getLong(76)) {
                throw corrupt(layer.index());
            }
            return body;
        } catch (IOException e) {
            throw Disk.fault("read " + layer.index(), e);
        }
    }

    /**
     * The CRC-32 of a layer's tar stream, {@link LayerFacts#UNKNOWN} for layers that have none.
     *
     * @throws CorruptData if the index is not what was written
     */
    public static long tarCrc(Layer layer) {
        try {
            return facts(layer.index()).tarCrc();
        } catch (IOException e) {
            throw Disk.fault("read " + layer.index(), e);
        }
    }

    /** Writes a whole file. */
    static void write(Path file, LayerFacts facts, ByteBuffer body) throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(body.duplicate());
        ByteBuffer header = ByteBuffer.allocate(HEADER_SIZE);
        header.put(MAGIC).put(facts.diffId().bytes()).putLong(facts.tarSize()).putLong(facts.size());
        Instant created = facts.created();
        header.putLong(created.getEpochSecond()).putInt(created.getNano());
        header.putLong(facts.tarCrc() == LayerFacts.UNKNOWN ? 0 : HAS_CRC | facts.tarCrc());
        header.putLong(76, body.remaining()).putInt(84, (int) crc.getValue());
        header.putInt(HEADER_SIZE - 4, headerChecksum(header));
        header.position(0);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            while (header.hasRemaining()) {
                channel.write(header);
            }
            ByteBuffer rest = body.duplicate();
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }
    }

    /**
     * The facts in a file's header.
     *
     * @throws NoSuchFileException if there is no such file
     */
    static LayerFacts facts(Path file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_SIZE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (header.hasRemaining() && channel.read(header) >= 0) {}
        }
        header.flip();
        return header(header, file);
    }

    private static LayerFacts header(ByteBuffer file, Path name) {
        if (file.limit() < HEADER_SIZE || file.getInt(HEADER_SIZE - 4) != headerChecksum(file)) {
            throw corrupt(name);
        }
        byte[] magic = new byte[8];
        byte[] diffId = new byte[32];
        file.get(0, magic).get(8, diffId);
        if (!Arrays.equals(magic, MAGIC)) {
            throw corrupt(name);
        }
        Instant created = Instant.ofEpochSecond(file.getLong(56), file.getInt(64));
        long crc = file.getLong(68);
        return new LayerFacts(
                Digest.sha256(diffId),
                file.getLong(40),
                file.getLong(48),
                created,
                (crc & HAS_CRC) == 0 ? LayerFacts.UNKNOWN : crc & ~HAS_CRC);
    }

    private static int headerChecksum(ByteBuffer file) {
        CRC32C crc = new CRC32C();
        crc.update(file.duplicate().position(0).limit(HEADER_SIZE - 4));
        return (int) crc.getValue();
    }

    private static CorruptData corrupt(Path file) {
        return new CorruptData("read " + file + ": not a whole layer index")
                .hint("drydock fsck --repair says what it belongs to, and mends what can be mended.");
    }
}
