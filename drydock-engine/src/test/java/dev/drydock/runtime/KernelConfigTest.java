package dev.drydock.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelConfigTest {
    @TempDir
    Path directory;

    @Test
    void x32IsMissingOnlyWhereTheKernelSaysSo() throws IOException {
        assertThat(lacksX32("config", "CONFIG_64BIT=y\n# CONFIG_X86_X32_ABI is not set\nCONFIG_COMPAT=y\n"))
                .isTrue();
        assertThat(lacksX32("old", "CONFIG_64BIT=y\n# CONFIG_X86_X32 is not set\nCONFIG_COMPAT=y\n"))
                .isTrue();
        assertThat(lacksX32("config.gz", "CONFIG_64BIT=y\n# CONFIG_X86_X32_ABI is not set\n"))
                .isTrue();
        assertThat(lacksX32("debian", "CONFIG_X86_X32_ABI=y\nCONFIG_X86_X32_DISABLED=y\n"))
                .isFalse();
        assertThat(lacksX32("reordered", "# CONFIG_X86_X32_DISABLED is not set\nCONFIG_X86_X32_ABI=y\n"))
                .isFalse();
        assertThat(lacksX32("empty", "")).isFalse();
    }

    @Test
    void theFirstFileThatCanBeReadCounts() throws IOException {
        Path says = write("says", "\n# CONFIG_X86_X32_ABI is not set\n");
        Path denies = write("denies", "CONFIG_X86_X32_ABI=y\n");
        Path none = directory.resolve("none");
        Path broken = Files.writeString(directory.resolve("broken.gz"), "no archive");
        assertThat(KernelConfig.lacksX32(List.of(none, broken, says, denies))).isTrue();
        assertThat(KernelConfig.lacksX32(List.of(none, denies, says))).isFalse();
        assertThat(KernelConfig.lacksX32(List.of(none))).isFalse();
    }

    private boolean lacksX32(String name, String text) throws IOException {
        return KernelConfig.lacksX32(List.of(write(name, text)));
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        try (OutputStream plain = Files.newOutputStream(file);
                OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(plain) : plain) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        return file;
    }
}
