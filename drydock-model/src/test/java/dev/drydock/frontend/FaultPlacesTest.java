package dev.drydock.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.SourceRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every message of the language with its place, one a line in {@code language/places.txt}: a Dockerfile, {@code ⏎} for its
 * line ends and {@code « »} around the word that is pointed at; the lines of the place; the message.
 */
class FaultPlacesTest {
    private static final String SEPARATOR = " \\|\\| ";

    @TestFactory
    Stream<DynamicTest> everyMessageHasItsPlace() throws IOException {
        String all;
        try (InputStream in = FaultPlacesTest.class.getResourceAsStream("/language/places.txt")) {
            all = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        return all.lines().map(line -> DynamicTest.dynamicTest(line, () -> compare(line.split(SEPARATOR, 3))));
    }

    private static void compare(String[] parts) {
        String marked = parts[0].replace('⏎', '\n');
        String text = marked.replace("«", "").replace("»", "");
        FakeImages images = new FakeImages();
        images.put("base:1", "\"Env\":[\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\"]");
        DrydockException fault = catchThrowableOfType(
                DrydockException.class,
                () -> new DockerfileFrontend()
                        .outline(new Frontend.Definition("Dockerfile", text), Requests.options(), images));
        assertThat(fault.text()).isEqualTo(parts[2]);
        SourceRange range = fault.range().orElseThrow();
        assertThat(range.file()).isEqualTo("Dockerfile");
        assertThat(range.startLine() + (range.endLine() > range.startLine() ? "-" + range.endLine() : ""))
                .isEqualTo(parts[1]);
        assertThat(withMarks(text, fault.word(text).orElseThrow())).isEqualTo(marked);
    }

    private static String withMarks(String text, SourceRange word) {
        List<String> lines = new java.util.ArrayList<>(List.of(text.split("\n", -1)));
        String line = lines.get(word.startLine() - 1);
        lines.set(
                word.startLine() - 1,
                line.substring(0, word.startColumn() - 1) + "«"
                        + line.substring(word.startColumn() - 1, word.endColumn() - 1) + "»"
                        + line.substring(word.endColumn() - 1));
        return String.join("\n", lines);
    }
}
