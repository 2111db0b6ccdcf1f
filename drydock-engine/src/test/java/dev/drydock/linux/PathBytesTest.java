package dev.drydock.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PathBytesTest {
    @Test
    void everyByteStringSurvives() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            assertThat(PathBytes.encode(PathBytes.decode(bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void validUtf8IsDecodedAsUtf8() {
        for (String text : new String[] {"plain", "größe", "日本語", "🚢/x", ""}) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThat(PathBytes.decode(bytes)).isEqualTo(text);
            assertThat(PathBytes.encode(text)).isEqualTo(bytes);
        }
    }

    @Test
    void encodedSurrogatesAndOverlongFormsAreNotUtf8() {
        for (byte[] bytes : new byte[][] {
            {(byte) 0xED, (byte) 0xB2, (byte) 0x80},
            {(byte) 0xC0, (byte) 0xAF},
            {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80}
        }) {
            assertThat(PathBytes.decode(bytes)).hasSize(bytes.length);
            assertThat(PathBytes.encode(PathBytes.decode(bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void orderIsThatOfTheBytesWithTheSlashFirst() {
        Random random = new Random(2);
        byte[] alphabet = {
            'a', '/', '-', '.', (byte) 0x80, (byte) 0xF0, (byte) 0x9F, (byte) 0x9A, (byte) 0xA2, (byte) 0xEE
        };
        for (int i = 0; i < 20_000; i++) {
            byte[] a = pick(random, alphabet);
            byte[] b = pick(random, alphabet);
            int expected = Arrays.compareUnsigned(slashToZero(a), slashToZero(b));
            assertThat(Integer.signum(PathBytes.compare(PathBytes.decode(a), PathBytes.decode(b))))
                    .isEqualTo(Integer.signum(expected));
        }
    }

    private static byte[] pick(Random random, byte[] alphabet) {
        byte[] bytes = new byte[random.nextInt(6)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = alphabet[random.nextInt(alphabet.length)];
        }
        return bytes;
    }

    private static byte[] slashToZero(byte[] bytes) {
        byte[] mapped = bytes.clone();
        for (int i = 0; i < mapped.length; i++) {
            mapped[i] = mapped[i] == '/' ? 0 : mapped[i];
        }
        return mapped;
    }
}
