package dev.drydock.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Compressed streams, whole and damaged, without any program. */
@Timeout(300)
class ArchiveStreamTest {
    private static final Map<String, Wrapping> FORMATS = Map.of(
            "gzip", GZIPOutputStream::new,
            "zstd", ZstdOutputStream::new,
            "bzip2", BZip2CompressorOutputStream::new,
            "xz", out -> new XZOutputStream(out, new LZMA2Options()));

    private interface Wrapping {
        OutputStream of(OutputStream out) throws IOException;
    }

    private static byte[] compressed(String format, byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = FORMATS.get(format).of(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private static byte[] plain(byte[] compressed) throws IOException {
        try (InputStream in = ArchiveStream.open(new ByteArrayInputStream(compressed))) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd", "bzip2", "xz"})
    void everyFormatIsReadWhole(String format) throws IOException {
        byte[] text = "some text\n".repeat(20_000).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] once = compressed(format, text);
        assertThat(ArchiveStream.looksLikeArchive(once)).isTrue();
        assertThat(plain(once)).isEqualTo(text);
        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        twice.writeBytes(once);
        twice.writeBytes(once);
        assertThat(plain(twice.toByteArray())).hasSize(2 * text.length);
        assertThatThrownBy(() -> plain(java.util.Arrays.copyOf(once, once.length - 5)))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd", "bzip2", "xz"})
    void damageIsAnIoError(String format) throws IOException {
        Random random = new Random(4);
        byte[] text = new byte[20_000];
        random.nextBytes(text);
        java.util.Arrays.fill(text, 5_000, 15_000, (byte) 'x');
        byte[] whole = compressed(format, text);
        for (int n = 0; n < 300; n++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i <= n % 4; i++) {
                damaged[random.nextInt(n % 3 == 0 ? 40 : damaged.length)] ^= (byte) (1 + random.nextInt(255));
            }
            try {
                assertThat(plain(damaged).length).isLessThan(1 << 24);
            } catch (IOException said) {
                assertThat(said).isNotNull();
            }
        }
    }
}
