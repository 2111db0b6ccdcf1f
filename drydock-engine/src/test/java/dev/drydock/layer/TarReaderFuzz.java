package dev.drydock.layer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TarReaderFuzz {
    @FuzzTest
    void anyBytesAreEntriesOrMalformed(byte[] bytes) throws Exception {
        TarReader tar = new TarReader(new ByteArrayInputStream(bytes));
        byte[] buffer = new byte[512];
        try {
            for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
                entry.hashCode();
                tar.read(buffer);
            }
        } catch (MalformedArchive refused) {
            return;
        }
    }

    @Test
    void damagedArchivesAreEntriesOrMalformed() throws Exception {
        ByteArrayOutputStream good = new ByteArrayOutputStream();
        good.writeBytes(TarHeader.encode(LayerEntry.directory("d".repeat(300), 0755, 1 << 30, 2, -3)));
        good.writeBytes(TarHeader.encode(LayerEntry.symlink("ü", "c".repeat(120), 1, 2, 3)));
        good.writeBytes(TarHeader.encode(LayerEntry.file(
                "f",
                0644,
                0,
                0,
                100,
                0,
                List.of(new Xattr("security.capability", new byte[] {'\n', '=', 0})),
                dev.drydock.oci.Digest.of(new byte[0]))));
        good.writeBytes(new byte[512 + 1024]);
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.toByteArray();
            for (int j = random.nextInt(3); j >= 0; j--) {
                int at = random.nextInt(bytes.length);
                bytes[at] = (byte) random.nextInt();
                repairChecksum(bytes, at / 512 * 512);
            }
            anyBytesAreEntriesOrMalformed(bytes);
        }
    }

    /** So that damage gets beyond the first check. */
    private static void repairChecksum(byte[] bytes, int block) {
        if (bytes[block + 257] != 'u') {
            return;
        }
        java.util.Arrays.fill(bytes, block + 148, block + 156, (byte) ' ');
        int sum = 0;
        for (int i = block; i < block + 512; i++) {
            sum += bytes[i] & 0xFF;
        }
        for (int i = block + 153; i >= block + 148; i--) {
            bytes[i] = (byte) ('0' + (sum & 7));
            sum >>= 3;
        }
        bytes[block + 154] = 0;
    }
}
