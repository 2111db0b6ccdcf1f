package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.e2e.Command.Outcome;
import dev.drydock.house.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person reads when something is wrong. */
class ErrorsIT {
    private static Store store;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        Requires.program("runc");
        Requires.program("busybox");
        store = Store.create().withBusybox();
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    private static Outcome build(String dockerfile, String... arguments) throws Exception {
        Path project = Files.createTempDirectory(store.directory("errors"), "p");
        Files.writeString(project.resolve("Dockerfile"), dockerfile);
        Files.writeString(project.resolve("README.md"), "read\n");
        Files.writeString(project.resolve("hello.txt"), "hello\n");
        Files.writeString(project.resolve(".dockerignore"), "# nothing to see\nREADME.md\n");
        String[] words = new String[arguments.length + 2];
        words[0] = "build";
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        words[words.length - 1] = ".";
        Outcome outcome = store.drydock(words).in(project).run();
        assertThat(outcome.err()).doesNotContain("\tat ").doesNotContain("Exception");
        return outcome;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # nothing here                                   | file with no instructions
            FROM busybox:1.37⏎FOOBARBAZ echo hi              | dockerfile parse error on line 2: unknown instruction: FOOBARBAZ
            FROM busybox:1.37⏎RUM echo hi                    | dockerfile parse error on line 2: unknown instruction: RUM (did you mean RUN?)
            RUN echo hi                                      | no build stage in current context
            FROM                                             | dockerfile parse error on line 1: FROM requires either one or three arguments
            FROM Busybox:1.37                                | failed to parse stage name "Busybox:1.37": invalid reference format: repository name (library/Busybox) must be lowercase
            FROM busybox:1.37⏎RUN --foo=bar echo             | dockerfile parse error on line 2: unknown flag: --foo
            FROM busybox:1.37⏎RUN --mount=type=foo,target=/x true | unsupported mount type "foo"
            FROM busybox:1.37⏎COPY nosuch.txt                | dockerfile parse error on line 2: COPY requires at least two arguments, but only one was provided. Destination could not be determined
            FROM busybox:1.37⏎EXPOSE abc                     | invalid containerPort: abc
            FROM busybox:1.37⏎ENV A                          | ENV must have two arguments
            FROM busybox:1.37⏎RUN <<EOT⏎echo a               | unterminated heredoc
            FROM busybox:1.37⏎WORKDIR                        | dockerfile parse error on line 2: WORKDIR requires exactly one argument
            FROM busybox:1.37⏎STOPSIGNAL FOO                 | invalid signal: FOO
            FROM busybox:9.99⏎RUN true                       | busybox:9.99: failed to resolve source metadata for docker.io/library/busybox:9.99: docker.io/library/busybox:9.99: not found
            FROM busybox:1.37⏎USER nobodyelse⏎RUN true       | unable to find user nobodyelse: no matching entries in passwd file
            FROM busybox:1.37⏎RUN exit 7                     | process "/bin/sh -c exit 7" did not complete successfully: exit code: 7
            FROM busybox:1.37⏎RUN kill -9 $$                 | process "/bin/sh -c kill -9 $$" did not complete successfully: exit code: 137
            """)
    void aWrongDockerfile(String dockerfile, String message) throws Exception {
        Outcome outcome = build(dockerfile.replace('⏎', '\n') + "\n");
        assertThat(outcome.exit()).as(outcome.toString()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines().filter(line -> line.startsWith("ERROR: failed to build: failed to solve: ")))
                .singleElement()
                .asString()
                .contains(message);
        assertThat(outcome.err()).contains("Dockerfile:").contains(" | >>> ");
    }

    @Test
    void anEmptyDockerfile() throws Exception {
        assertThat(build("").err()).contains("the Dockerfile cannot be empty").contains("hint: ");
    }

    @Test
    void noDockerfile() throws Exception {
        Path empty = Files.createTempDirectory(store.directory("errors"), "empty");
        Outcome outcome = store.drydock("build", ".").in(empty).run();
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("failed to read dockerfile: open Dockerfile: no such file or directory")
                .contains("drydock init");
    }

    @Test
    void aMissingFileIsComparedWithWhatIsThere() throws Exception {
        Outcome outcome = build("FROM busybox:1.37\nCOPY helo.txt /\n");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).contains("\"/helo.txt\": not found").contains("hello.txt");
    }

    @Test
    void aFileThatTheIgnoreFileHidesIsNamedWithItsLine() throws Exception {
        Outcome outcome = build("FROM busybox:1.37\nCOPY README.md /\n");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("\"/README.md\": not found")
                .contains(".dockerignore")
                .contains("README.md");
    }

    @Test
    void aMisspeltStageIsCompared() throws Exception {
        Outcome target = build("FROM busybox:1.37 AS build\n", "--target", "biuld");
        assertThat(target.err())
                .contains("target stage \"biuld\" could not be found")
                .contains("build");
        Outcome from = build("FROM busybox:1.37 AS build\nFROM busybox:1.37\nCOPY --from=biuld /a /b\n");
        assertThat(from.exit()).isEqualTo(1);
        assertThat(from.err()).contains("biuld").containsPattern("(?i)did you mean .*build");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Foo:bar | ERROR: failed to build: invalid tag "Foo:bar": repository name must be lowercase
            a:b:c   | ERROR: failed to build: invalid tag "a:b:c": invalid reference format
            foo/    | ERROR: failed to build: invalid tag "foo/": invalid reference format
            a..b    | ERROR: failed to build: invalid tag "a..b": invalid reference format
            """)
    void anInvalidName(String tag, String message) throws Exception {
        Outcome outcome = build("FROM busybox:1.37\n", "-t", tag);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).contains(message);
    }

    @Test
    void wrongFlagsAndArguments() throws Exception {
        Outcome flag = build("FROM busybox:1.37\n", "--nosuchflag");
        assertThat(flag.exit()).isEqualTo(125);
        assertThat(flag.err()).startsWith("unknown flag: --nosuchflag").contains("Usage:  drydock");
        assertThat(store.drydock("nosuch").run().err()).contains("unknown command: drydock nosuch");
        assertThat(store.drydock("tag", "a").run().exit()).isEqualTo(1);
        assertThat(store.drydock("tag", "nosuch", "foo").run().err())
                .contains("Error response from daemon: No such image: nosuch:latest");
        Outcome inspect = store.drydock("inspect", "nosuch").run();
        assertThat(inspect.exit()).isEqualTo(1);
        assertThat(inspect.out()).isEqualTo("[]\n");
        assertThat(store.drydock("inspect", "-f", "{{", "busybox:1.37").run().exit())
                .isEqualTo(64);
    }

    @Test
    void noRuntimeInstalled() throws Exception {
        Path tools = store.directory("tools");
        for (String tool : new String[] {
            "sh", "dirname", "readlink", "id", "uname", "cat", "ls", "stat", "mkdir", "rm", "mv", "cksum", "sha256sum",
            "setpriv", "unshare", "mount", "sed", "grep", "cut", "tr", "head", "date", "env", "stty", "sort", "expr"
        }) {
            Outcome where = Command.of("sh", "-c", "command -v " + tool).run();
            if (where.exit() == 0 && !Files.exists(tools.resolve(tool))) {
                Files.createSymbolicLink(
                        tools.resolve(tool), Path.of(where.out().strip()).toRealPath());
            }
        }
        Path project = store.directory("noruntime");
        Files.writeString(project.resolve("Dockerfile"), "FROM busybox:1.37\nRUN echo never\n");
        Outcome outcome = store.drydock("build", ".")
                .in(project)
                .with("PATH", tools.toString())
                .with("JAVA_HOME", System.getProperty("java.home"))
                .run();
        assertThat(outcome.exit()).as(outcome.toString()).isEqualTo(1);
        assertThat(outcome.err()).contains("runc").contains("crun").contains("hint: ");
    }

    @Test
    void aStoreThatCannotBeWritten() throws Exception {
        Path file = store.directory("blocked").resolve("file");
        Files.writeString(file, "not a directory\n");
        Outcome outcome = store.drydock("--root", file.resolve("store").toString(), "images")
                .run();
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).contains(file.toString()).contains("hint: ").doesNotContain("Exception");
    }

    @Test
    void aFullDiskInARunAndInACopy() throws Exception {
        Path disk = store.directory("disk");
        Path image = store.directory("loop").resolve("disk.img");
        Command.of("truncate", "-s", "48M", image.toString()).run().ok();
        Command.of("mkfs.ext4", "-q", image.toString()).run().ok();
        Command.of("mount", "-o", "loop", image.toString(), disk.toString())
                .run()
                .ok();
        try {
            String root = disk.resolve("store").toString();
            store.drydock("--root", root, "import", store.busyboxTar().toString(), "busybox:1.37")
                    .run()
                    .ok();
            Path project = store.directory("full");
            Files.writeString(
                    project.resolve("Dockerfile"), "FROM busybox:1.37\nRUN dd if=/dev/zero of=/big bs=1M count=200\n");
            Outcome run =
                    store.drydock("--root", root, "build", ".").in(project).run();
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).contains("No space left on device");

            Command.of("sh", "-c", "head -c 100000000 /dev/urandom > big")
                    .in(project)
                    .run()
                    .ok();
            Files.writeString(project.resolve("Dockerfile"), "FROM busybox:1.37\nCOPY big /\n");
            Outcome copy =
                    store.drydock("--root", root, "build", ".").in(project).run();
            assertThat(copy.exit()).isEqualTo(1);
            assertThat(copy.err())
                    .containsIgnoringCase("no space left on device")
                    .contains("hint: ");

            Files.writeString(project.resolve("Dockerfile"), "FROM busybox:1.37\nRUN echo fits > /file\n");
            store.drydock("--root", root, "build", "-t", "fits", ".")
                    .in(project)
                    .run()
                    .ok();
        } finally {
            Command.of("umount", disk.toString()).run().ok();
        }
    }
}
