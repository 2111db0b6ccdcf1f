package dev.drydock.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import dev.drydock.house.Requires;
import dev.drydock.oci.Annotations;
import dev.drydock.oci.Annotations.Annotation;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What builds make of their results, read with the JDK and commons-compress. */
class BuildOutputsTest {
    private static final Instant OLD = Instant.parse("2020-01-02T03:04:05Z");

    @TempDir
    Path directory;

    private Drydock drydock;
    private Path project;
    private Path out;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        Requires.root();
        drydock = Drydock.open(directory.resolve("store"));
        project = Files.createDirectory(directory.resolve("project"));
        out = directory.resolve("out");
        Files.writeString(project.resolve("a"), "new a");
        Files.setLastModifiedTime(project.resolve("a"), FileTime.from(OLD));
        Files.createDirectories(project.resolve("d/e"));
        Files.writeString(project.resolve("d/e/f"), "f");
        Files.createSymbolicLink(project.resolve("d/up"), Path.of("../.."));
        Files.writeString(
                project.resolve("Dockerfile"),
                "FROM scratch\nCOPY --chmod=4751 --chown=7:8 a /a\nCOPY --chmod=0750 d /d\nCOPY a /gone/\nADD linked.tar /\n");
        Process tar = new ProcessBuilder(
                        "sh",
                        "-c",
                        "mkdir l && echo x >l/one && ln l/one l/two && tar -C l -cf linked.tar one two; rm -r l")
                .directory(project.toFile())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
    }

    @AfterEach
    void close() {
        if (drydock != null) {
            drydock.close();
        }
    }

    private BuildResult build(Map<String, String> args, Output... outputs) throws InterruptedException {
        BuildRequest usual = BuildRequest.of(project);
        BuildRequest request = new BuildRequest(
                usual.context(),
                usual.dockerfile(),
                new TreeMap<>(),
                List.of(ImageRef.parse("made:1")),
                args,
                Map.of(),
                Annotations.NONE,
                null,
                false,
                Set.of(),
                usual.platform(),
                usual.run(),
                usual.pull(),
                List.of(outputs));
        return drydock.build(request, _ -> {});
    }

    private BuildResult build(Output... outputs) throws InterruptedException {
        return build(Map.of(), outputs);
    }

    /** With rewrite-timestamp the image in the store has the layers that a registry or an archive would get. */
    @Test
    void theStoredImageHasTheRewrittenTimes() throws Exception {
        Instant epoch = Instant.parse("2021-01-01T00:00:00Z");
        ImageForm form = new ImageForm(Compression.GZIP, true, Annotations.NONE, true, epoch);
        Output stored = new Output.Image(form, List.of(), Set.of(Output.ImageOption.STORE), null);
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        Output sent = new Output.Archive(Output.ArchiveKind.OCI, form, List.of(), new Destination.Stream(archive));
        BuildResult result = build(stored);
        BuildResult elsewhere = build(sent);
        assertThat(result.imageId()).isEqualTo(elsewhere.imageId());
        Map<String, BuiltFiles.File> files = BuiltFiles.of(drydock, "made:1").all();
        assertThat(files.keySet()).contains("a", "d/e/f", "d/up", "gone/a", "one", "two");
        assertThat(files)
                .allSatisfy((path, file) -> assertThat(file.modified()).as(path).isBeforeOrEqualTo(epoch));
        assertThat(files.get("a").modified()).isEqualTo(OLD);
        assertThat(files.get("a").toString()).startsWith("-4751 7:8 ");
        assertThat(files.get("d/e/f").modified()).isEqualTo(epoch);
        long layers = count("layers");
        assertThat(build(stored).imageId()).isEqualTo(result.imageId());
        assertThat(count("layers")).as("layers, after the same again").isEqualTo(layers);
        assertThat(drydock.check(true, false).problems()).isEmpty();
    }

    private long count(String part) throws IOException {
        try (var all = Files.list(directory.resolve("store").resolve(part))) {
            return all.count();
        }
    }

    private static Output.Files files(Path into, Output.Foreign foreign) {
        return new Output.Files(into, foreign, false, null);
    }

    @Test
    void filesAreTheBuildersAndHaveTheImagesModesAndTimes() throws Exception {
        BuildResult result = build(files(out, Output.Foreign.KEEP));
        assertThat(result.image()).isNull();
        assertThat(drydock.images()).isEmpty();
        assertThat(Files.getAttribute(out.resolve("a"), "unix:mode")).isEqualTo(0104751);
        assertThat(Files.getAttribute(out.resolve("a"), "unix:uid")).isEqualTo(Files.getAttribute(project, "unix:uid"));
        assertThat(Files.getLastModifiedTime(out.resolve("a")).toInstant()).isEqualTo(OLD);
        assertThat(out.resolve("d/e/f")).hasContent("f");
        assertThat(Files.readSymbolicLink(out.resolve("d/up"))).hasToString("../..");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out.resolve("d/e"))))
                .isEqualTo("rwxr-x---");
        assertThat(Files.getAttribute(out.resolve("one"), "unix:ino"))
                .isEqualTo(Files.getAttribute(out.resolve("two"), "unix:ino"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
                .isEqualTo("rwx------");
    }

    @Test
    void whatIsThereMergesAndNoLinkIsFollowed() throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createDirectories(out.resolve("a/full"));
        Files.createSymbolicLink(out.resolve("d"), elsewhere);
        Files.createSymbolicLink(out.resolve("one"), elsewhere.resolve("target"));
        Files.writeString(out.resolve("mine"), "kept");
        build(files(out, Output.Foreign.KEEP));
        build(files(out, Output.Foreign.KEEP));
        assertThat(elsewhere).isEmptyDirectory();
        assertThat(out.resolve("a")).hasContent("new a");
        assertThat(Files.isDirectory(out.resolve("d"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
        assertThat(Files.isRegularFile(out.resolve("one"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
        assertThat(out.resolve("mine")).hasContent("kept");
        build(files(out, Output.Foreign.DELETE));
        assertThat(names(out)).containsExactlyInAnyOrder("a", "d", "gone", "one", "two");
    }

    private static List<String> names(Path folder) throws IOException {
        try (var all = Files.list(folder)) {
            return all.map(each -> String.valueOf(each.getFileName())).toList();
        }
    }

    @Test
    void theEpochIsTheTimeOfEverything() throws Exception {
        Map<String, String> args = Map.of("SOURCE_DATE_EPOCH", "1600000000");
        build(
                args,
                files(out, Output.Foreign.KEEP),
                new Output.Tar(new Destination.File(directory.resolve("x/t.tar"), 0644), null));
        Instant epoch = Instant.ofEpochSecond(1600000000);
        assertThat(Files.getLastModifiedTime(out.resolve("a")).toInstant()).isEqualTo(epoch);
        assertThat(Files.getLastModifiedTime(out.resolve("d/e")).toInstant()).isEqualTo(epoch);
        for (TarArchiveEntry entry : entries(Files.readAllBytes(directory.resolve("x/t.tar")))) {
            assertThat(entry.getLastModifiedDate()).as(entry.getName()).isEqualTo(epoch);
        }
    }

    @Test
    void aTarKeepsOwners() throws Exception {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        build(new Output.Tar(new Destination.Stream(stream), null));
        List<String> lines = new ArrayList<>();
        for (TarArchiveEntry entry : entries(stream.toByteArray())) {
            lines.add(entry.getName() + " " + Integer.toOctalString(entry.getMode()) + " " + entry.getLongUserId() + ":"
                    + entry.getLongGroupId()
                    + (entry.isLink() || entry.isSymbolicLink() ? " to " + entry.getLinkName() : ""));
        }
        assertThat(lines)
                .startsWith("a 4751 7:8", "d/ 750 0:0", "d/e/ 750 0:0", "d/e/f 750 0:0", "d/up 777 0:0 to ../..")
                .contains("gone/a 644 0:0")
                .endsWith("two 644 0:0 to one");
    }

    private static List<TarArchiveEntry> entries(byte[] archive) throws IOException {
        List<TarArchiveEntry> entries = new ArrayList<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.add(entry);
            }
        }
        return entries;
    }

    @Test
    void aLayoutIsAddedToAndItsLayersAreWhatTheManifestSays() throws Exception {
        ImageForm form = new ImageForm(
                Compression.GZIP,
                true,
                new Annotations(List.of(
                        new Annotation(Annotations.Place.MANIFEST, null, "org.example", "here"),
                        new Annotation(Annotations.Place.MANIFEST_DESCRIPTOR, null, "org.example.d", "there"))),
                false,
                null);
        BuildResult.Image image = made(build(new Output.Layout(form, List.of(), out)));
        JsonValue.Obj manifest =
                (JsonValue.Obj) JsonValue.parse(blob(image.manifest().digest()));
        assertThat(new String(blob(image.manifest().digest()), StandardCharsets.UTF_8))
                .contains("\"org.example\": \"here\"");
        JsonValue.Obj config = (JsonValue.Obj) JsonValue.parse(blob(image.id()));
        List<String> diffIds = texts(((JsonValue.Obj) config.get("rootfs")).get("diff_ids"));
        List<JsonValue> layers = ((JsonValue.Arr) manifest.get("layers")).items();
        assertThat(layers).hasSameSizeAs(diffIds).hasSize(4);
        for (int i = 0; i < layers.size(); i++) {
            JsonValue.Obj layer = (JsonValue.Obj) layers.get(i);
            Digest digest = Digest.parse(((JsonValue.Text) layer.get("digest")).value());
            byte[] bytes = blob(digest);
            assertThat(Digest.of(bytes)).isEqualTo(digest);
            byte[] plain = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
            assertThat(Digest.of(plain)).hasToString(diffIds.get(i));
        }
        Files.writeString(project.resolve("a"), "other");
        build(new Output.Layout(form, List.of(), out));
        String index = Files.readString(out.resolve("index.json"));
        assertThat(index)
                .containsOnlyOnce("docker.io/library/made:1")
                .contains("\"org.example.d\":\"there\"")
                .doesNotContain(image.manifest().digest().toString());
        assertThat(names(out)).containsExactlyInAnyOrder("blobs", "index.json", "oci-layout");
    }

    private static BuildResult.Image made(BuildResult result) {
        BuildResult.Image image = result.image();
        if (image == null) {
            throw new AssertionError("no image");
        }
        return image;
    }

    private byte[] blob(Digest digest) throws IOException {
        return Files.readAllBytes(out.resolve("blobs/sha256").resolve(digest.hex()));
    }

    private static List<String> texts(JsonValue array) {
        return ((JsonValue.Arr) array)
                .items().stream().map(each -> ((JsonValue.Text) each).value()).toList();
    }

    @Test
    void rewritingTimesChangesOnlyWhatIsYounger() throws Exception {
        build(new Output.CacheOnly());
        assertThat(drydock.images()).isEmpty();
        ImageForm rewritten = new ImageForm(
                new Compression(Compression.Kind.UNCOMPRESSED, Compression.USUAL, false),
                true,
                Annotations.NONE,
                true,
                OLD.minusSeconds(5));
        BuildResult.Image image = made(build(new Output.Layout(rewritten, List.of(), out)));
        JsonValue.Obj manifest =
                (JsonValue.Obj) JsonValue.parse(blob(image.manifest().digest()));
        for (JsonValue layer : ((JsonValue.Arr) manifest.get("layers")).items()) {
            String digest = ((JsonValue.Text) ((JsonValue.Obj) layer).get("digest")).value();
            for (TarArchiveEntry entry : entries(blob(Digest.parse(digest)))) {
                assertThat(entry.getLastModifiedDate()).isBeforeOrEqualTo(OLD.minusSeconds(5));
            }
        }
        assertThat(new String(blob(image.id()), StandardCharsets.UTF_8))
                .contains("\"created\":\"2020-01-02T03:04:00Z\"");
    }

    @Test
    void anArchiveThatCannotBeWrittenLeavesTheOldOne() throws Exception {
        Path file = Files.writeString(directory.resolve("old.tar"), "old");
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\nCOPY nosuch /\n");
        Output archive = new Output.Archive(
                Output.ArchiveKind.DOCKER, ImageForm.USUAL, List.of(), new Destination.File(file, 0644));
        assertThatThrownBy(() -> build(archive)).isInstanceOf(UserFault.class);
        assertThat(file).hasContent("old");
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\nCOPY a /\n");
        build(archive);
        assertThat(entries(Files.readAllBytes(file)).stream().map(TarArchiveEntry::getName))
                .endsWith("index.json", "manifest.json", "oci-layout");
        assertThat(names(directory)).containsExactlyInAnyOrder("old.tar", "project", "store");
    }
}
