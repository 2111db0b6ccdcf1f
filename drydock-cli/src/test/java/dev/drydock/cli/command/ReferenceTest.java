package dev.drydock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** {@code docs/cli} says what the commands say. Run it with {@code -Ddrydock.reference=write} to write the pages anew. */
class ReferenceTest {
    private static final Path FOLDER = Path.of("..", "docs", "cli");
    private static final String ANEW =
            "docs/cli is stale: ./mvnw -q test -pl drydock-cli -am -Dtest=ReferenceTest,DigestTest,CacheStoreTest"
                    + " -Ddrydock.reference=write";

    @Test
    void thePagesAreThoseOfTheCommands() throws IOException {
        SortedMap<String, String> pages = ReferencePages.all();
        if ("write".equals(System.getProperty("drydock.reference"))) {
            write(pages);
        }
        for (Map.Entry<String, String> page : pages.entrySet()) {
            assertThat(FOLDER.resolve(page.getKey())).as(ANEW).exists().hasContent(page.getValue());
        }
        try (var files = Files.list(FOLDER)) {
            assertThat(new TreeSet<>(
                            files.map(file -> file.getFileName().toString()).toList()))
                    .as(ANEW)
                    .isEqualTo(pages.keySet());
        }
    }

    private static void write(SortedMap<String, String> pages) throws IOException {
        Files.createDirectories(FOLDER);
        try (var files = Files.list(FOLDER)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        for (Map.Entry<String, String> page : pages.entrySet()) {
            Files.writeString(FOLDER.resolve(page.getKey()), page.getValue());
        }
    }
}
