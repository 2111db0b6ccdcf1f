package dev.drydock.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import dev.drydock.layer.Compressor.Form;
import dev.drydock.layer.Compressor.Kind;
import dev.drydock.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressorTest {
    private static final int BLOCK = 512 * 1024;

    private static byte[] text(int size) {
        byte[] bytes = new byte[size];
        Random random = new Random(size);
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) ("etaoin shrdlu\n".charAt(random.nextInt(14)));
        }
        return bytes;
    }

    private static byte[] compress(byte[] bytes, Form form, int step) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Compressor compressor = new Compressor();
                OutputStream compressed = compressor.open(out, form)) {
            for (int i = 0; i < bytes.length; i += step) {
                compressed.write(bytes, i, Math.min(step, bytes.length - i));
            }
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 77})
    void everyLengthComesBackFromEveryForm(int size) throws IOException {
        byte[] bytes = text(size);
        for (Kind kind : Kind.values()) {
            byte[] compressed = compress(bytes, Form.of(kind), 10_000);
            try (InputStream plain = ArchiveStream.open(new ByteArrayInputStream(compressed))) {
                assertThat(plain.readAllBytes()).as(kind + " " + size).isEqualTo(bytes);
            }
        }
        try (InputStream plain =
                new GZIPInputStream(new ByteArrayInputStream(compress(bytes, new Form(Kind.GZIP, 9), 7777)))) {
            assertThat(plain.readAllBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void theBytesDoNotDependOnHowTheyWereWritten() throws IOException {
        byte[] bytes = text(2 * BLOCK + 5);
        for (Kind kind : Kind.values()) {
            assertThat(compress(bytes, Form.of(kind), 999)).isEqualTo(compress(bytes, Form.of(kind), bytes.length));
        }
    }

    @Test
    void blocksCostLittleAgainstOneStream() throws IOException {
        byte[] bytes = text(8 * BLOCK);
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        try (OutputStream gzip = new java.util.zip.GZIPOutputStream(one)) {
            gzip.write(bytes);
        }
        assertThat(compress(bytes, new Form(Kind.GZIP, 6), BLOCK).length).isLessThan(one.size() * 101 / 100);
    }

    /** Names under which results are remembered, and digests of images, hold for these bytes: see decision 40. */
    @Test
    void theBytesAreTheseOnEveryMachine() throws IOException {
        Requires.that(Libdeflate.isAvailable(), "needs libdeflate for this machine");
        assertThat(Digest.of(compress(text(3 * BLOCK + 77), Form.of(Kind.GZIP), 10_000)))
                .hasToString("sha256:6192ad32383176fa4d5130400ec736e21fbf3ed0e1e239da3a6e12bbea5cb7ac");
    }

    /** Random bytes and text in turn: what is packed already is stored, what is not is not, and nothing is lost. */
    @Test
    void bytesThatAreDenseAlreadyAreStored() throws IOException {
        Requires.that(Libdeflate.isAvailable(), "needs libdeflate for this machine");
        byte[] bytes = text(4 * BLOCK);
        byte[] noise = new byte[BLOCK];
        new Random(7).nextBytes(noise);
        System.arraycopy(noise, 0, bytes, BLOCK, BLOCK);
        byte[] packed = compress(bytes, Form.of(Kind.GZIP), 5000);
        assertThat(Digest.of(packed))
                .hasToString("sha256:23c8180cfe98d0b998fb5213cb040305f577b4cadf4efa71ba65f6f8071b5d4f");
        assertThat(packed.length).isBetween(BLOCK, 3 * BLOCK);
        try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            assertThat(plain.readAllBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void onlyWhatLooksRandomIsDense() {
        byte[] noise = new byte[BLOCK];
        new Random(7).nextBytes(noise);
        assertThat(Density.isDense(noise, BLOCK)).isTrue();
        assertThat(Density.isDense(noise, 1000)).as("too short to tell").isFalse();
        assertThat(Density.isDense(text(BLOCK), BLOCK)).isFalse();
        for (int i = 0; i < BLOCK; i++) {
            noise[i] = (byte) (noise[i] & 0x7F); // a bit of each byte is always zero
        }
        assertThat(Density.isDense(noise, BLOCK)).isFalse();
    }

    @Test
    void aMachineWithoutTheLibraryGetsOneMember() throws IOException {
        byte[] bytes = text(3 * BLOCK + 77);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ExecutorService workers = Executors.newFixedThreadPool(3);
        try (ParallelGzip gzip = new ParallelGzip(out, 6, workers)) {
            gzip.write(bytes);
        } finally {
            workers.shutdown();
        }
        try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            assertThat(plain.readAllBytes()).isEqualTo(bytes);
        }
    }
}
