package dev.drydock.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectiveTest {
    /** What a text says about syntax, escape and check; {@code ~} is a line end, {@code ^} a byte order mark. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            nullValues = "-",
            value = {
                "# syntax=a~FROM x                               | a       | \\ | -",
                "# syntax = a b ~FROM x                          | a b     | \\ | -",
                "#SYNTAX=a~FROM x                                | a       | \\ | -",
                "^#  ESCAPE = ` ~FROM x                          | -       | `  | -",
                "#!/usr/bin/env x~# syntax=a~FROM x              | a       | \\ | -",
                "^#!/usr/bin/env x~# check=skip=all~FROM x       | -       | \\ | skip=all",
                "#!/usr/bin/env x~# escape=`~FROM x              | -       | \\ | -",
                "# syntax=a~# escape=`~# check=error=true~FROM x | a       | `  | error=true",
                "# check=error=true ; x~FROM x                   | -       | \\ | error=true ; x",
                "# foo=bar~# escape=`~# syntax=a~FROM x          | -       | \\ | -",
                "# a comment~# syntax=a~FROM x                   | -       | \\ | -",
                "~# escape=`~FROM x                              | -       | \\ | -",
                "~# check=skip=all~FROM x                        | -       | \\ | -",
                "~# syntax=a~FROM x                              | -       | \\ | -",
                "FROM x~# escape=`~# check=skip=all~RUN y        | -       | \\ | -",
                "'  # escape=`~FROM x'                           | -       | `  | -",
                "'  # syntax=a~FROM x'                           | -       | \\ | -",
                "# escape=~FROM x                                | -       | \\ | -",
                "# syntax=a \\~# escape=`~FROM x                 | a \\    | `  | -",
                "// syntax=a~FROM x                              | a       | -  | -",
                "#1a=b~# escape=`~FROM x                         | -       | \\ | -",
            })
    void directivesEndWhereSomethingElseBegins(String written, String syntax, Character escape, String check) {
        String text = written.replace('~', '\n').replace('^', '\uFEFF').replaceAll("^'|'$", "");
        assertThat(value(Directive.syntax(text))).isEqualTo(syntax);
        assertThat(value(Directive.check(text))).isEqualTo(check);
        if (escape != null) {
            assertThat(DockerfileParser.parse("Dockerfile", text).escape()).isEqualTo(escape);
        }
    }

    private static String value(Directive directive) {
        return directive == null ? null : directive.value();
    }

    @Test
    void aDirectiveKnowsItsLine() {
        Directive check = Directive.check("#!x\r\n# syntax=a\r\n# check=skip=A;error=true rest\r\nFROM x\r\n");
        assertThat(check).isEqualTo(new Directive("check", "skip=A;error=true rest", 3));
        assertThat(check.firstWord()).isEqualTo("skip=A;error=true");
    }
}
