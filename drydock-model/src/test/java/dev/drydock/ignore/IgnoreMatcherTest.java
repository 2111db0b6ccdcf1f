package dev.drydock.ignore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import dev.drydock.house.ProcessorTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IgnoreMatcherTest {
    private static IgnoreMatcher matcher(String lines) {
        return IgnoreMatcher.of(IgnoreFile.parse(lines.replace(';', '\n')));
    }

    @ParameterizedTest
    @CsvSource({
        "foo, foo, true",
        "foo, sub/foo, false",
        "foo, foo/bar, true",
        "foo, foobar, false",
        "foo/, foo, true",
        "/foo, foo, true",
        "**/foo, foo, true",
        "**/foo, a/b/foo, true",
        "**/foo, a/b/foo/c, true",
        "**/foo, barfoo, false",
        "**foo, barfoo, true",
        "**foo, a/barfoo, true",
        "**foo*, barfoo, false",
        "**, a, true",
        "**/*, a/b, true",
        "***, a/b, true",
        "a/**, a, false",
        "a/**, a/b, true",
        "a**, ab/c, true",
        "a/**/b, a/b, true",
        "a/**/b, a/x/y/b, true",
        "a/**/b, a/xb, false",
        "a/**/*.go, a/x/y.go, true",
        "**/*.go, y.go, true",
        "**/*.go, x/y.go, true",
        "**/*.go, x/ygo, false",
        "*/temp*, a/temp.txt, true",
        "*/temp*, a/tempdir/x, true",
        "*/temp*, temp.txt, false",
        "*/*/temp*, a/b/temp, true",
        "*/*/temp*, a/temp, false",
        "temp?, tempa, true",
        "temp?, temp, false",
        "temp?, temp/a, false",
        "*, .hidden, true",
        "*, a/b, true",
        "?, é, true",
        "?, \uD83D\uDE00, true",
        "[a-c]x, bx, true",
        "[a-c]x, dx, false",
        "[^a-c]x, dx, true",
        "[!a]x, !x, true",
        "a[^b]c, a/c, true",
        "\\*x, *x, true",
        "\\*x, ax, false",
        "a.b*, axb, false",
        "c++/*, c++/x, true",
        "(a|b)*, a, false",
        "Foo, foo, false",
        "., a, false",
        "/, a, false",
        "../x, x, false",
        "'*;!a/b', a/b, false",
        "'*;!a/b', a/c, true",
        "'*;!a/b', a, true",
        "'*;!a/b', a/b/c, false",
        "'*.md;!README.md', README.md, false",
        "'*.md;!README.md', x.md, true",
        "'*.md;!README*.md;README-secret.md', README-secret.md, true",
        "'*.md;!README*.md;README-secret.md', README-x.md, false",
        "'*.md;README-secret.md;!README*.md', README-secret.md, false",
        "'foo;!foo;foo', foo, true",
        "'d;!d/x;d', d/x, false",
        "'**/*.log;!logs', logs/x.log, true",
        "'*;!logs', logs/x.log, false",
        "'*;!logs;**/*.log', logs/x.log, true",
    })
    void patternsDecideAsInAWalk(String lines, String path, boolean ignored) {
        assertThat(matcher(lines).ignored(path)).isEqualTo(ignored);
    }

    /** What BuildKit makes of these is a regular expression of Go's, and so is what they mean. */
    @ParameterizedTest
    @CsvSource({
        "^a, ^a, true",
        "^a*, ab, true",
        "^a*, ^ab, false",
        "a?^b, ax^b, false",
        "[*], ], true",
        "[*], [], true",
        "[*], *, false",
        "[?], ^], true",
        "[?], ?, false",
        "[[:alpha:]], x, true",
        "[[:^alpha:]], x, false",
        "[\\d], 5, true",
        "[^\\w], -, true",
        "a\\d, a1, true",
        "a\\d, ad, false",
        "\\a, a, false",
        "bin\\Debug, binDebug, true",
        "bin\\Debug, bin-ebug, true",
        "\\x61, a, true",
        "\\141, a, true",
        "\\bx, x, true",
        "a\\bb, ab, false",
        "a\\b-, a-, true",
        "\\Qa*, a, false",
        "\\.git*, .github, true",
        "a\\zb, ab, false",
        "\\Aa, a, true",
        "\\pLx, éx, true",
        "\\PLx, 1x, true",
        "[\\pN]x, 7x, true",
    })
    void odditiesAreBuildKits(String lines, String path, boolean ignored) {
        assertThat(matcher(lines).ignored(path)).isEqualTo(ignored);
    }

    @Test
    void aLineFeedIsAnythingOnlyInPlainPatterns() {
        assertThat(matcher("**/a*").ignored("x\ny/ab")).isFalse();
        assertThat(matcher("**/ab").ignored("x\ny/ab")).isTrue();
        assertThat(matcher("x*/**").ignored("xz/a\nb")).isFalse();
        assertThat(matcher("x/**").ignored("x/a\nb")).isTrue();
    }

    @Test
    void patternThatHidesAPathIsNamed() {
        IgnoreMatcher matcher = matcher("*.log;target;!target/keep");
        assertThat(matcher.decidedBy("target/a/b")).contains("target");
        assertThat(matcher.decidedBy("x.log")).contains("*.log");
        assertThat(matcher.decidedBy("target/keep/x")).isEmpty();
        assertThat(matcher.decidedBy("src")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'*;!a/b', a, true",
        "'*;!a/b', c, false",
        "'*;!a/b', a/c, false",
        "'*;!a/b', a/b, false",
        "'*;!**/x', c, true",
        "'!a/b;*', a, false",
        "'*;!*/b', c, true",
        "'*;!*/b', c/d, false",
        "target, target, false"
    })
    void hiddenDirectoryIsOnlyEnteredWhereSomethingMayBeKept(String lines, String directory, boolean expected) {
        assertThat(matcher(lines).mayContainReincluded(directory)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "[]",
                "[]a]",
                "[a",
                "[a-]",
                "[-a]",
                "x\\",
                "[\\]",
                "a/[x",
                "[a-",
                "[b-a]",
                "\\c",
                "\\8",
                "x*[b",
                "\\xg0",
                "[[:no:]]"
            })
    void malformedPatternIsRefused(String pattern) {
        assertThatThrownBy(() -> IgnoreMatcher.of(List.of(pattern)))
                .isInstanceOf(UserFault.class)
                .hasMessage("syntax error in pattern");
    }

    @Test
    void loneExclamationMarkIsRefused() {
        assertThatThrownBy(() -> matcher("!"))
                .isInstanceOf(UserFault.class)
                .hasMessage("illegal exclusion pattern: \"!\"");
    }

    @Test
    void randomPatternsAgreeWithTheDefinition() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 3000; round++) {
            List<String> patterns = new ArrayList<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                patterns.add((random.nextInt(3) == 0 ? "!" : "") + randomText(random, "ab/*?.", 8));
            }
            List<String> lines = IgnoreFile.parse(String.join("\n", patterns));
            if (lines.contains("!") || lines.contains("!/")) {
                continue;
            }
            IgnoreMatcher matcher = IgnoreMatcher.of(lines);
            for (int i = 0; i < 20; i++) {
                String path = randomPath(random);
                boolean expected = NaiveIgnore.ignored(lines, path);
                assertThat(matcher.ignored(path))
                        .as("seed %s patterns %s path %s", seed, lines, path)
                        .isEqualTo(expected);
                int slash = path.lastIndexOf('/');
                if (!expected && slash > 0 && matcher.ignored(path.substring(0, slash))) {
                    assertThat(matcher.mayContainReincluded(path.substring(0, slash)))
                            .as("seed %s patterns %s path %s", seed, lines, path)
                            .isTrue();
                }
            }
        }
    }

    private static String randomPath(Random random) {
        List<String> segments = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            segments.add(randomText(random, "ab.", 3) + "ab".charAt(random.nextInt(2)));
        }
        return String.join("/", segments);
    }

    private static String randomText(Random random, String alphabet, int max) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(max + 1); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    @Test
    void hundredThousandPathsAndAHundredPatternsAreQuick() {
        String[] kinds = {"dir%d/*.o", "**/cache%d", "*.tmp%d", "**/*.bak%d", "!keep%d/**", "a/**/b%d"};
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            patterns.add(kinds[i % kinds.length].replace("%d", Integer.toString(i)));
        }
        IgnoreMatcher matcher = IgnoreMatcher.of(patterns);
        long start = ProcessorTime.millisOfThisThread();
        int hidden = 0;
        for (int d = 0; d < 1000; d++) {
            IgnoreMatcher.State directory = matcher.root().child("src").child("package" + d);
            for (int f = 0; f < 100; f++) {
                hidden += directory.child("SourceFile" + f + ".java").ignored() ? 1 : 0;
            }
        }
        long millis = ProcessorTime.millisOfThisThread() - start;
        assertThat(hidden).isZero();
        assertThat(millis).as("milliseconds").isLessThan(15_000);
    }

    @Test
    void starsDoNotMakeMatchingSlow() {
        String pattern = "**/" + "*a".repeat(40) + "b";
        String path = "a/".repeat(200) + "a".repeat(2000);
        long start = ProcessorTime.millisOfThisThread();
        assertThat(IgnoreMatcher.of(List.of(pattern)).ignored(path)).isFalse();
        assertThat(ProcessorTime.millisOfThisThread() - start).isLessThan(15_000);
        assertThat(Arrays.asList(path.split("/", -1))).hasSize(201);
    }
}
