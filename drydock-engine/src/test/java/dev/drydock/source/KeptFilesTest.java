package dev.drydock.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptFilesTest {
    private static final int KEPT = 100;

    @TempDir
    Path directory;

    /** While one looks for the oldest files others remove them. */
    @Test
    void severalWritersDropOldFilesAtOnce() throws Exception {
        List<Callable<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String name = "w" + i + "-";
            writers.add(() -> {
                KeptFiles files = new KeptFiles(directory, KEPT);
                for (int j = 0; j < 500; j++) {
                    files.write(name + j, new byte[] {1});
                }
                return null;
            });
        }
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (Future<Void> each : threads.invokeAll(writers)) {
                each.get();
            }
        }
        KeptFiles files = new KeptFiles(directory, KEPT);
        files.write("last", new byte[] {2});
        assertThat(files.read("last"))
                .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(2));
        try (var left = Files.list(directory)) {
            assertThat(left.count()).isBetween(1L, KEPT + KEPT / 4L);
        }
    }

    @Test
    void theOldestGo() throws Exception {
        for (int i = 0; i < 200; i++) {
            Path file = Files.write(directory.resolve("f" + i), new byte[] {1});
            Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1_000L * (i + 1)));
        }
        new KeptFiles(directory, KEPT).write("new", new byte[] {2});
        assertThat(directory.resolve("new")).exists();
        assertThat(directory.resolve("f199")).exists();
        assertThat(directory.resolve("f102")).exists();
        assertThat(directory.resolve("f100")).doesNotExist();
        assertThat(directory.resolve("f0")).doesNotExist();
    }
}
