package dev.drydock.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.linux.Directory;
import dev.drydock.linux.OpenFile;
import dev.drydock.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FileDigestTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path temp = Path.of("unset");

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1000, 1001, 8 * MIB - 1, 8 * MIB, 9 * MIB + 1, 10 * MIB + 256 * 1024})
    void everyByteCountsOnce(int size) throws IOException, InterruptedException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Files.write(temp.resolve("f"), bytes);
        FileDigest digest = new FileDigest(new byte[1000]);
        // What is believed of the size does not matter.
        for (long believed : new long[] {0, size, 64L * MIB}) {
            try (Directory directory = Directory.open(temp);
                    OpenFile file = directory.openFile("f")) {
                byte[] hash = digest.of(file, believed);
                assertThat(Digest.sha256(hash)).isEqualTo(Digest.of(bytes));
            }
        }
    }

    @Test
    void aReadThatFailsIsThrown() {
        try (Directory directory = Directory.open("/proc/self")) {
            try (OpenFile memory = directory.openFile("mem")) {
                assertThatThrownBy(() -> new FileDigest(new byte[1000]).of(memory, 64L * MIB))
                        .isInstanceOf(EnvironmentFault.class)
                        .hasMessageContaining("input/output error");
            }
        }
    }
}
