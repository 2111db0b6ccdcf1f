package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.e2e.Command.Outcome;
import dev.drydock.house.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person reads when the Dockerfile, a name or a flag is wrong. */
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
        Files.createDirectory(project.resolve("sub"));
        Files.writeString(project.resolve("sub/data.txt"), "data\n");
        Files.writeString(project.resolve(".dockerignore"), "# nothing to see\nREADME.md\n");
        String[] words = new String[arguments.length + 2];
        words[0] = "build";
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        words[words.length - 1] = ".";
        Outcome outcome = store.drydock(words).in(project).run();
        assertThat(outcome.err()).doesNotContain("\tat ").doesNotContain("Exception");
        return outcome;
    }

    /** The columns of the line that the caret line under it marks, null where there is none. */
    private static String pointedAt(Outcome outcome) {
        List<String> lines = outcome.err().lines().toList();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).startsWith("     |     ")) {
                int from = lines.get(i).indexOf('^');
                return lines.get(i - 1).substring(from, lines.get(i).length());
            }
        }
        return null;
    }

    @Test
    void aDockerfileOfCommentsOnly() throws Exception {
        Outcome outcome = build("# nothing here\n");
        assertThat(cause(outcome)).endsWith("file with no instructions");
        assertThat(outcome.err()).contains("   1 | >>> # nothing here\n").contains("\nhint: ");
    }

    private static String cause(Outcome outcome) {
        List<String> causes = outcome.err()
                .lines()
                .filter(line -> line.startsWith("ERROR: failed to build: failed to solve: "))
                .toList();
        assertThat(causes).as(outcome.toString()).hasSize(1);
        return causes.getFirst();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            FROM busybox:1.37⏎FOOBARBAZ echo hi              | FOOBARBAZ      | dockerfile parse error on line 2: unknown instruction: FOOBARBAZ
            FROM busybox:1.37⏎RUM echo hi                    | RUM            | dockerfile parse error on line 2: unknown instruction: RUM (did you mean RUN?)
            RUN echo hi                                      | RUN            | no build stage in current context
            FROM                                             | FROM           | dockerfile parse error on line 1: FROM requires either one or three arguments
            FROM busybox:1.37 foo                            | foo            | dockerfile parse error on line 1: FROM requires either one or three arguments
            FROM Busybox:1.37                                | Busybox:1.37   | failed to parse stage name "Busybox:1.37": invalid reference format: repository name (library/Busybox) must be lowercase
            ARG V=1.37⏎FROM busybox:${VV}                    | busybox:${VV}  | failed to parse stage name "busybox:": invalid reference format
            FROM busybox:1.37⏎RUN --foo=bar echo             | --foo=bar      | dockerfile parse error on line 2: unknown flag: --foo
            FROM busybox:1.37⏎RUN --mount=type=foo,target=/x true | foo       | unsupported mount type "foo"
            FROM busybox:1.37⏎RUN --mount=type=cahce,target=/x true | cahce   | unsupported mount type "cahce" (did you mean cache?)
            FROM busybox:1.37⏎COPY nosuch.txt                | nosuch.txt     | dockerfile parse error on line 2: COPY requires at least two arguments, but only one was provided. Destination could not be determined
            FROM busybox:1.37⏎EXPOSE abc                     | abc            | invalid containerPort: abc
            FROM busybox:1.37⏎ENV A=${B                      | ${B            | failed to process "${B": unsupported modifier
            FROM busybox:1.37⏎ENV A                          | A              | ENV must have two arguments
            FROM busybox:1.37⏎RUN <<EOT⏎echo a               | <<EOT          | unterminated heredoc
            FROM busybox:1.37⏎WORKDIR                        | WORKDIR        | dockerfile parse error on line 2: WORKDIR requires exactly one argument
            FROM busybox:1.37⏎MAINTAINER                     | MAINTAINER     | dockerfile parse error on line 2: MAINTAINER requires exactly one argument
            FROM busybox:1.37⏎HEALTHCHECK --interval=5 CMD true | 5           | dockerfile parse error on line 2: time: missing unit in duration "5"
            FROM busybox:1.37⏎STOPSIGNAL FOO                 | FOO            | invalid signal: FOO
            FROM busybox:9.99⏎RUN true                       | busybox:9.99   | busybox:9.99: failed to resolve source metadata for docker.io/library/busybox:9.99: docker.io/library/busybox:9.99: not found
            FROM busybox:1.37⏎COPY --from=nostage /a /b      | nostage        | nostage: failed to resolve source metadata for docker.io/library/nostage:latest: docker.io/library/nostage:latest: not found
            FROM busybox:1.37⏎USER nobodyelse⏎RUN true       |                | process "/bin/sh -c true" did not complete successfully: unable to find user nobodyelse: no matching entries in passwd file
            FROM busybox:1.37⏎RUN exit 7                     |                | process "/bin/sh -c exit 7" did not complete successfully: exit code: 7
            FROM busybox:1.37⏎RUN nosuchcmd --flag           |                | process "/bin/sh -c nosuchcmd --flag" did not complete successfully: exit code: 127
            FROM busybox:1.37⏎RUN ["nosuchcmd", "x"]         |                | process "nosuchcmd x" did not complete successfully: exit code: 1
            FROM busybox:1.37⏎RUN cd /nowhere                |                | process "/bin/sh -c cd /nowhere" did not complete successfully: exit code: 2
            FROM busybox:1.37⏎COPY nosuch.txt /              | nosuch.txt     | "/nosuch.txt": not found
            FROM busybox:1.37⏎COPY hello.txt \\⏎ nosuch.txt / | nosuch.txt    | "/nosuch.txt": not found
            FROM busybox:1.37⏎RUN --mount=type=bind,source=nosuch.txt,target=/x true | nosuch.txt | "/nosuch.txt": not found
            """)
    void aWrongDockerfile(String dockerfile, String word, String message) throws Exception {
        Outcome outcome = build(dockerfile.replace('⏎', '\n') + "\n");
        assertThat(outcome.exit()).as(outcome.toString()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(cause(outcome)).contains(message);
        assertThat(outcome.err()).contains("Dockerfile:").contains(" | >>> ");
        assertThat(pointedAt(outcome)).as(outcome.err()).isEqualTo(word);
    }

    @Test
    void aFailedStepShowsItsOutputThenItsPlaceThenTheCause() throws Exception {
        Outcome outcome =
                build("FROM busybox:1.37\nRUN for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i; done; exit 3\n"
                        + "RUN echo never\n");
        assertThat(outcome.err().replaceAll("(?m)^[0-9.]+ ", "")).endsWith("""
                ------
                 > [2/3] RUN for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i; done; exit 3:
                line 3
                line 4
                line 5
                line 6
                line 7
                line 8
                line 9
                line 10
                line 11
                line 12
                ------
                Dockerfile:2
                --------------------
                   1 |     FROM busybox:1.37
                   2 | >>> RUN for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i; done; exit 3
                   3 |     RUN echo never
                   4 |    \s
                --------------------
                ERROR: failed to build: failed to solve: process "/bin/sh -c for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i; done; exit 3" did not complete successfully: exit code: 3
                """);
    }

    /** The first process of a step is the init of its namespace, which the kernel keeps from killing itself. */
    @Test
    void aSignalIs128AndItsNumberAndHasItsName() throws Exception {
        Outcome outcome = build("FROM busybox:1.37\nRUN sh -c 'kill -9 $$'; exit $?\n");
        assertThat(cause(outcome)).endsWith("did not complete successfully: exit code: 137");
        assertThat(outcome.err()).contains("hint: SIGKILL ended the command, as the kernel does when memory runs out.");
        assertThat(build("FROM busybox:1.37\nRUN sh -c 'kill -TERM $$'; exit $?\n")
                        .err())
                .contains("exit code: 143")
                .contains("hint: SIGTERM ended the command.");
    }

    @Test
    void aProgramThatTheImageLacksIsNamed() throws Exception {
        assertThat(build("FROM busybox:1.37\nRUN [\"nosuchcmd\", \"x\"]\n").err())
                .contains("hint: exec: \"nosuchcmd\": executable file not found in $PATH");
        assertThat(build("FROM busybox:1.37\nSHELL [\"/bin/bash\", \"-c\"]\nRUN true\n")
                        .err())
                .contains("hint: The image has no \"/bin/bash\".");
        assertThat(build("FROM busybox:1.37\nRUN [\"/etc/passwd\"]\n").err())
                .contains("hint: \"/etc/passwd\" of the image is not an executable file.");
        assertThat(build("FROM scratch\nRUN true\n").err())
                .contains(
                        "hint: The image has no \"/bin/sh\". Without a shell only RUN [\"program\", \"argument\"] works.");
    }

    @Test
    void anEmptyDockerfile() throws Exception {
        Outcome outcome = build("");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(cause(outcome)).endsWith("the Dockerfile cannot be empty");
        assertThat(outcome.err()).contains("drydock init");
    }

    @Test
    void noDockerfile() throws Exception {
        Path empty = Files.createTempDirectory(store.directory("errors"), "empty");
        Outcome outcome = store.drydock("build", ".").in(empty).run();
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(cause(outcome)).endsWith("failed to read dockerfile: open Dockerfile: no such file or directory");
        assertThat(outcome.err()).contains("drydock init");
        Files.writeString(empty.resolve("release.Dockerfile"), "FROM scratch\n");
        assertThat(store.drydock("build", ".").in(empty).run().err())
                .contains("Did you mean -f ")
                .contains("release.Dockerfile");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            COPY helo.txt /         | Did you mean "hello.txt"?
            COPY ./helo.txt /       | Did you mean "hello.txt"?
            COPY sub/dat.txt /      | Did you mean "sub/data.txt"?
            COPY suub/data.txt /    | Did you mean "sub/data.txt"?
            COPY data.txt /         | Did you mean "sub/data.txt"?
            COPY nothing.like.it /  | The build context holds .dockerignore, Dockerfile, hello.txt, sub.
            COPY sub/nothing /      | "sub" of the build context holds data.txt.
            ADD helo.txt /          | Did you mean "hello.txt"?
            COPY --from=0 /etc/paswd / | Did you mean "/etc/passwd"?
            """)
    void aMissingFileIsComparedWithWhatIsThere(String instruction, String hint) throws Exception {
        Outcome outcome = build("FROM busybox:1.37\nFROM busybox:1.37\n" + instruction + "\n");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(cause(outcome))
                .contains("failed to compute cache key: failed to calculate checksum of ref ")
                .endsWith("\": not found");
        assertThat(outcome.err()).contains("\nhint: " + hint + "\n");
    }

    @Test
    void aFileThatTheIgnoreFileHidesIsNamedWithItsLine() throws Exception {
        Outcome outcome = build("FROM busybox:1.37\nCOPY README.md /\n");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(cause(outcome)).endsWith("\"/README.md\": not found");
        assertThat(outcome.err())
                .contains("CopyIgnoredFile")
                .contains("\nhint: Line 2 of .dockerignore, \"README.md\", hides it: ");
        assertThat(pointedAt(outcome)).isEqualTo("README.md");
    }

    @Test
    void aMisspeltStageIsCompared() throws Exception {
        Outcome target = build("FROM busybox:1.37 AS build\n", "--target", "biuld");
        assertThat(cause(target)).endsWith("target stage \"biuld\" could not be found (did you mean build?)");
        assertThat(target.err()).contains("Dockerfile:1\n").contains("hint: Stages with a name: build.");
        for (String wrong : List.of("COPY --from=biuld /a /b", "FROM biuld", "RUN --mount=from=biuld,target=/x true")) {
            Outcome outcome = build("FROM busybox:1.37 AS build\nFROM busybox:1.37\n" + wrong + "\n");
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(cause(outcome)).endsWith("not found (did you mean build?)");
            assertThat(pointedAt(outcome)).isEqualTo("biuld");
        }
    }

    @Test
    void aMissingBaseImageIsComparedWithTheStores() throws Exception {
        Outcome outcome = build("FROM busybx:1.37\n");
        assertThat(outcome.err())
                .contains("hint: Did you mean busybox:1.37?")
                .contains("drydock import rootfs.tar busybx:1.37");
        assertThat(build("FROM busybox:9.99\n").err()).contains("hint: The store has busybox:1.37.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Foo:bar | invalid tag "Foo:bar": repository name must be lowercase
            a:b:c   | invalid tag "a:b:c": invalid reference format
            -x      | invalid tag "-x": invalid reference format
            foo/    | invalid tag "foo/": invalid reference format
            a..b    | invalid tag "a..b": invalid reference format
            ' '     | invalid tag " ": invalid reference format
            ''      | invalid tag "": repository name must have at least one component
            a@sha256:30c95b79c5690567c74d8714628ae3923f6c5e93b91f2d6307431ca8e9677520 | failed to solve: build tag cannot contain a digest
            """)
    void anInvalidName(String tag, String message) throws Exception {
        Outcome outcome = build("FROM busybox:1.37\n", "-t", tag);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("ERROR: failed to build: " + message + "\n");
        assertThat(message.contains("digest") || outcome.err().contains("\nhint: Write "))
                .as(outcome.err())
                .isTrue();
    }

    @Test
    void invalidNamesOfOtherKinds() throws Exception {
        String digits = "0123456789abcdef".repeat(4);
        assertThat(build("FROM busybox:1.37\n", "-t", digits).err())
                .isEqualTo("ERROR: failed to build: failed to solve: invalid repository name (" + digits
                        + "), cannot specify 64-byte hexadecimal strings\n");
        assertThat(build("FROM busybox:1.37 AS 1x\n").err()).contains("invalid name for build stage: \"1x\"");
        assertThat(store.drydock("tag", "busybox:1.37", "Foo").run().err())
                .contains(
                        "\"Foo\" is not a valid repository/tag: invalid reference format: repository name (library/Foo)"
                                + " must be lowercase")
                .contains("hint: Write it as foo.");
        assertThat(store.drydock("rmi", "Foo").run().err()).contains("hint: Write it as foo.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1   | build ./nosuchdir                       | ERROR: failed to build: unable to prepare context: path "./nosuchdir" not found
            1   | build                                   | ERROR: drydock: 'drydock build' requires 1 argument
            125 | build --nosuchflag .                    | unknown flag: --nosuchflag
            125 | build -t                                | flag needs an argument: 't' in -t
            1   | build --build-arg =x .                  | ERROR: invalid key-value pair "=x": empty key
            1   | build --no-cache --no-cache-filter x .  | ERROR: failed to build: --no-cache and --no-cache-filter cannot currently be used together
            1   | build --platform linux/foo .            | ERROR: failed to build: build for platform linux/foo
            1   | nosuch                                  | drydock: unknown command: drydock nosuch
            1   | biuld                                   | drydock: unknown command: drydock biuld
            1   | tag a                                   | drydock: 'drydock tag' requires 2 arguments
            1   | tag nosuch foo                          | Error response from daemon: No such image: nosuch:latest
            1   | rmi nosuch                              | Error response from daemon: No such image: nosuch:latest
            64  | inspect -f {{ busybox:1.37              | template parsing error: template: :1: unclosed action
            125 | images -f foo                           | invalid argument "foo" for "-f, --filter" flag: bad format of filter (expected name=value)
            1   | import nosuch.tar                       | open nosuch.tar: no such file or directory
            1   | --root= images                          | --root: the store's directory is empty text
            """)
    void aWrongCommandLine(int exit, String words, String message) throws Exception {
        Outcome outcome =
                store.drydock(words.split(" ")).in(store.directory("words")).run();
        assertThat(outcome.exit()).as(outcome.toString()).isEqualTo(exit);
        assertThat(outcome.err()).startsWith(message).doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void inspectOfNothingIsAnEmptyList() throws Exception {
        Outcome inspect = store.drydock("inspect", "nosuch").run();
        assertThat(inspect.exit()).isEqualTo(1);
        assertThat(inspect.out()).isEqualTo("[]\n");
    }

    /** A step's output: without a newline at its end, in very long lines, with bytes that are no text, and without end. */
    @Test
    void whateverAStepPrintsIsPassedOn() throws Exception {
        assertThat(build("FROM busybox:1.37\nRUN printf no-newline; false\n", "--progress=plain")
                        .err())
                .containsPattern("(?m)^#[0-9]+ [0-9.]+ no-newline\n#[0-9]+ ERROR: ")
                .containsPattern("(?m)^[0-9.]+ no-newline\n------$");
        String longLine = build("FROM busybox:1.37\nRUN head -c 100000 /dev/zero | tr '\\0' x; echo; exit 1\n")
                .err();
        assertThat(longLine).contains("x".repeat(100_000));
        assertThat(build("FROM busybox:1.37\nRUN printf '\\377\\376\\0\\033[31m\\302'; exit 1\n")
                        .err())
                .contains("\uFFFD\uFFFD\0\033[31m\uFFFD\n");
        String endless = build("FROM busybox:1.37\nRUN head -c 5000000 /dev/zero | tr '\\0' '\\n'; exit 1\n")
                .err();
        assertThat(endless).contains("[output clipped, log limit 2MiB reached]");
    }
}
