package dev.drydock.ignore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnoreFileTest {
    @Test
    void commentsBlankLinesAndByteOrderMarkAreDropped() {
        assertThat(IgnoreFile.parse("\uFEFFtarget\r\n# comment\n\n  \n #not a comment\n!  keep \n"))
                .containsExactly("target", "#not a comment", "!keep");
    }

    @Test
    void aPatternIsFoundInTheLastLineThatHasIt() {
        String text = "# *.md\n*.md\n\nsub/\n ./*.md\r\n!README.md\n";
        assertThat(IgnoreFile.lineOf(text, "*.md")).isEqualTo(5);
        assertThat(IgnoreFile.lineOf(text, "sub")).isEqualTo(4);
        assertThat(IgnoreFile.lineOf(text, "!README.md")).isEqualTo(6);
        assertThat(IgnoreFile.lineOf(text, "other")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "foo/, foo",
        "/foo, foo",
        "//foo//bar, foo/bar",
        "./a/../b, b",
        "!/foo/, !foo",
        "! ./foo, !foo",
        "/, /",
        ".., ..",
        "a/.., .",
        "!, !",
        "foo/*/, foo/*"
    })
    void linesAreCleaned(String line, String pattern) {
        assertThat(IgnoreFile.parse(line)).containsExactly(pattern);
    }
}
