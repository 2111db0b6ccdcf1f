package dev.drydock.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PathPatternTest {
    /** The table of Go's own test of {@code filepath.Match}, as far as it is about one segment. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "abc, abc, true",
                "*, abc, true",
                "*c, abc, true",
                "a*, a, true",
                "a*, abc, true",
                "a*, ab.c, true",
                "a*b?c*x, abxbbxdbxebxczzx, true",
                "a*b?c*x, abxbbxdbxebxczzy, false",
                "ab[c], abc, true",
                "ab[b-d], abc, true",
                "ab[e-g], abc, false",
                "ab[^c], abc, false",
                "ab[^b-d], abc, false",
                "ab[^e-g], abc, true",
                "a\\*b, a*b, true",
                "a\\*b, ab, false",
                "a?b, a☺b, true",
                "a[^a]b, a☺b, true",
                "a???b, a☺b, false",
                "[a-ζ]*, α, true",
                "*[a-ζ], A, false",
                "[\\]a], ], true",
                "[\\-], -, true",
                "[x\\-], x, true",
                "[x\\-], -, true",
                "[x\\-], z, false",
                "[\\-x], a, false",
                "*x, xxx, true",
                ".*, .hidden, true",
                "*, .hidden, true"
            })
    void itMatchesAsGoDoes(String pattern, String name, boolean expected) {
        assertThat(PathPattern.matches(pattern, name)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]a]", "[-]", "[x-]", "[-x]", "a[", "[a", "a\\", "[a-b-c]x["})
    void brokenPatternsAreFaults(String pattern) {
        assertThatThrownBy(() -> PathPattern.matches(pattern, "a"))
                .isInstanceOf(UserFault.class)
                .hasMessageEndingWith("syntax error in pattern");
    }
}
