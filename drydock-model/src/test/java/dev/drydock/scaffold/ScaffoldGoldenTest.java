package dev.drydock.scaffold;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Whole outputs, as files: {@code scaffold/<case>/project} is what init looks at, {@code scaffold/<case>/expected} what it
 * writes with every default. Run with {@code REWRITE_GOLDEN=1} to write the latter anew, then read the difference.
 */
class ScaffoldGoldenTest {
    private static final Path HERE = Stream.of("src/test/resources", "drydock-model/src/test/resources")
            .map(Path::of)
            .filter(Files::isDirectory)
            .findFirst()
            .orElseThrow()
            .resolve("scaffold");
    private static final boolean REWRITE = System.getenv("REWRITE_GOLDEN") != null && System.getenv("CI") == null;

    @TestFactory
    List<DynamicTest> writesTheseFiles() throws IOException {
        var tests = new ArrayList<DynamicTest>();
        try (Stream<Path> cases = Files.list(HERE)) {
            cases.sorted()
                    .forEach(golden -> tests.add(
                            DynamicTest.dynamicTest(golden.getFileName().toString(), () -> check(golden))));
        }
        assertThat(tests).hasSizeGreaterThanOrEqualTo(4);
        return tests;
    }

    private static void check(Path golden) throws IOException {
        var fixture = new ProjectFixture();
        read(golden.resolve("project")).forEach(fixture::file);
        ProjectView project = fixture.view();
        Language language =
                Languages.detect(project).or(() -> Languages.named("other")).orElseThrow();
        Proposal proposal =
                language.plan(project, "rustc 1.95.0 (x)").propose(new Answers("app", "compose.yaml", Map.of()));
        var written = new TreeMap<>(proposal.files());
        written.put("notes.txt", String.join("\n", proposal.notes()) + "\n");
        Path expected = golden.resolve("expected");
        if (REWRITE) {
            Files.createDirectories(expected);
            for (Map.Entry<String, String> file : written.entrySet()) {
                Files.writeString(expected.resolve(file.getKey()), file.getValue());
            }
        }
        Map<String, String> known = read(expected);
        assertThat(written.keySet()).isEqualTo(new TreeMap<>(known).keySet());
        known.forEach((name, text) -> assertThat(written.get(name)).as(name).isEqualTo(text));
        assertThat(written.values())
                .allSatisfy(text -> assertThat(text).endsWith("\n").doesNotContain("{{", "\t", " \n"));
    }

    private static Map<String, String> read(Path directory) throws IOException {
        var files = new LinkedHashMap<String, String>();
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path path : found.filter(Files::isRegularFile).sorted().toList()) {
                files.put(directory.relativize(path).toString(), Files.readString(path));
            }
        }
        return files;
    }
}
