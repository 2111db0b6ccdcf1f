package dev.drydock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --check} and {@code --call}, with Docker's words; nothing is built and no store is made. */
class CallTest {
    private final Screenplay play = new Screenplay();

    @TempDir
    Path project;

    @TempDir
    Path elsewhere;

    @BeforeEach
    void here() {
        play.directory = project;
    }

    private int run(String dockerfile, String... words) throws IOException {
        Files.writeString(project.resolve("Dockerfile"), dockerfile);
        List<String> line = Stream.concat(
                        Stream.of("--root", elsewhere.resolve("store").toString(), "build"), Stream.of(words))
                .toList();
        int code = play.run(Stream.concat(line.stream(), Stream.of(".")).toArray(String[]::new));
        assertThat(play.built).isEmpty();
        assertThat(elsewhere).isEmptyDirectory();
        return code;
    }

    @Test
    void checksWithoutFindings() throws IOException {
        assertThat(run("FROM scratch\nCMD [\"/x\"]\n", "--check")).as(play.err).isZero();
        assertThat(play.out).isEqualTo("Check complete, no warnings found.\n");
        assertThat(play.err).isEmpty();
    }

    @Test
    void findingsComeByLineWithTheirExcerpts() throws IOException {
        assertThat(run("FROM scratch as base\nRUN x \\\n  y\nENV KEY value\nrun <<E\nz\nE\nCMD x\n", "--check"))
                .isOne();
        assertThat(play.out).isEqualTo("""
                Check complete, 5 warnings have been found!

                WARNING: FromAsCasing - https://docs.docker.com/go/dockerfile/rule/from-as-casing/
                'as' and 'FROM' keywords' casing do not match
                Dockerfile:1
                --------------------
                   1 | >>> FROM scratch as base
                   2 |     RUN x \\
                   3 |       y
                --------------------

                WARNING: LegacyKeyValueFormat - https://docs.docker.com/go/dockerfile/rule/legacy-key-value-format/
                "ENV key=value" should be used instead of legacy "ENV key value" format
                Dockerfile:4
                --------------------
                   2 |     RUN x \\
                   3 |       y
                   4 | >>> ENV KEY value
                   5 |     run <<E
                   6 |     z
                --------------------

                WARNING: SecretsUsedInArgOrEnv - https://docs.docker.com/go/dockerfile/rule/secrets-used-in-arg-or-env/
                Do not use ARG or ENV instructions for sensitive data (ENV "KEY")
                Dockerfile:4
                --------------------
                   2 |     RUN x \\
                   3 |       y
                   4 | >>> ENV KEY value
                   5 |     run <<E
                   6 |     z
                --------------------

                WARNING: ConsistentInstructionCasing - https://docs.docker.com/go/dockerfile/rule/consistent-instruction-casing/
                Command 'run' should match the case of the command majority (uppercase)
                Dockerfile:5
                --------------------
                   4 |     ENV KEY value
                   5 | >>> run <<E
                   6 | >>> z
                   7 | >>> E
                   8 |     CMD x
                --------------------

                WARNING: JSONArgsRecommended - https://docs.docker.com/go/dockerfile/rule/json-args-recommended/
                JSON arguments recommended for CMD to prevent unintended behavior related to OS signals
                Dockerfile:8
                --------------------
                   6 |     z
                   7 |     E
                   8 | >>> CMD x
                   9 |    \s
                --------------------
                """);
    }

    @Test
    void findingsThatAreErrorsAreToldAfterTheRest() throws IOException {
        assertThat(run("# check=error=true\nFROM scratch as base\nCMD [\"x\"]\n", "--call=check,ignorestatus=true"))
                .isOne();
        assertThat(play.out)
                .startsWith("Check complete, 1 warning has been found!\n")
                .endsWith("--------------------\n\n");
        assertThat(play.err).startsWith("ERROR: lint violation found for rules: FromAsCasing\n\n");
    }

    @Test
    void aFaultHasItsExcerpt() throws IOException {
        assertThat(run("FROM scratch\nFOOBARBAZ\n", "--check")).isOne();
        assertThat(play.out).isEmpty();
        assertThat(play.err).startsWith("""
                ERROR: dockerfile parse error on line 2: unknown instruction: FOOBARBAZ
                Dockerfile:2
                --------------------
                   1 |     FROM scratch
                   2 | >>> FOOBARBAZ
                     |     ^^^^^^^^^
                   3 |    \s
                --------------------

                """);
        assertThat(run("FROM scratch\nFOOBARBAZ\n", "--call=targets")).isOne();
        assertThat(play.err)
                .startsWith("Dockerfile:2\n")
                .contains("\nERROR: failed to build: failed to solve: dockerfile parse error on line 2:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "--call=check,ignorestatus=true~0",
                "--call=check~1",
                "--call=lint~1",
                "--call check,format=json~1",
                "--call=check,format=json,ignorestatus=1~0",
                "--check=true~1",
                "--check --target=a~0",
                "--check --build-arg=BUILDKIT_DOCKERFILE_CHECK=skip=all~0",
            })
    void theExitCodeTellsOfFindings(String words, int code) throws IOException {
        assertThat(run("FROM scratch AS a\nFROM a\nCMD x\n", words.split(" ")))
                .as(play.err)
                .isEqualTo(code);
        assertThat(play.err).isEmpty();
    }

    @Test
    void jsonIsOneDocument() throws IOException {
        run("FROM scratch\nCMD x\n", "--call=check,format=json");
        assertThat(play.out).startsWith("""
                {
                  "warnings": [
                    {
                      "ruleName": "JSONArgsRecommended",
                      "description": "JSON arguments recommended for ENTRYPOINT/CMD to prevent unintended behavior related to OS signals",
                      "url": "https://docs.docker.com/go/dockerfile/rule/json-args-recommended/",
                      "detail": "JSON arguments recommended for CMD to prevent unintended behavior related to OS signals",
                      "location": {
                        "ranges": [
                """).endsWith("}\n");
        run("FROM scratch\nFOOBARBAZ\n", "--call=check,format=json");
        assertThat(play.out).contains("\"buildError\": {\n    \"message\": \"dockerfile parse error");
        assertThat(play.err).startsWith("ERROR: dockerfile parse error");
    }

    @Test
    void baseImagesThatAreNotThereAreNoted() throws IOException {
        assertThat(run("FROM nowhere:1\nUSER $X\nCMD [\"x\"]\n", "--check")).isZero();
        assertThat(play.out).isEqualTo("Check complete, no warnings found.\n");
        assertThat(play.err)
                .isEqualTo("note: the base image nowhere:1 was not looked at: there is no store at "
                        + elsewhere.resolve("store") + "\n");
    }

    private static final String STAGES = """
            # VERSION is the base image version
            ARG VERSION=1.37
            # base holds the tools
            FROM scratch AS base
            # WHO is greeted
            ARG WHO=world$VERSION
            ARG VERSION
            # test runs the tests
            FROM base AS test
            RUN --mount=type=secret,id=token --mount=type=ssh,required=true test -s /run/secrets/token
            FROM base AS debug
            # app is the result
            FROM base AS app
            CMD ["cat", "/hello.txt"]
            """;

    @Test
    void outline() throws IOException {
        assertThat(run(STAGES, "--call=outline", "--target=test", "--build-arg", "WHO=joe"))
                .isZero();
        assertThat(play.out).isEqualTo("""
                TARGET:      test
                DESCRIPTION: runs the tests

                BUILD ARG   VALUE   DESCRIPTION
                VERSION     1.37    is the base image version
                WHO         joe     is greeted

                SECRET   REQUIRED
                token   \s

                SSH       REQUIRED
                default   true

                """);
        assertThat(run("FROM scratch\n", "--call=outline")).isZero();
        assertThat(play.out).isEmpty();
        assertThat(run("FROM scratch AS x\n", "--call=outline")).isZero();
        assertThat(play.out).isEqualTo("TARGET: x\n\n");
        assertThat(run(STAGES, "--call=outline,format=json")).isZero();
        assertThat(play.out)
                .startsWith("{\n  \"name\": \"app\",\n  \"description\": \"is the result\",\n  \"args\": [\n");
    }

    @Test
    void targets() throws IOException {
        assertThat(run(STAGES, "--call=targets")).isZero();
        assertThat(play.out).isEqualTo("""
                TARGET        DESCRIPTION
                base          holds the tools
                test          runs the tests
                debug        \s
                app (default) is the result
                """);
        assertThat(run("FROM scratch AS lib\nFROM scratch\n", "--call=targets")).isZero();
        assertThat(play.out).isEqualTo("TARGET    DESCRIPTION\nlib       \n(default) \n");
        assertThat(run(STAGES, "--call=targets,format=json")).isZero();
        assertThat(play.out).startsWith("{\n  \"targets\": [\n    {\n      \"name\": \"base\",\n");
    }

    @Test
    void describe() throws IOException {
        assertThat(run(STAGES, "--call=subrequests.describe")).isZero();
        assertThat(play.out).isEqualTo("""
                NAME                 VERSION DESCRIPTION
                outline              1.0.0   List all parameters current build target supports
                targets              1.0.0   List all targets current build supports
                subrequests.describe 1.0.0   List available subrequest types
                """);
        assertThat(run(STAGES, "--call=subrequests.describe,format=json")).isZero();
        assertThat(play.out).startsWith("[\n  {\n    \"name\": \"frontend.outline\",\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "--call=foo~ERROR: failed to build: failed to solve: unsupported request frontend.foo",
                "--call=check,x=y~ERROR: invalid print field: x=y",
                "--call=check,outline~ERROR: invalid print value: check,outline",
                "--call=check,ignorestatus=maybe~ERROR: invalid ignorestatus print value: ignorestatus=maybe: strconv.ParseBool: parsing \"maybe\": invalid syntax",
            })
    void wrongCalls(String word, String message) throws IOException {
        assertThat(run("FROM scratch\n", word)).isOne();
        assertThat(play.err.lines().findFirst()).contains(message);
        assertThat(play.out).isEmpty();
    }

    @Test
    void aMissingDockerfileIsTold() {
        assertThat(play.run("build", "--check", ".")).isOne();
        assertThat(play.err)
                .startsWith(
                        "ERROR: failed to build: failed to solve: failed to read dockerfile: open Dockerfile: no such file or directory\nhint: ");
    }

    @Test
    void buildIsTheUsualCall() throws IOException {
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\n");
        assertThat(play.run("build", "--call=build", "-q", ".")).isZero();
        assertThat(play.built).hasSize(1);
        assertThat(play.run("build", "--check=false", "-q", ".")).isZero();
        assertThat(play.built).hasSize(2);
    }
}
