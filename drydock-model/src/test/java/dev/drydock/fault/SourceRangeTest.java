package dev.drydock.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceRangeTest {
    private static final String TEXT = """
            FROM a/b
            COPY b ./b/c.txt \\
              --x=y d.txt /e/
            RUN b
            """;

    @ParameterizedTest
    @CsvSource({
        "b, 2:6-7", // a word of its own, though parts of others are the same
        "c.txt, 2:12-17", // part of a word, and the only one
        "y, 3:7-8",
        "d.txt, 3:9-14",
        "/, ", // part of several
        "RUN, ", // outside of the lines
        "'', "
    })
    void aWordIsFoundInTheLines(String word, String place) {
        String found = SourceRange.lines("Dockerfile", 2, 3)
                .find(TEXT, word)
                .map(at -> at.startLine() + ":" + at.startColumn() + "-" + at.endColumn())
                .orElse(null);
        assertThat(found).isEqualTo(place);
    }

    @ParameterizedTest
    @CsvSource({"5, 9", "9, 12"})
    void linesThatTheTextDoesNotHaveAreNoFault(int start, int end) {
        assertThat(SourceRange.lines("Dockerfile", start, end).find(TEXT, "b")).isEmpty();
    }
}
