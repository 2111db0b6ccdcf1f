package dev.drydock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitCommandTest {
    private static final String BANNER = """

            Welcome to Drydock Init!

            This writes the following files, with sensible defaults for your project:
              - .dockerignore
              - Dockerfile
              - compose.yaml
              - README.Docker.md

            Let's get started!

            """;
    private static final String RESULT = """

            CREATED: .dockerignore
            CREATED: Dockerfile
            CREATED: compose.yaml
            CREATED: README.Docker.md

            ✔ Your Docker files are ready!
              Take a moment to review them and tailor them to your application.

            When you're ready, build the image by running: drydock build --tag my-app .
            Once it runs, your application will be available at http://localhost:%s

            Consult README.Docker.md for more information about using the generated files.
            """;

    @TempDir
    Path temp;

    private Path project;

    @BeforeEach
    void aRustProject() throws IOException {
        project = Files.createDirectory(temp.resolve("My App"));
        Files.writeString(project.resolve("Cargo.toml"), "[package]\nname = \"app\"\n");
        Files.writeString(project.resolve("Cargo.lock"), "version = 3\n");
        Files.createDirectory(project.resolve("src"));
        Files.writeString(project.resolve("src/main.rs"), "fn main() {}\n");
    }

    /** What a run showed, as a person sees it. */
    private record Outcome(int code, String out, String err) {}

    private Outcome init(String input, String... args) throws InterruptedException {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var session = new Session(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("TERM", "xterm"),
                project,
                Clock.systemUTC(),
                Session.Terminals.NONE,
                _ -> {
                    throw new AssertionError("init opens no store");
                });
        var command = new InitCommand(words -> words.isEmpty() ? "" : "rustc 1.95.0 (59807616e 2026-04-14)");
        int code;
        try {
            code = command.run(FlagParser.parse(command.spec(), List.of(args)), session);
        } catch (CommandFailed e) {
            code = e.exitCode();
            err.writeBytes((e.text() + "\n").getBytes(StandardCharsets.UTF_8));
            e.hints().forEach(hint -> err.writeBytes(("hint: " + hint + "\n").getBytes(StandardCharsets.UTF_8)));
        }
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> found = Files.list(project)) {
            return found.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static final List<String> BEFORE = List.of("Cargo.lock", "Cargo.toml", "src");
    private static final List<String> AFTER = List.of(
            ".dockerignore", "Cargo.lock", "Cargo.toml", "Dockerfile", "README.Docker.md", "compose.yaml", "src");

    @Test
    void asksLineByLineWhenPiped() throws Exception {
        Outcome outcome = init("\n1.96\n3000\n");
        assertThat(outcome).isEqualTo(new Outcome(0, BANNER + """
                ? What application platform does your project use?
                  1) Rust (detected)
                  2) Other
                  3) Quit
                  Number or name (1)\s
                ? What version of Rust do you want to use? (1.95.0) 1.96
                ? What port does your server listen on? (8000) 3000
                """ + RESULT.formatted("3000"), ""));
        assertThat(files()).isEqualTo(AFTER);
        assertThat(project.resolve("Dockerfile"))
                .content()
                .contains("ARG RUST_VERSION=1.96\n")
                .contains("EXPOSE 3000\n");
    }

    @Test
    void asksNothingWithYes() throws Exception {
        assertThat(init("", "--yes")).isEqualTo(new Outcome(0, BANNER + RESULT.formatted("8000"), ""));
        assertThat(project.resolve("Dockerfile")).content().contains("ARG RUST_VERSION=1.95.0\n");
        assertThat(files()).isEqualTo(AFTER);
    }

    @Test
    void flagsAnswerTheirQuestions() throws Exception {
        Outcome outcome = init("4000\n", "--platform", "rust", "--rust-version", "1.90", "--name", "web", ".");
        assertThat(outcome.out())
                .doesNotContain("platform")
                .doesNotContain("What version")
                .contains("What port")
                .contains("build --tag web .");
        assertThat(project.resolve("Dockerfile"))
                .content()
                .contains("ARG RUST_VERSION=1.90\n")
                .contains("EXPOSE 4000\n");
    }

    @Test
    void repeatsAQuestionUntilTheAnswerWillDo() throws Exception {
        Outcome outcome = init("nonsense\nRUST\nlatest\n\n0\n9000\n");
        assertThat(outcome.out())
                .contains("  'nonsense' is none of them.\n")
                .contains("  'latest' is not a version such as 1.95.0.\n")
                .contains("  '0' is not a port: a number from 1 to 65535.\n");
        assertThat(project.resolve("compose.yaml")).content().contains("- 9000:9000\n");
    }

    @ParameterizedTest
    @CsvSource(value = {"''", "'\\n'", "'\\n\\n'", "'1\\nlatest\\n'"})
    void endOfInputLeavesNothingBehind(String input) throws Exception {
        Outcome outcome = init(input.replace("\\n", "\n"));
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).isEqualTo("""
                init: the input ended before every question was answered; nothing was written
                hint: Use --yes to take the proposed answers without being asked.
                """);
        assertThat(files()).isEqualTo(BEFORE);
    }

    @Test
    void quitLeavesNothingBehind() throws Exception {
        Outcome outcome = init("quit\n");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).endsWith("Nothing was changed.\n");
        assertThat(files()).isEqualTo(BEFORE);
    }

    @ParameterizedTest
    @CsvSource(value = {"'\\n'", "'n\\n'", "'maybe\\n'"})
    void overwritesNothingWithoutAYes(String input) throws Exception {
        Files.writeString(project.resolve("Dockerfile"), "FROM mine\n");
        Files.writeString(project.resolve("docker-compose.yml"), "services: {}\n");
        Outcome outcome = init(input.replace("\\n", "\n"));
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("""
                WARNING: The following Docker files already exist in this directory:
                  - Dockerfile
                  - docker-compose.yml

                ? Do you want to overwrite them? (y/N)""").endsWith("Nothing was changed.\n");
        assertThat(project.resolve("Dockerfile")).hasContent("FROM mine\n");
        assertThat(files()).containsExactly("Cargo.lock", "Cargo.toml", "Dockerfile", "docker-compose.yml", "src");
    }

    @Test
    void aYesOverwritesAndKeepsTheNameOfTheComposeFile() throws Exception {
        Files.writeString(project.resolve("Dockerfile"), "FROM mine\n");
        Files.writeString(project.resolve("docker-compose.yaml"), "services: {}\n");
        assertThat(init("y\n\n\n\n").code()).isZero();
        assertThat(project.resolve("Dockerfile")).content().startsWith("# syntax=docker/dockerfile:1\n");
        assertThat(project.resolve("docker-compose.yaml")).content().contains("target: final");
        assertThat(files()).doesNotContain("compose.yaml");
    }

    @Test
    void yesAloneOverwritesNothingAndForceDoes() throws Exception {
        Files.writeString(project.resolve("Dockerfile"), "FROM mine\n");
        Outcome refused = init("", "--yes");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).isEqualTo("""
                write Docker files: these exist already: Dockerfile
                hint: Use --force to overwrite them.
                """);
        assertThat(project.resolve("Dockerfile")).hasContent("FROM mine\n");
        assertThat(init("", "--yes", "--force").code()).isZero();
        assertThat(project.resolve("Dockerfile")).content().startsWith("# syntax=");
    }

    @Test
    void whatAKilledInitPutAsideComesBackAndNothingStays() throws Exception {
        Path aside = Files.createDirectory(project.resolve(".drydock-init-9999999999-1"));
        Files.writeString(aside.resolve("before-Procfile"), "mine");
        Files.writeString(aside.resolve("before-Cargo.toml"), "replaced since");
        Files.writeString(aside.resolve("Dockerfile"), "half");
        assertThat(init("", "--yes").code()).isZero();
        assertThat(aside).doesNotExist();
        assertThat(project.resolve("Procfile")).hasContent("mine");
        assertThat(Files.readString(project.resolve("Cargo.toml"))).contains("name = \"app\"");
        assertThat(Files.readString(project.resolve("Dockerfile"))).startsWith("# syntax");
    }

    @Test
    void writesAllFilesOrNone() throws Exception {
        Files.writeString(project.resolve(".dockerignore"), "mine\n");
        Files.createDirectory(project.resolve("compose.yaml"));
        Outcome outcome = init("", "--yes", "--force");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("compose.yaml is a directory").contains("hint: No file was changed.");
        assertThat(project.resolve(".dockerignore")).hasContent("mine\n");
        assertThat(files()).containsExactly(".dockerignore", "Cargo.lock", "Cargo.toml", "compose.yaml", "src");
    }

    @Test
    void withoutAKnownProjectYesNeedsThePlatform() throws Exception {
        Files.delete(project.resolve("Cargo.toml"));
        Outcome outcome = init("", "--yes");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("detect platform: ")
                .contains("hint: Name it with --platform, one of: rust, other.");
        assertThat(init("", "--yes", "--platform", "other").code()).isZero();
        assertThat(files()).contains("Dockerfile");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--platform rest | read --platform: 'rest' is not known",
                "--port 99999 --yes | read --port: '99999' is not a port: a number from 1 to 65535",
                "--bin other --yes | read --bin: the project leaves nothing to choose",
                "--name Big_Name | read --name: 'Big_Name' cannot name an image",
            })
    void refusesFlagsThatMeanNothing(String line, String message) throws Exception {
        Outcome outcome = init("", line.split(" "));
        assertThat(outcome.code()).isEqualTo(125);
        assertThat(outcome.err()).startsWith(message + "\n");
        assertThat(files()).isEqualTo(BEFORE);
    }

    @Test
    void saysWhatIsWrongWithTheDirectoryOrAManifest() throws Exception {
        assertThat(init("", "nowhere").err())
                .isEqualTo("read directory " + project.resolve("nowhere") + ": it does not exist\n");
        Files.writeString(project.resolve("Cargo.toml"), "[package]\nname = app\n");
        Outcome outcome = init("", "--yes");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo("read Cargo.toml: line 2: expected a value, found 'app': text stands between quotes\n");
        assertThat(files()).isEqualTo(BEFORE);
    }
}
