package dev.drydock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.dockerfile.Finding;
import dev.drydock.dockerfile.Rule;
import dev.drydock.engine.BuildContext;
import dev.drydock.engine.BuildRequest;
import dev.drydock.engine.BuildResult;
import dev.drydock.engine.ContextListing;
import dev.drydock.engine.DockerfileSource;
import dev.drydock.engine.SshSource;
import dev.drydock.engine.Trust;
import dev.drydock.event.BuildEvent;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.StepFailed;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.JsonValue;
import dev.drydock.oci.MediaTypes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildCommandTest {
    private final Screenplay play = new Screenplay();

    @TempDir
    Path project;

    @BeforeEach
    void here() throws Exception {
        play.directory = project;
        Files.writeString(project.resolve("Dockerfile"), "FROM busybox:1.37\nRUN false\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "1~build -t Foo:bar .~ERROR: failed to build: invalid tag \"Foo:bar\": repository name must be lowercase",
                "1~build -t a:b:c .~ERROR: failed to build: invalid tag \"a:b:c\": invalid reference format",
                "1~build -t -x .~ERROR: failed to build: invalid tag \"-x\": invalid reference format",
                "1~build --tag= .~ERROR: failed to build: invalid tag \"\": repository name must have at least one component",
                "1~build -t hello@sha256:30c95b79c5690567c74d8714628ae3923f6c5e93b91f2d6307431ca8e9677520 .~ERROR: failed to build: failed to solve: build tag cannot contain a digest",
                "1~build -t x ./nosuchdir~ERROR: failed to build: unable to prepare context: path \"./nosuchdir\" not found",
                "1~build -t x Dockerfile~ERROR: failed to build: unable to prepare context: path \"Dockerfile\" not found",
                "1~build~ERROR: drydock: 'drydock build' requires 1 argument",
                "1~build a b~ERROR: drydock: 'drydock build' requires 1 argument",
                "125~build --nosuchflag .~unknown flag: --nosuchflag",
                "125~build -t~flag needs an argument: 't' in -t",
                "125~build --tag~flag needs an argument: --tag",
                "125~build --no-cache=maybe .~invalid argument \"maybe\" for \"--no-cache\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax",
                "125~build --trust some .~invalid argument \"some\" for \"--trust\" flag: must be \"host\", \"none\" or a file of certificates",
                "1~build --build-arg =x .~ERROR: invalid key-value pair \"=x\": empty key",
                "1~build --annotation k .~ERROR: failed to build: parse annotations: invalid annotation \"k\", expected key=value",
                "1~build --annotation layer:k=v .~ERROR: failed to build: parse annotations: unknown annotation type \"layer\"",
                "1~build --no-cache --no-cache-filter x .~ERROR: failed to build: --no-cache and --no-cache-filter cannot currently be used together",
                "1~build --progress=tty .~ERROR: failed to get console: provided file is not a console",
                "1~build --progress=bogus .~ERROR: invalid progress mode bogus",
                "1~build --progress=plain -q .~ERROR: progress=plain and quiet cannot be used together",
                "1~build https://h/r.git?depth=1~ERROR: failed to build: unexpected query \"depth\"",
                "1~build --build-context x .~ERROR: failed to build: invalid context value: x, expected key=value",
                "1~build --build-context =. .~ERROR: failed to build: invalid context name in =.: it is blank",
                "1~build --build-context a=none .~ERROR: failed to build: failed to get build context a: stat none: no such file or directory",
                "1~build -f - -~ERROR: failed to build: invalid argument: can't use stdin for both build context and dockerfile",
            })
    void errors(int exit, String line, String message) {
        assertThat(play.run(line.split(" "))).isEqualTo(exit);
        assertThat(play.err.lines().findFirst()).contains(message);
        assertThat(play.out).isEmpty();
        assertThat(play.built).isEmpty();
    }

    @Test
    void flagsBecomeARequest() {
        play.environment.put("FROM_ENV", "there");
        assertThat(play.run(
                        "--root",
                        "/x",
                        "build",
                        "-t",
                        "a",
                        "-tb:2",
                        "--build-arg",
                        "A=1",
                        "--build-arg=FROM_ENV",
                        "--build-arg",
                        "UNSET",
                        "--label",
                        "l",
                        "--target",
                        "test",
                        "--no-cache-filter",
                        "x,y",
                        "--trust",
                        "host",
                        "-f",
                        "Dockerfile",
                        "."))
                .as(play.err)
                .isZero();
        BuildRequest request = play.built.getFirst();
        assertThat(request.tags()).containsExactly(ImageRef.parse("a:latest"), ImageRef.parse("b:2"));
        assertThat(request.buildArgs())
                .containsOnly(java.util.Map.entry("A", "1"), java.util.Map.entry("FROM_ENV", "there"));
        assertThat(request.labels()).containsOnly(java.util.Map.entry("l", ""));
        assertThat(request.target()).isEqualTo("test");
        assertThat(request.noCacheStages()).containsExactly("x", "y");
        assertThat(request.run().trust()).isEqualTo(Trust.HOST);
        assertThat(request.context()).isEqualTo(new BuildContext.Directory(project));
        assertThat(request.dockerfile()).isEqualTo(new DockerfileSource.OnHost(project.resolve("Dockerfile")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://h/r.git#v1:d | Repository[source=GitSource[remote=https://h/r.git, ref=v1, subdir=d, attributes={}]]",
                "git@h:o/r | Repository[source=GitSource[remote=git@h:o/r, ref=, subdir=null, attributes={}]]",
                "github.com/o/r#main | Repository[source=GitSource[remote=https://github.com/o/r, ref=main, subdir=null, attributes={}]]",
                "https://h/context.tar.gz | Web[url=https://h/context.tar.gz]",
            })
    void anAddressIsAContext(String operand, String context) {
        assertThat(play.run("build", "-f", "sub/x", operand)).isZero();
        assertThat(play.built.getFirst().context()).hasToString(context);
        assertThat(play.built.getFirst().dockerfile()).isEqualTo(new DockerfileSource.InContext("sub/x"));
        assertThat(play.run("build", "-f", "/x", operand)).isZero();
        assertThat(play.built.getLast().dockerfile()).isEqualTo(new DockerfileSource.OnHost(Path.of("/x")));
    }

    @Test
    void standardInputIsContextOrDockerfile() {
        play.in = "FROM scratch\n";
        assertThat(play.run("build", "-")).isZero();
        assertThat(play.built.getLast().context()).isInstanceOf(BuildContext.Stream.class);
        assertThat(play.built.getLast().dockerfile()).isEqualTo(new DockerfileSource.Usual());
        assertThat(play.run("build", "-f", "-", ".")).isZero();
        assertThat(play.built.getLast().dockerfile()).isEqualTo(new DockerfileSource.Text("FROM scratch\n"));
        assertThat(play.run("build", "-f", "http://h/Dockerfile", ".")).isZero();
        assertThat(play.built.getLast().dockerfile()).isEqualTo(new DockerfileSource.Web("http://h/Dockerfile"));
    }

    @Test
    void namedContextsAreReadByTheirForm() {
        assertThat(play.run(
                        "build",
                        "--build-context=Lib:latest=.",
                        "--build-context=alpine=docker-image://alpine:3",
                        "--build-context",
                        "src=https://h/r.git#v1",
                        "--build-context=tar=https://h/x.tar",
                        "--build-context=base=oci-layout:///l/base:v1",
                        "."))
                .as(play.err)
                .isZero();
        assertThat(play.built.getFirst().namedContexts().toString())
                .isEqualTo(
                        "{alpine=Image[reference=alpine:3], base=Layout[directory=/l/base, tag=v1, digest=null], lib=Directory[path="
                                + project
                                + "], src=Repository[source=GitSource[remote=https://h/r.git, ref=v1, subdir=null, attributes={}]], "
                                + "tar=Web[url=https://h/x.tar]}");
    }

    @Test
    void theMetadataFileTellsWhatWasMade() throws Exception {
        play.builder = (_, _) -> BuildResult.of(
                Screenplay.id(1),
                new Descriptor(MediaTypes.OCI_MANIFEST, Screenplay.id(13), 855, null, Map.of("k", "v")),
                List.of(ImageRef.parse("multi:1"), ImageRef.parse("h:5000/m:2")));
        assertThat(play.run("build", "-q", "--metadata-file", "md.json", "."))
                .as(play.err)
                .isZero();
        String text = Files.readString(project.resolve("md.json"));
        assertThat(text.replaceFirst("default/default/[0-9a-f]{25}\"", "default/default/REF\""))
                .isEqualTo("""
                        {
                          "buildx.build.ref": "default/default/REF",
                          "containerimage.config.digest": "%s",
                          "containerimage.descriptor": {
                            "mediaType": "application/vnd.oci.image.manifest.v1+json",
                            "digest": "%s",
                            "size": 855,
                            "annotations": {
                              "k": "v"
                            }
                          },
                          "containerimage.digest": "%s",
                          "image.name": "docker.io/library/multi:1,h:5000/m:2"
                        }""".formatted(Screenplay.id(1), Screenplay.id(13), Screenplay.id(13)));
        assertThat(play.run("build", "-q", "--metadata-file", "none/md.json", "."))
                .isOne();
        assertThat(play.err).contains("write metadata file").contains("its directory does not exist");
    }

    @Test
    void theMetadataFileTellsOfFindingsIfItIsAskedTo() throws Exception {
        play.builder = (_, events) -> {
            events.accept(new BuildEvent.Warning(
                    Screenplay.NOW,
                    Screenplay.id(7),
                    new Finding(
                            Rule.WORKDIR_RELATIVE_PATH,
                            "Relative workdir \"a\" can have unexpected results if the base image changes",
                            SourceRange.lines("Dockerfile", 2, 3)),
                    "FROM x\nWORKDIR \\\na\n"));
            return BuildResult.of(
                    Screenplay.id(1), new Descriptor(MediaTypes.OCI_MANIFEST, Screenplay.id(13), 855), List.of());
        };
        assertThat(play.run("build", "-q", "--metadata-file", "md.json", ".")).isZero();
        assertThat(Files.readString(project.resolve("md.json"))).doesNotContain("warnings");
        play.environment.put("BUILDX_METADATA_WARNINGS", "true");
        assertThat(play.run("build", "-q", "--metadata-file", "md.json", ".")).isZero();
        JsonValue.Obj told = (JsonValue.Obj) JsonValue.parse(Files.readAllBytes(project.resolve("md.json")));
        assertThat(told.members().keySet())
                .containsExactly(
                        "buildx.build.ref",
                        "buildx.build.warnings",
                        "containerimage.config.digest",
                        "containerimage.descriptor",
                        "containerimage.digest");
        assertThat(told.compact())
                .contains("\"url\":\"https://docs.docker.com/go/dockerfile/rule/workdir-relative-path/\"")
                .contains("\"range\":[{\"start\":{\"line\":2},\"end\":{\"line\":2}},"
                        + "{\"start\":{\"line\":3},\"end\":{\"line\":3}}]");
    }

    @Test
    void flagsOfOldScriptsAreTakenAndNotShown() {
        assertThat(play.run("build", "--rm", "--force-rm=false", "--compress", "."))
                .isZero();
        assertThat(play.err).doesNotContain("WARNING");
        assertThat(play.run("build", "--squash", "-m", "2g", ".")).isZero();
        assertThat(play.err)
                .contains("WARNING: experimental flag squash is removed with BuildKit.")
                .doesNotContain("--memory");
        assertThat(play.built).hasSize(2);
        assertThat(play.built.getLast().run().limits().memory()).isEqualTo(2L << 30);
        assertThat(play.run("build", "--help")).isZero();
        assertThat(play.out).doesNotContain("--squash").doesNotContain("--memory");
    }

    @Test
    void theContextIsListedAndNothingIsBuilt() {
        play.listing = new ContextListing(List.of(
                new ContextListing.Entry.Directory("/", 1_234_567, 2),
                new ContextListing.Entry.File("/a", 567),
                new ContextListing.Entry.Directory("/d", 1_234_000, 1),
                new ContextListing.Entry.File("/d/b", 1_234_000)));
        assertThat(play.run("build", "--print-context", ".")).isZero();
        assertThat(play.out).isEqualTo("""
                SIZE      FILES   PATH
                1.23MB    2       ./
                567B              a
                1.23MB    1       d/
                1.23MB            d/b
                """);
        assertThat(play.built).isEmpty();
    }

    @Test
    void quietPrintsTheIdAndIidfileHoldsItWithoutANewline() {
        assertThat(play.run("build", "-q", "--iidfile", "iid", ".")).isZero();
        assertThat(play.out).isEqualTo(Screenplay.id(1) + "\n");
        assertThat(play.err).isEmpty();
        assertThat(project.resolve("iid")).hasContent(Screenplay.id(1).toString());
    }

    @Test
    void resultFilesThatAreNoFilesAreWrittenToOrRefusedAndNeverRemoved() throws Exception {
        assertThat(play.run("build", "-q", "--iidfile", "/dev/null", "--metadata-file", "/dev/null", "."))
                .as(play.err)
                .isZero();
        assertThat(Files.exists(Path.of("/dev/null"))).isTrue();
        assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
        assertThat(new ProcessBuilder("mkfifo", project.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        for (String flag : List.of("--iidfile", "--metadata-file")) {
            assertThat(play.run("build", flag, "pipe", ".")).isOne();
            assertThat(play.err).contains("it is a named pipe");
        }
    }

    @Test
    void aRepositoryBehindSshIsAskedForWithTheCallersAgent() throws Exception {
        assertThat(play.run("build", "ssh://git@h/r.git")).isZero();
        assertThat(play.built.getLast().run().agents()).isEmpty();
        Path socket = Files.createTempDirectory("s").resolve("a");
        try (var agent = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            agent.bind(java.net.UnixDomainSocketAddress.of(socket));
            play.environment.put("SSH_AUTH_SOCK", socket.toString());
            for (String context : List.of("ssh://git@h/r.git", "git@h:r")) {
                assertThat(play.run("build", context)).as(play.err).isZero();
                assertThat(play.built.getLast().run().agents())
                        .containsOnly(java.util.Map.entry("default", new SshSource.Agent(socket)));
            }
            for (String context : List.of("https://h/r.git", ".")) {
                assertThat(play.run("build", context)).isZero();
                assertThat(play.built.getLast().run().agents()).isEmpty();
            }
        } finally {
            Files.delete(socket);
            Files.delete(socket.getParent());
        }
        assertThat(new ProcessBuilder("mkfifo", project.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(play.run("build", "--ssh", "default=pipe", ".")).isOne();
        assertThat(play.err).contains("read pipe: not a regular file");
    }

    @Test
    void aDumbTerminalGetsLines() {
        play.terminals = new Session.Terminals(true, true, true);
        play.environment.put("TERM", "dumb");
        assertThat(play.run("build", ".")).isZero();
        assertThat(play.err).startsWith("#0 building with").doesNotContain("\u001b");
    }

    @Test
    void anIidfileThatCannotBeWrittenIsToldOfBeforeTheBuild() {
        assertThat(play.run("build", "--iidfile", "nosuch/iid", ".")).isOne();
        assertThat(play.err)
                .startsWith("ERROR: failed to build: write image ID file " + project.resolve("nosuch/iid")
                        + ": its directory does not exist\nhint: ");
        assertThat(play.built).isEmpty();
    }

    @Test
    void aFailedStepEndsWithExcerptAndCause() {
        play.builder = (_, events) -> {
            var vertex = Screenplay.id(2);
            events.accept(new BuildEvent.Queued(Screenplay.NOW, vertex, "[2/2] RUN false", List.of()));
            events.accept(new BuildEvent.Started(Screenplay.NOW, vertex));
            events.accept(new BuildEvent.Failed(Screenplay.NOW, vertex, "process \"x\" did not complete"));
            StepFailed failed = new StepFailed("process \"x\" did not complete", 1);
            failed.lieIn("FROM busybox:1.37\nRUN false\n");
            throw failed.at(SourceRange.lines("Dockerfile", 2, 2)).hint("Try again.");
        };
        assertThat(play.run("build", ".")).isOne();
        assertThat(play.err).endsWith("""
                ------
                 > [2/2] RUN false:
                ------
                Dockerfile:2
                --------------------
                   1 |     FROM busybox:1.37
                   2 | >>> RUN false
                   3 |    \s
                --------------------
                ERROR: failed to build: failed to solve: process "x" did not complete
                hint: Try again.
                """);
    }

    @Test
    void anInterruptedBuildSaysSo() {
        play.builder = (_, _) -> {
            throw new InterruptedException();
        };
        assertThat(play.run("build", ".")).isEqualTo(130);
        assertThat(play.err).endsWith("ERROR: failed to build: failed to solve: Canceled: context canceled\n");
    }

    @Test
    void aBugShowsItsTraceOnlyWhenAskedFor() {
        play.builder = (_, _) -> {
            throw new IllegalStateException("broken");
        };
        assertThat(play.run("build", ".")).isOne();
        assertThat(play.err).contains("drydock has a bug").contains("--debug").doesNotContain("\tat ");
        assertThat(play.run("build", "-D", ".")).isOne();
        assertThat(play.err).contains("\tat ");
    }
}
