package dev.drydock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.engine.Compression;
import dev.drydock.engine.Destination;
import dev.drydock.engine.ImageForm;
import dev.drydock.engine.Output;
import dev.drydock.engine.Output.ImageOption;
import dev.drydock.oci.Annotations;
import dev.drydock.oci.Annotations.Annotation;
import dev.drydock.oci.ImageRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The exporters of features.md 8.1, and how buildx and BuildKit refuse what they do not take. */
class OutputFlagsTest {
    @TempDir
    Path project;

    private final Screenplay play = new Screenplay();

    @BeforeEach
    void project() throws IOException {
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\n");
        Files.createDirectory(project.resolve("dir"));
        play.directory = project;
    }

    private List<Output> outputs(String... flags) {
        List<String> words = new ArrayList<>(List.of("build"));
        words.addAll(List.of(flags));
        words.add(".");
        assertThat(play.run(words.toArray(String[]::new))).as(play.err).isZero();
        return play.built.getLast().outputs();
    }

    private static Output image(ImageOption... options) {
        return new Output.Image(ImageForm.USUAL, List.of(), Set.of(options), null);
    }

    @Test
    void withoutFlagsTheImageGoesToTheStore() {
        assertThat(outputs()).containsExactly(Output.store());
        assertThat(outputs("--load")).containsExactly(Output.store());
        assertThat(outputs("-t", "a/b", "--push")).containsExactly(Output.registry());
        assertThat(outputs("-t", "a/b", "--push", "--load")).containsExactly(Output.registry());
    }

    @Test
    void shortFormsAreADirectoryAndAStream() {
        assertThat(outputs("-o", "out"))
                .containsExactly(new Output.Files(project.resolve("out"), Output.Foreign.KEEP, false, null));
        assertThat(outputs("-o", "-"))
                .singleElement()
                .isInstanceOfSatisfying(
                        Output.Tar.class, tar -> assertThat(tar.to()).isInstanceOf(Destination.Stream.class));
    }

    @Test
    void everyTypeAndSeveralAtOnce() {
        assertThat(outputs(
                        "-o",
                        "type=image,name=a/b,push=true,store=false,name-canonical=true,dangling-name-prefix=x/y",
                        "-o",
                        "type=registry,push-by-digest=1,registry.insecure=t,unpack=false",
                        "-o",
                        "type=docker",
                        "-o",
                        "type=docker,dest=d.tar",
                        "-o",
                        "type=oci,dest=o.tar",
                        "-o",
                        "type=oci,tar=false,dest=lay",
                        "-o",
                        "type=local,dest=dir,platform-split=true,source-date-epoch=7",
                        "-o",
                        "type=tar,dest=t.tar",
                        "-o",
                        "type=cacheonly"))
                .containsExactly(
                        new Output.Image(
                                ImageForm.USUAL,
                                List.of(ImageRef.parse("a/b:latest")),
                                Set.of(ImageOption.PUSH, ImageOption.NAME_CANONICAL),
                                ImageRef.parse("x/y")),
                        image(ImageOption.STORE, ImageOption.PUSH, ImageOption.PUSH_BY_DIGEST, ImageOption.INSECURE),
                        image(ImageOption.STORE),
                        new Output.Archive(
                                Output.ArchiveKind.DOCKER,
                                ImageForm.USUAL,
                                List.of(),
                                new Destination.File(project.resolve("d.tar"), 0644)),
                        new Output.Archive(
                                Output.ArchiveKind.OCI,
                                ImageForm.USUAL,
                                List.of(),
                                new Destination.File(project.resolve("o.tar"), 0644)),
                        new Output.Layout(ImageForm.USUAL, List.of(), project.resolve("lay")),
                        new Output.Files(project.resolve("dir"), Output.Foreign.KEEP, true, Instant.ofEpochSecond(7)),
                        new Output.Tar(new Destination.File(project.resolve("t.tar"), 0644), null),
                        new Output.CacheOnly());
    }

    @Test
    void attributesOfTheImage() {
        Output.Archive archive = (Output.Archive) outputs(
                        "-o",
                        "type=oci,dest=x,\"name=a:1,b:2\",compression=zstd,compression-level=9,force-compression=true,"
                                + "oci-mediatypes=false,annotation.Key=v=1,annotation-manifest-descriptor.d=w,"
                                + "rewrite-timestamp=true,source-date-epoch=1700000000")
                .getFirst();
        assertThat(archive.names()).containsExactly(ImageRef.parse("a:1"), ImageRef.parse("b:2"));
        assertThat(archive.form())
                .isEqualTo(new ImageForm(
                        new Compression(Compression.Kind.ZSTD, 9, true),
                        false,
                        new Annotations(List.of(
                                new Annotation(Annotations.Place.MANIFEST, null, "key", "v=1"),
                                new Annotation(Annotations.Place.MANIFEST_DESCRIPTOR, null, "d", "w"))),
                        true,
                        Instant.ofEpochSecond(1700000000)));
    }

    @Test
    void pushAndLoadJoinWhatOutputsAskFor() {
        assertThat(outputs("--push", "-o", "type=image", "-o", "out"))
                .containsExactly(
                        image(ImageOption.STORE, ImageOption.PUSH),
                        new Output.Files(project.resolve("out"), Output.Foreign.KEEP, false, null));
        assertThat(outputs("--load", "-o", "out")).hasSize(2).contains(Output.store());
        assertThat(outputs("--push", "-o", "out")).hasSize(2).contains(Output.registry());
        assertThat(outputs("--load", "-o", "type=docker")).containsExactly(Output.store());
    }

    @Test
    void aModeThatDeletesNeedsLeaveOutsideTheWorkingDirectory() {
        assertThat(outputs("-o", "type=local,dest=dir,mode=delete"))
                .containsExactly(new Output.Files(project.resolve("dir"), Output.Foreign.DELETE, false, null));
        assertThat(play.run("build", "-o", "type=local,dest=.,mode=delete", "."))
                .isOne();
        assertThat(play.err).contains("--allow buildx.local.delete");
        assertThat(outputs("--allow", "buildx.local.delete", "-o", "type=local,dest=..,mode=delete"))
                .hasSize(1);
    }

    @Test
    void aTerminalIsNotWrittenTo() {
        play.terminals = new Session.Terminals(false, true, false);
        for (String type : List.of("tar", "oci")) {
            assertThat(play.run("build", "-o", "type=" + type, ".")).isOne();
            assertThat(play.err)
                    .startsWith("ERROR: failed to build: dest file is required for " + type
                            + " exporter. refusing to write to console\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "-o dest=x,push=true~type is required for output",
                "-o type=local,x~invalid value x",
                "-o type=foo~failed to solve: exporter \"foo\" could not be found",
                "-o type=local~dest is required for local exporter",
                "-o type=local,dest=-~dest cannot be stdout for local exporter",
                "-o type=oci,tar=false~dest is required for oci exporter",
                "-o Dockerfile~destination directory Dockerfile is a file",
                "-o type=tar,dest=dir~destination file dir is a directory",
                "-o - -o type=oci~multiple outputs configured to write to stdout",
                "-o type=image,dest=x~output x is not supported by image exporter",
                "-o type=image,push=maybe~failed to solve: non-bool value specified for push: strconv.ParseBool: parsing \"maybe\": invalid syntax",
                "-o type=image,compression=lz4~failed to solve: unsupported compression type lz4",
                "-o type=image,compression=estargz~failed to solve: unsupported compression type estargz: layers that can be read by parts are not made here",
                "-o type=image,compression-level=x~failed to solve: non-integer value x specified for compression-level",
                "-o type=image,compression-level=10~failed to solve: gzip: invalid compression level: 10",
                "-o type=image,compression=zstd,compression-level=23~failed to solve: zstd: invalid compression level: 23",
                "-o type=image,oci-artifact=true,oci-mediatypes=false~failed to solve: exporter option \"oci-artifact=true\" conflicts with \"oci-mediatypes=false\"",
                "-o type=image,unpack=true,rewrite-timestamp=true~failed to solve: exporter option \"rewrite-timestamp\" conflicts with \"unpack\"",
                "-o type=image,annotation-index.a=b~failed to solve: index annotations not supported for single platform export",
                "-o type=image,oci-mediatypes=false,annotation-index.a=b~failed to solve: cannot export annotations with \"oci-mediatypes=false\"",
                "-o type=image,annotation-other.a=b~failed to solve: unrecognized annotation type other",
                "-o type=image,annotation[plan9/mips].a=b~failed to solve: invalid annotation: no platform plan9/mips found in source",
                "-o type=image,push-by-digest=true,push=true,name=a:1~failed to solve: can't push tagged ref docker.io/library/a:1 by digest",
                "-o type=local,dest=x,mode=move~failed to solve: invalid local exporter mode \"move\"",
                "-o type=docker,context=other~no Docker context other: there is only the store of this program",
                "-o type=oci,compresion=zstd~invalid output: type=oci has no attribute compresion",
                "--iidfile x -o out~local and tar exporters are incompatible with image ID file",
            })
    void refusals(String flags, String message) {
        assertThat(play.run(("build " + flags + " .").split(" "))).isOne();
        assertThat(play.err.lines().findFirst()).contains("ERROR: failed to build: " + message);
        assertThat(play.built).isEmpty();
    }
}
