package dev.drydock.scaffold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.UserFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TomlTest {
    private static TomlTable read(String text) {
        return Toml.read("Cargo.toml", text);
    }

    @Test
    void readsWhatAManifestHolds() {
        TomlTable table = read("""
                # a comment
                [package]
                name = "hello" # the name
                version = '0.1.0'
                autobins = false
                rust-version.workspace = true

                [dependencies]
                rocket = { version = "0.5", features = ["json", "tls"], default-features = false }
                "quoted.name" = "1"

                [[bin]]
                name = "one"

                [[bin]]
                name = "two"
                path = "src/two.rs"

                [profile.release]
                opt-level = 3
                lto = true
                """);
        assertThat(table.text("package", "name")).contains("hello");
        assertThat(table.text("package", "version")).contains("0.1.0");
        assertThat(table.is(false, "package", "autobins")).isTrue();
        assertThat(table.is(true, "package", "rust-version", "workspace")).isTrue();
        assertThat(table.texts("dependencies", "rocket", "features")).containsExactly("json", "tls");
        assertThat(table.text("dependencies", "quoted.name")).contains("1");
        assertThat(table.tables("bin"))
                .extracting(bin -> bin.text("name").orElse(""))
                .containsExactly("one", "two");
        assertThat(table.scalar("profile", "release", "opt-level")).contains("3");
        assertThat(table.has("profile", "dev")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "a = \"\\u0041\\t\\\"x\\\\\" ~ A\t\"x\\",
                "a = 'C:\\x' ~ C:\\x",
                "a = \"\\U0001F980\" ~ \uD83E\uDD80",
                "a = \"\"\"two quotes\"\"\"\"\" ~ two quotes\"\"",
                "a = '''it's''' ~ it's",
            },
            quoteCharacter = '`')
    void readsStringsOfEveryKind(String line, String value) {
        assertThat(read(line).text("a")).contains(value);
    }

    @Test
    void aTextOfSeveralLinesDropsItsFirstLineEndAndJoinsLinesAtABackslash() {
        assertThat(read("a = \"\"\"\nx\\\n    y\nz\"\"\"\n").text("a")).contains("xy\nz");
        assertThat(read("a = '''\r\nx\\\ny'''\r\nb = 1\r\n").text("a")).contains("x\\\ny");
    }

    @ParameterizedTest
    @CsvSource({
        "1",
        "-17",
        "+0.5",
        "1e10",
        "0xff",
        "1979-05-27T07:32:00Z",
        "1979-05-27 07:32:00",
        "07:32:00",
        "-inf",
        "nan"
    })
    void keepsNumbersAndDatesAsWritten(String literal) {
        assertThat(read("a = " + literal + " # c").scalar("a")).contains(literal);
    }

    @Test
    void listsMayTakeSeveralLinesAndEndInAComma() {
        assertThat(read("m = [ # members\n  \"a\",\n  'b', # last\n]\n").texts("m"))
                .containsExactly("a", "b");
        assertThat(read("m = []").texts("m")).isEmpty();
        assertThat(read("m = [[1, 2], [\"x\"]]").has("m")).isTrue();
    }

    @Test
    void dottedKeysAndHeadersMeetInOneTable() {
        TomlTable table = read("a.b.c = 1\n[a.d]\ne = 2\n[x.y]\n[x]\nz = 3\n");
        assertThat(table.scalar("a", "b", "c")).contains("1");
        assertThat(table.scalar("a", "d", "e")).contains("2");
        assertThat(table.scalar("x", "z")).contains("3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a = hello | line 1: expected a value, found 'hello': text stands between quotes",
                "a = 1\\nb | line 2: expected '=' after the key 'b'",
                "a = 1\\na = 2 | line 2: 'a' is defined twice",
                "[a]\\n[a] | line 2: 'a' is defined twice",
                "[a | line 1: expected ']' after the table's name",
                "[[a] | line 1: expected ']]' after the table's name",
                "a = \"x\\nb = 1 | line 1: the text is not closed: expected \"",
                "a = [1 2] | line 1: expected ',' or ']' in the list",
                "a = {b = 1 | line 1: expected ',' or '}' in the table",
                "a = {b = 1}\\na.c = 2 | line 2: 'a' is already a value, not a table",
                "a = 1\\n[a.b] | line 2: 'a' is already a value, not a table",
                "a = 1 b = 2 | line 1: expected the end of the line",
                "= 1 | line 1: expected a key",
                "a = | line 1: expected a value",
                "a = \"\\\\q\" | line 1: unknown escape '\\\\q'",
                "a = \"\\\\uD800\" | line 1: not a character: U+d800",
            },
            quoteCharacter = '`')
    void saysWhereTheTextIsNotToml(String text, String message) {
        String unescaped = text.replace("\\\\", "\u0001").replace("\\n", "\n").replace("\u0001", "\\");
        assertThatThrownBy(() -> read(unescaped))
                .isInstanceOf(UserFault.class)
                .hasMessage("read Cargo.toml: " + message.replace("\\\\", "\\"))
                .satisfies(
                        fault -> assertThat(((DrydockException) fault).range()).isPresent());
    }

    @Test
    void refusesNestingThatNoPersonWrites() {
        assertThatThrownBy(() -> read("a = " + "[".repeat(100_000)))
                .isInstanceOf(UserFault.class)
                .hasMessageContaining("nested too deeply");
    }
}
