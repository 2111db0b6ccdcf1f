package dev.drydock.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DockerfileErrorsTest {
    private static final String LINE_2 = "dockerfile parse error on line 2: ";

    private static UserFault fault(String text) {
        return catchThrowableOfType(UserFault.class, () -> DockerfileParser.parse("Dockerfile", text));
    }

    /** An instruction on line 2, below FROM, and its message. */
    static Stream<Arguments> secondLines() {
        return Stream.of(
                Arguments.of("FOOBARBAZ echo hi", LINE_2 + "unknown instruction: FOOBARBAZ"),
                Arguments.of("RUM echo hi", LINE_2 + "unknown instruction: RUM (did you mean RUN?)"),
                Arguments.of("rum echo hi", LINE_2 + "unknown instruction: rum (did you mean run?)"),
                Arguments.of("FROM", LINE_2 + "FROM requires either one or three arguments"),
                Arguments.of("FROM a foo", LINE_2 + "FROM requires either one or three arguments"),
                Arguments.of("FROM a foo b", LINE_2 + "FROM requires either one or three arguments"),
                Arguments.of("FROM a AS b c", LINE_2 + "FROM requires either one or three arguments"),
                Arguments.of(
                        "FROM a AS 1b",
                        LINE_2
                                + "invalid name for build stage: \"1b\", name can't start with a number or contain symbols"),
                Arguments.of(
                        "FROM a AS b/c",
                        LINE_2
                                + "invalid name for build stage: \"b/c\", name can't start with a number or contain symbols"),
                Arguments.of("FROM --x=1 a", LINE_2 + "unknown flag: --x"),
                Arguments.of("FROM --platfrom=1 a", LINE_2 + "unknown flag: --platfrom (did you mean platform?)"),
                Arguments.of("RUN --foo=bar echo", LINE_2 + "unknown flag: --foo"),
                Arguments.of("RUN --mount echo", LINE_2 + "missing a value on flag: --mount"),
                Arguments.of("RUN --network=x echo", LINE_2 + "invalid network mode \"x\""),
                Arguments.of("RUN --network=none --network=host x", LINE_2 + "duplicate flag specified: --network"),
                Arguments.of("RUN --security=x echo", LINE_2 + "security \"x\" is not valid"),
                Arguments.of(
                        "RUN --mount=from=$X,target=/x y",
                        LINE_2 + "'from' doesn't support variable expansion, define alias stage instead"),
                Arguments.of(
                        "COPY nosuch.txt",
                        LINE_2
                                + "COPY requires at least two arguments, but only one was provided. Destination could not be determined"),
                Arguments.of(
                        "ADD",
                        LINE_2
                                + "ADD requires at least two arguments, but only one was provided. Destination could not be determined"),
                Arguments.of(
                        "COPY []",
                        LINE_2
                                + "COPY requires at least two arguments, but only one was provided. Destination could not be determined"),
                Arguments.of("COPY --link=maybe a b", LINE_2 + "expecting boolean value for flag --link, not: maybe"),
                Arguments.of("COPY --link= a b", LINE_2 + "missing a value on flag: --link"),
                Arguments.of("COPY --keep-git-dir a b", LINE_2 + "unknown flag: --keep-git-dir"),
                Arguments.of("ADD --from=x a b", LINE_2 + "unknown flag: --from"),
                Arguments.of("ADD --parents a b", LINE_2 + "unknown flag: --parents"),
                Arguments.of("COPY a <<EOF\nEOF", LINE_2 + "COPY cannot accept a heredoc as a destination"),
                Arguments.of("ENV A", "ENV must have two arguments"),
                Arguments.of("LABEL a", "LABEL must have two arguments"),
                Arguments.of("ENV", LINE_2 + "ENV requires at least one argument"),
                Arguments.of("ENV =b", LINE_2 + "ENV names can not be blank"),
                Arguments.of("LABEL =b", LINE_2 + "LABEL names can not be blank"),
                Arguments.of("ARG =b", LINE_2 + "ARG names can not be blank"),
                Arguments.of("ARG", LINE_2 + "ARG requires at least one argument"),
                Arguments.of("ENV a=b c", "Syntax error - can't find = in \"c\". Must be of the form: name=value"),
                Arguments.of("ENV --x a=b", LINE_2 + "unknown flag: --x"),
                Arguments.of("WORKDIR", LINE_2 + "WORKDIR requires exactly one argument"),
                Arguments.of("USER", LINE_2 + "USER requires exactly one argument"),
                Arguments.of("STOPSIGNAL", LINE_2 + "STOPSIGNAL requires exactly one argument"),
                Arguments.of("MAINTAINER", LINE_2 + "MAINTAINER requires exactly one argument"),
                Arguments.of("EXPOSE", LINE_2 + "EXPOSE requires at least one argument"),
                Arguments.of("VOLUME", LINE_2 + "VOLUME requires at least one argument"),
                Arguments.of("VOLUME []", LINE_2 + "VOLUME requires at least one argument"),
                Arguments.of("VOLUME [\" \"]", LINE_2 + "VOLUME specified can not be an empty string"),
                Arguments.of("SHELL", LINE_2 + "SHELL requires at least one argument"),
                Arguments.of("SHELL []", LINE_2 + "SHELL requires at least one argument"),
                Arguments.of("SHELL bash -c", LINE_2 + "SHELL requires the arguments to be in JSON form"),
                Arguments.of(
                        "SHELL [\"C:\\x.exe\"]",
                        LINE_2
                                + "SHELL requires the arguments to be in JSON form. It looks like '[\"c:\\x.exe\"]' includes a file path without an escaped back-slash. JSON requires back-slashes to be escaped such as [\"c:\\\\path\\\\to\\\\file.exe\", \"/parameter\"]"),
                Arguments.of(
                        "CMD [\"a\", 1]", "when using JSON array syntax, arrays must be comprised of strings only"),
                Arguments.of(
                        "COPY [\"a\", null]", "when using JSON array syntax, arrays must be comprised of strings only"),
                Arguments.of("CMD --x a", LINE_2 + "unknown flag: --x"),
                Arguments.of("ONBUILD", LINE_2 + "ONBUILD requires at least one argument"),
                Arguments.of("ONBUILD ONBUILD RUN x", LINE_2 + "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"),
                Arguments.of("ONBUILD from x", LINE_2 + "FROM isn't allowed as an ONBUILD trigger"),
                Arguments.of("ONBUILD MAINTAINER x", LINE_2 + "MAINTAINER isn't allowed as an ONBUILD trigger"),
                Arguments.of("HEALTHCHECK", LINE_2 + "HEALTHCHECK requires at least one argument"),
                Arguments.of("HEALTHCHECK NONE x", LINE_2 + "HEALTHCHECK NONE takes no arguments"),
                Arguments.of("HEALTHCHECK foo", LINE_2 + "Unknown type \"FOO\" in HEALTHCHECK (try CMD)"),
                Arguments.of("HEALTHCHECK CMD", LINE_2 + "Missing command after HEALTHCHECK CMD"),
                Arguments.of("HEALTHCHECK CMD []", LINE_2 + "Missing command after HEALTHCHECK CMD"),
                Arguments.of("HEALTHCHECK --interval=5 CMD true", LINE_2 + "time: missing unit in duration \"5\""),
                Arguments.of(
                        "HEALTHCHECK --interval=0.5ms CMD x", LINE_2 + "Interval \"interval\" cannot be less than 1ms"),
                Arguments.of(
                        "HEALTHCHECK --start-period=-1s CMD x",
                        LINE_2 + "Interval \"start-period\" cannot be less than 1ms"),
                Arguments.of("HEALTHCHECK --retries=-1 CMD x", LINE_2 + "--retries cannot be negative (-1)"),
                Arguments.of(
                        "HEALTHCHECK --retries=x CMD x", LINE_2 + "strconv.ParseInt: parsing \"x\": invalid syntax"));
    }

    @ParameterizedTest
    @MethodSource("secondLines")
    void instructionIsRefusedWithItsPlace(String line, String message) {
        UserFault fault = fault("FROM busybox\n" + line + "\n");
        assertThat(fault.text()).isEqualTo(message);
        assertThat(fault.range().orElseThrow().startLine()).isEqualTo(2);
        assertThat(fault.range().orElseThrow().file()).isEqualTo("Dockerfile");
    }

    @Test
    void fileWithoutInstructionsOrStagesIsRefused() {
        assertThat(fault("").text()).isEqualTo("the Dockerfile cannot be empty");
        assertThat(fault("").range()).isEmpty();
        assertThat(fault("# nothing here\n").text()).isEqualTo("file with no instructions");
        assertThat(fault("# nothing here\n").range()).contains(SourceRange.lines("Dockerfile", 1, 1));
        assertThat(fault("\n\n").text()).isEqualTo("file with no instructions");
        assertThat(fault("\uFEFF").text()).isEqualTo("file with no instructions");
        assertThat(fault("ARG X=1\n").text()).isEqualTo("dockerfile contains no stages to build");
        assertThat(fault("RUN echo hi\n").text()).isEqualTo("no build stage in current context");
        assertThat(fault("RUN echo hi\n").range()).contains(SourceRange.lines("Dockerfile", 1, 1));
    }

    @Test
    void unterminatedHeredocNamesAllItsLines() {
        UserFault fault = fault("FROM busybox:1.37\nRUN <<EOT\necho a");
        assertThat(fault.text()).isEqualTo("unterminated heredoc");
        assertThat(fault.range()).contains(SourceRange.lines("Dockerfile", 2, 3));
        assertThat(fault.hints()).hasSize(1);
    }

    @Test
    void directivesAreChecked() {
        assertThat(fault("# syntax=a\n# syntax=b\nFROM x").text())
                .isEqualTo("only one syntax parser directive can be used");
        assertThat(fault("# escape=`\n#Escape = `\nFROM x").text())
                .isEqualTo("only one escape parser directive can be used");
        assertThat(fault("# escape=x\nFROM x").text()).isEqualTo("invalid escape token 'x' does not match ` or \\");
    }

    @Test
    void overlongLineIsRefused() {
        String longest = "#" + "x".repeat(65_534);
        assertThat(DockerfileParser.parse("Dockerfile", longest + "\nFROM x").instructions())
                .hasSize(1);
        UserFault fault = fault("FROM x\n" + longest + "x\n");
        assertThat(fault.text()).isEqualTo("dockerfile line greater than max allowed size of 65535");
        assertThat(fault.range()).contains(SourceRange.lines("Dockerfile", 2, 2));
        assertThat(fault("FROM x\n#" + "é".repeat(40_000)).text()).contains("greater than max");
    }

    @Test
    void triggerFaultsNameTheGivenPlace() {
        SourceRange place = SourceRange.lines("Dockerfile", 7, 7);
        UserFault fault =
                catchThrowableOfType(UserFault.class, () -> DockerfileParser.parseTrigger("RUN --foo x", place));
        assertThat(fault.text()).isEqualTo("unknown flag: --foo");
        assertThat(fault.range()).contains(place);
        fault = catchThrowableOfType(UserFault.class, () -> DockerfileParser.parseTrigger("RUN a\nRUN b", place));
        assertThat(fault.text()).isEqualTo("onbuild trigger should be a single expression");
        assertThat(fault.range()).contains(place);
    }
}
