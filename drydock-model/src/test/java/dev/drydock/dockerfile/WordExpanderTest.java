package dev.drydock.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.dockerfile.WordExpander.Lookup;
import dev.drydock.fault.UserFault;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordExpanderTest {
    private static final Map<String, String> VALUES = Map.of(
            "A", "hello",
            "EMPTY", "",
            "P", "/usr/local/lib/x.tar.gz",
            "S", "one two  three",
            "STAR", "a*b?c",
            "L", "ab\nab");
    private static final Lookup ENV = VALUES::get;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    plain            | plain
                    $A               | hello
                    ${A}             | hello
                    $A.x             | hello.x
                    $AB              | ~~
                    x$NONE-y         | x-y
                    \\$A             | $A
                    \\\\             | \\
                    a\\ b            | a b
                    $                | $
                    $.               | $.
                    a$               | a$
                    $1x              | x
                    $@               | ~~
                    '$A'             | $A
                    "$A"             | hello
                    "a\\"b"          | a"b
                    "a\\b"           | a\\b
                    "a\\$A"          | a$A
                    'a\\'            | a\\
                    a'b'"c"          | abc
                    x\\              | x
                    ${NONE:-d}       | d
                    ${NONE-d}        | d
                    ${EMPTY:-d}      | d
                    ${EMPTY-d}       | ~~
                    ${A:-d}          | hello
                    ${NONE:-$A}      | hello
                    ${NONE:-${NONE:-deep}} | deep
                    ${NONE:-"a b"}   | a b
                    ${NONE:-\\}}     | }
                    ${NONE:+d}       | ~~
                    ${EMPTY:+d}      | ~~
                    ${EMPTY+d}       | d
                    ${A:+d}          | d
                    ${A:?x}          | hello
                    ${EMPTY?x}       | ~~
                    ${P#*/}          | usr/local/lib/x.tar.gz
                    ${P##*/}         | x.tar.gz
                    ${P%.*}          | /usr/local/lib/x.tar
                    ${P%%.*}         | /usr/local/lib/x
                    ${P#nope}        | /usr/local/lib/x.tar.gz
                    ${P%/*}          | /usr/local/lib
                    ${P#?usr}        | /local/lib/x.tar.gz
                    ${A#}            | hello
                    ${A##*}          | ~~
                    ${A%%*}          | ~~
                    ${A#*l}          | lo
                    ${A##*l}         | o
                    ${A%l*}          | hel
                    ${A%%l*}         | he
                    ${STAR#a\\*}     | b?c
                    ${STAR%\\?c}     | a*b
                    ${A/l/L}         | heLlo
                    ${A//l/L}        | heLLo
                    ${A/l}           | ~~
                    ${A/l*/L}        | heL
                    ${A//?/x}        | xxxxx
                    ${A//*/x}        | x
                    ${A//z/x}        | hello
                    ${A//l/}         | heo
                    ${P/\\//-}       | -usr/local/lib/x.tar.gz
                    ${P//\\//-}      | -usr-local-lib-x.tar.gz
                    ${A//e*l/_}      | h_o
                    ${A/l/$EMPTY}    | helo
                    ${A//x*y/}       | hello
                    ${A//l/$1}       | heo
                    """)
    void wordIsExpanded(String word, String expected) {
        if (word.equals("${A/l}")) {
            assertThatThrownBy(() -> expand(word)).hasMessageEndingWith("syntax error: missing '/' in ${}");
            return;
        }
        assertThat(expand(word)).isEqualTo(expected);
    }

    private static String expand(String word) {
        return WordExpander.withEscape('\\').expand(word, ENV).value();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    ${B              | failed to process "${B": unsupported modifier (\uFFFD) in substitution
                    ${               | failed to process "${": syntax error: missing '}'
                    ${}              | failed to process "${}": syntax error: bad substitution
                    ${{A}}           | failed to process "${{A}}": syntax error: bad substitution
                    ${:A}            | failed to process "${:A}": syntax error: bad substitution
                    ${A:-x           | failed to process "${A:-x": syntax error: missing '}'
                    ${A/x            | failed to process "${A/x": syntax error: missing '/' in ${}
                    ${A/x/y          | failed to process "${A/x/y": syntax error: missing '}'
                    ${A:#x}          | failed to process "${A:#x}": unsupported modifier (:#) in substitution
                    ${A:%x}          | failed to process "${A:%x}": unsupported modifier (:%) in substitution
                    ${A:x}           | failed to process "${A:x}": unsupported modifier (:x) in substitution
                    ${A^}            | failed to process "${A^}": unsupported modifier (^) in substitution
                    ${A,,}           | failed to process "${A,,}": unsupported modifier (,) in substitution
                    ${NONE?}         | failed to process "${NONE?}": NONE: is not allowed to be unset
                    ${NONE:?}        | failed to process "${NONE:?}": NONE: is not allowed to be unset
                    ${EMPTY:?}       | failed to process "${EMPTY:?}": EMPTY: is not allowed to be empty
                    ${EMPTY:?give it}| failed to process "${EMPTY:?give it}": EMPTY: give it
                    ${A#\\x}         | failed to process "${A#\\\\x}": invalid pattern (\\x) in substitution: invalid escape '\\x'
                    "a               | failed to process "\\"a": unexpected end of statement while looking for matching double-quote
                    'a               | failed to process "'a": unexpected end of statement while looking for matching single-quote
                    """)
    void wordIsRefused(String word, String message) {
        assertThatThrownBy(() -> expand(word)).isInstanceOf(UserFault.class).hasMessage(message);
    }

    @Test
    void escapeCharacterIsTheOneGiven() {
        WordExpander backtick = WordExpander.withEscape('`');
        assertThat(backtick.expand("c:\\x\\`$A", ENV).value()).isEqualTo("c:\\x\\$A");
        assertThat(backtick.expand("\"`\"\\\"", ENV).value()).isEqualTo("\"\\");
    }

    @Test
    void heredocBodiesKeepTheirQuotes() {
        assertThat(WordExpander.forHeredocs()
                        .expand("\"$A\" '$A' \\$A it's\n", ENV)
                        .value())
                .isEqualTo("\"hello\" 'hello' $A it's\n");
    }

    @Test
    void splittingHonoursQuotesAndVariables() {
        WordExpander expander = WordExpander.withEscape('\\');
        assertThat(expander.expandWords("$S 'a b' c\\ d \"$S\" $EMPTY \"\"", ENV)
                        .words())
                .containsExactly("one", "two", "three", "a b", "c d", "one two  three");
        assertThat(expander.expandWords("x${S}y", ENV).words()).containsExactly("xone", "two", "threey");
    }

    @Test
    void namesThatAreNotSetAreTold() {
        assertThat(WordExpander.withEscape('\\')
                        .expand("$A $X ${Y:-$Z} $X '$Q' \\$R", ENV)
                        .unmatched())
                .containsExactly("X", "Z", "Y");
    }

    @Test
    void patternsStopAtLineFeeds() {
        assertThat(expand("${L#a*b}")).isEqualTo("\nab");
        assertThat(expand("${L##a*b}")).isEqualTo("\nab");
        assertThat(expand("${L//a*b/x}")).isEqualTo("x\nx");
    }

    @Test
    void randomReplacementsAgreeWithRegularExpressions() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String pattern = text(random, "ab*?", 5);
            String value = text(random, "aab", 10);
            boolean all = random.nextBoolean();
            String regex = pattern.replace("*", ".*").replace("?", ".");
            String word = "${V" + (all ? "//" : "/") + pattern + "/x}";
            String expected = all ? goReplaceAll(value, regex) : value.replaceFirst(regex, "x");
            if (pattern.isEmpty()) {
                continue;
            }
            assertThat(WordExpander.withEscape('\\').expand(word, _ -> value).value())
                    .as("seed %s word %s value %s", seed, word, value)
                    .isEqualTo(expected);
            String prefix = value.replaceFirst("^" + regex.replace(".*", ".*?"), "");
            assertThat(WordExpander.withEscape('\\')
                            .expand("${V#" + pattern + "}", _ -> value)
                            .value())
                    .as("seed %s pattern %s value %s", seed, pattern, value)
                    .isEqualTo(prefix);
        }
    }

    /** Unlike Java, Go does not count an empty match right behind another match. */
    private static String goReplaceAll(String value, String regex) {
        var matcher = java.util.regex.Pattern.compile(regex).matcher(value);
        StringBuilder out = new StringBuilder();
        int copied = 0;
        int lastEnd = -1;
        while (matcher.find()) {
            if (matcher.end() > matcher.start() || matcher.start() != lastEnd) {
                out.append(value, copied, matcher.start()).append('x');
                copied = matcher.end();
            }
            lastEnd = matcher.end();
        }
        return out.append(value, copied, value.length()).toString();
    }

    private static String text(Random random, String alphabet, int max) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(max + 1); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    @Test
    void endlessNestingIsRefusedInsteadOfExhaustingTheStack() {
        assertThatThrownBy(() -> expand("${A:-".repeat(100_000))).isInstanceOf(UserFault.class);
    }
}
