package dev.drydock.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** What the running kernel was built with, where it or its package tells. */
final class KernelConfig {
    /** The first is what kernels before 5.18 call it. */
    private static final Set<String> NO_X32 = Set.of("# CONFIG_X86_X32 is not set", "# CONFIG_X86_X32_ABI is not set");

    private KernelConfig() {}

    /**
     * Whether the kernel certainly runs no x32 programs. One that leaves it to be switched on when it starts, as Debian's
     * does, counts as one that runs them, and so does one that does not tell.
     */
    static boolean lacksX32() {
        String release = System.getProperty("os.version");
        return lacksX32(List.of(
                Path.of("/proc/config.gz"),
                Path.of("/boot/config-" + release),
                Path.of("/usr/lib/modules", release, "config")));
    }

    /** The first of the files that can be read counts. */
    static boolean lacksX32(List<Path> files) {
        return files.stream()
                .flatMap(file -> text(file).stream())
                .findFirst()
                .filter(text -> text.lines().anyMatch(NO_X32::contains))
                .isPresent();
    }

    private static Optional<String> text(Path file) {
        try (InputStream plain = Files.newInputStream(file);
                InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(plain) : plain) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty(); // not there, or not for us to see
        }
    }
}
