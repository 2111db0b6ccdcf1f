package dev.drydock.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.event.BuildEvent;
import dev.drydock.fault.DrydockException;
import dev.drydock.fault.UserFault;
import dev.drydock.frontend.GitSource;
import dev.drydock.house.Requires;
import dev.drydock.oci.Platform;
import dev.drydock.source.GitServer;
import dev.drydock.source.WebServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contexts of features.md section 4, each to an image. */
class ContextsTest {
    @TempDir
    Path directory;

    private final TreeMap<String, NamedSource> named = new TreeMap<>();
    private Drydock drydock;
    private Path project;
    private String built;
    private final List<BuildEvent> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws IOException {
        Requires.root();
        drydock = Drydock.open(directory.resolve("store"));
        project = Files.createDirectory(directory.resolve("project"));
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\nCOPY . /\n");
        Files.writeString(project.resolve("other"), "FROM scratch\nCOPY a /only\n");
        Files.writeString(project.resolve("a"), "a");
        Files.writeString(project.resolve(".dockerignore"), "a\n");
        Files.createDirectory(project.resolve("d"));
        Files.writeString(project.resolve("d/Dockerfile"), "FROM scratch\nCOPY b /sub\n");
        Files.writeString(project.resolve("d/b"), "b");
        Files.createSymbolicLink(project.resolve("link"), Path.of("/etc/hostname"));
    }

    @AfterEach
    void close() throws IOException {
        if (drydock == null) {
            return;
        }
        try (var leases = Files.list(directory.resolve("store/tmp"))) {
            assertThat(leases).allSatisfy(lease -> assertThat(lease).isEmptyDirectory());
        }
        drydock.close();
    }

    private List<String> build(BuildContext context, DockerfileSource dockerfile)
            throws IOException, InterruptedException {
        BuildRequest usual = BuildRequest.of(project);
        BuildRequest request = new BuildRequest(
                context,
                dockerfile,
                named,
                List.of(),
                Map.of(),
                Map.of(),
                usual.annotations(),
                null,
                false,
                Set.of(),
                Platform.host(),
                usual.run(),
                usual.pull(),
                usual.outputs());
        BuildResult result = drydock.build(request, events::add);
        built = result.imageId().toString();
        return new ArrayList<>(
                BuiltFiles.of(drydock, result.imageId().toString()).all().keySet());
    }

    private static final DockerfileSource USUAL = new DockerfileSource.Usual();
    private static final String[] EVERYTHING = {
        ".dockerignore", "Dockerfile", "a", "d", "d/Dockerfile", "d/b", "link", "other"
    };

    private byte[] tar(String flag) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("tar", "-c", "--owner=1000", "-C", project.toString()));
        if (!flag.isEmpty()) {
            words.add(flag);
        }
        words.add(".");
        Process process = new ProcessBuilder(words).start();
        byte[] bytes = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        return bytes;
    }

    private static BuildContext stream(byte[] bytes) {
        return new BuildContext.Stream(new ByteArrayInputStream(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--gzip", "--bzip2", "--xz", "--zstd"})
    void anArchiveOnStandardInputIsAContextWithoutIgnoreFile(String compression) throws Exception {
        if (!compression.isEmpty()) {
            Requires.program(compression.substring(2));
        }
        assertThat(build(stream(tar(compression)), USUAL)).containsExactly(EVERYTHING);
        assertThat(events)
                .filteredOn(BuildEvent.Queued.class::isInstance)
                .extracting(event -> ((BuildEvent.Queued) event).name())
                .startsWith(
                        "[internal] load remote build context",
                        "copy /context /",
                        "[internal] load build definition from Dockerfile");
        assertThat(build(stream(tar(compression)), new DockerfileSource.InContext("other")))
                .containsExactly("only");
        assertThat(build(stream(tar(compression)), new DockerfileSource.InContext("/../d/../other")))
                .containsExactly("only");
    }

    /** Measured with BuildKit: unlike the files of a directory, those of an archive keep owners and all. */
    @Test
    void filesOfAnArchiveKeepTheirOwnersUnlessTheCopySaysOtherwise() throws Exception {
        Files.writeString(
                project.resolve("Dockerfile"), "FROM scratch\nCOPY . /x/\nCOPY --chown=5:6 d /y/\nCOPY d /z\n");
        Files.createLink(project.resolve("h"), project.resolve("a"));
        Files.setAttribute(project.resolve("a"), "unix:mode", 04751);
        Files.setAttribute(project.resolve("d"), "unix:mode", 0700);
        assertThat(new ProcessBuilder("mkfifo", project.resolve("f").toString())
                        .start()
                        .waitFor())
                .isZero();
        build(stream(tar("--group=1001")), USUAL);
        List<String> lines = BuiltFiles.of(drydock, built).lines();
        assertThat(lines)
                .contains(
                        "x d755 0:0",
                        "x/a -4751 1000:1001 \"a\"",
                        "x/link l777 1000:1001 \"\"",
                        "y d755 5:6",
                        "y/b -644 5:6 \"b\"",
                        "z/b -644 1000:1001 \"b\"")
                .anyMatch(line -> line.startsWith("x/h ") && line.contains("4751 1000:1001"))
                .anyMatch(line -> line.startsWith("x/f ") && line.contains("644 1000:1001"));
    }

    @Test
    void aContextIsListedAsItsIgnoreFileLeavesIt() throws Exception {
        Files.writeString(project.resolve(".dockerignore"), "*\n!d/b\n!a\n");
        ContextListing listing = drydock.context(BuildRequest.of(project), events::add);
        assertThat(listing.entries())
                .containsExactly(
                        new ContextListing.Entry.Directory("/", 2, 2),
                        new ContextListing.Entry.File("/a", 1),
                        new ContextListing.Entry.Directory("/d", 1, 1),
                        new ContextListing.Entry.File("/d/b", 1));
    }

    @Test
    void anUnchangedArchiveIsCached() throws Exception {
        build(stream(tar("")), USUAL);
        events.clear();
        build(stream(tar("--gzip")), USUAL);
        assertThat(events).anyMatch(BuildEvent.Cached.class::isInstance);
    }

    @Test
    void aDockerfileOnStandardInputHasNoFilesOrThoseOfTheContext() throws Exception {
        byte[] text = "FROM scratch\nCOPY <<EOF /x\nEOF\n".getBytes(StandardCharsets.UTF_8);
        assertThat(build(stream(text), USUAL)).containsExactly("x");
        byte[] copies = "FROM scratch\nCOPY a /x\n".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> build(stream(copies), USUAL)).hasMessageEndingWith("\"/a\": not found");
        // The context's ignore file counts.
        BuildContext local = new BuildContext.Directory(project);
        assertThat(build(local, new DockerfileSource.Text("FROM scratch\nCOPY d /x\n")))
                .contains("x/b");
        assertThatThrownBy(() -> build(local, new DockerfileSource.Text("FROM scratch\nCOPY a /x\n")))
                .isInstanceOfSatisfying(
                        DrydockException.class,
                        fault -> assertThat(fault.hints())
                                .singleElement()
                                .asString()
                                .startsWith("Line 1 of .dockerignore, \"a\", hides it"));
    }

    @Test
    void whatIsNoContextIsRefused() throws Exception {
        assertThatThrownBy(() -> build(stream(new byte[0]), USUAL))
                .isInstanceOf(UserFault.class)
                .hasMessage("failed to read dockerfile: no local sources enabled");
        byte[] text = "FROM scratch\n".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> build(stream(text), new DockerfileSource.InContext("x")))
                .hasMessage("ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles");
        assertThatThrownBy(() -> build(stream(tar("")), new DockerfileSource.InContext("none")))
                .hasMessage("failed to read dockerfile: open none: no such file or directory");
        assertThatThrownBy(() -> build(stream(tar("")), new DockerfileSource.InContext("d")))
                .hasMessage("failed to read dockerfile: read d: is a directory");
        // A link of an archive does not lead to this host's files.
        assertThatThrownBy(() -> build(stream(tar("")), new DockerfileSource.InContext("link")))
                .hasMessage("failed to read dockerfile: open link: no such file or directory");
        byte[] cut = tar("--gzip");
        byte[] half = java.util.Arrays.copyOf(cut, cut.length / 2);
        assertThatThrownBy(() -> build(stream(half), USUAL))
                .isInstanceOf(UserFault.class)
                .hasMessageStartingWith("unpack build context from standard input: ");
    }

    @Test
    void aDockerfileOutsideHasAnIgnoreFileOfItsOwn() throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Path file = Files.writeString(elsewhere.resolve("x.Dockerfile"), "FROM scratch\nCOPY . /\n");
        BuildContext local = new BuildContext.Directory(project);
        assertThat(build(local, new DockerfileSource.OnHost(file)))
                .doesNotContain("a")
                .contains("d/b");
        Files.writeString(elsewhere.resolve("x.Dockerfile.dockerignore"), "d\nlink\n");
        assertThat(build(local, new DockerfileSource.OnHost(file)))
                .contains("a")
                .doesNotContain("d/b", "link");
    }

    @Test
    void aWebServerHasArchivesAndDockerfiles() throws Exception {
        try (WebServer web = WebServer.start()) {
            web.file("/context.tgz", tar("--gzip"), "", "");
            web.file("/other", "FROM scratch\nCOPY d/b /web\n");
            web.file("/alone", "FROM scratch\nCOPY <<EOF /alone\nEOF\n");
            BuildContext context = new BuildContext.Web(web.url("/context.tgz"));
            assertThat(build(context, USUAL)).containsExactly(EVERYTHING);
            assertThat(build(context, new DockerfileSource.InContext("d/../other")))
                    .containsExactly("only");
            assertThat(build(context, new DockerfileSource.Web(web.url("/other"))))
                    .containsExactly("web");
            assertThat(build(new BuildContext.Directory(project), new DockerfileSource.Web(web.url("/other"))))
                    .containsExactly("web");
            assertThat(build(context, new DockerfileSource.OnHost(project.resolve("other"))))
                    .containsExactly("only");
            assertThat(build(new BuildContext.Web(web.url("/alone")), USUAL)).containsExactly("alone");
            assertThatThrownBy(() -> build(new BuildContext.Web(web.url("/none")), USUAL))
                    .hasMessage("invalid response status 404");
        }
    }

    @Test
    void aRepositoryIsAContext() throws Exception {
        Requires.program("git");
        try (GitServer server = GitServer.start(directory.resolve("srv"))) {
            Path work = server.repository("repo");
            try (var files = Files.walk(project)) {
                for (Path file : files.filter(each -> !each.equals(project)).toList()) {
                    Files.copy(
                            file,
                            work.resolve(project.relativize(file).toString()),
                            java.nio.file.LinkOption.NOFOLLOW_LINKS);
                }
            }
            server.commit(work, "all");
            assertThat(build(git(server, ""), USUAL)).containsExactly(EVERYTHING);
            assertThat(build(git(server, "#main:d"), USUAL)).containsExactly("sub");
            assertThat(build(git(server, "?subdir=d&branch=main"), USUAL)).containsExactly("sub");
            assertThat(build(git(server, "#main"), new DockerfileSource.InContext("other")))
                    .containsExactly("only");
            assertThat(build(git(server, "?keep-git-dir=1"), USUAL)).contains(".git", ".git/HEAD");
            assertThatThrownBy(() -> build(git(server, "#main:none"), USUAL))
                    .hasMessage("open subdirectory none of the repository: none is not there");
            assertThat(events)
                    .filteredOn(BuildEvent.Queued.class::isInstance)
                    .extracting(event -> ((BuildEvent.Queued) event).name())
                    .contains("[internal] load git source " + server.url("repo.git") + "#main:d");
        }
    }

    private List<String> build(String... lines) throws IOException, InterruptedException {
        String text = String.join("\n", lines) + "\n";
        return build(new BuildContext.Directory(project), new DockerfileSource.Text(text));
    }

    @Test
    void aNamedDirectoryStandsForABaseAStageAndASource() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.writeString(other.resolve("x"), "x");
        Files.writeString(other.resolve("hidden"), "h");
        Files.writeString(other.resolve(".dockerignore"), "hidden\n.dockerignore\n");
        named.put("lib", new NamedSource.Directory(other));
        assertThat(build("FROM scratch", "COPY --from=lib x /y")).containsExactly("y");
        assertThat(build("FROM scratch", "COPY --from=lib / /all/")).containsExactly("all", "all/x");
        assertThat(build("FROM lib", "COPY d/b /z")).containsExactly("x", "z");
        assertThat(build("FROM scratch AS lib", "COPY d/b /never", "FROM scratch", "COPY --from=lib / /"))
                .containsExactly("x");
        assertThat(build("FROM scratch AS lib", "COPY d/b /never")).containsExactly("x");
        assertThatThrownBy(() -> build("FROM scratch", "COPY --from=lib hidden /"))
                .isInstanceOfSatisfying(DrydockException.class, fault -> {
                    assertThat(fault.text()).endsWith("\"/hidden\": not found");
                    assertThat(fault.hints())
                            .singleElement()
                            .asString()
                            .startsWith("Line 1 of .dockerignore, \"hidden\", hides it");
                });
        events.clear();
        build("FROM lib", "COPY d/b /z");
        assertThat(events).noneMatch(BuildEvent.Explained.class::isInstance);
        Files.writeString(other.resolve("x"), "changed");
        assertThat(build("FROM lib", "COPY d/b /z")).containsExactly("x", "z");
        assertThat(events).anyMatch(BuildEvent.Explained.class::isInstance);
    }

    @Test
    void namedRepositoriesFilesAndImages() throws Exception {
        Requires.program("git");
        try (GitServer server = GitServer.start(directory.resolve("srv"));
                WebServer web = WebServer.start()) {
            Path work = server.repository("repo");
            Files.writeString(work.resolve("g"), "g");
            server.commit(work, "all");
            web.file("/archive.tar", tar(""), "", "");
            named.put("code", new NamedSource.Repository(GitSource.parse(server.url("repo.git"))));
            named.put("file", new NamedSource.Web(web.url("/archive.tar")));
            named.put("golang:1.22", new NamedSource.Image("scratch"));
            assertThat(build("FROM scratch", "COPY --from=code g /")).containsExactly("g");
            assertThat(build("FROM code", "COPY d/b /z")).containsExactly("g", "z");
            // As BuildKit does, an archive is one file.
            assertThat(build("FROM scratch", "COPY --from=file / /")).containsExactly("context");
            assertThat(build("FROM golang:1.22", "COPY d/b /z")).containsExactly("z");
        }
    }

    @Test
    void aNamedLayoutIsAnImage() throws Exception {
        BuildRequest base = BuildRequest.of(project);
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\nCOPY d/b /base\nENV LAYOUT=yes\n");
        BuildResult made = drydock.build(
                new RequestCopy(base).with("tags", List.of(dev.drydock.oci.ImageRef.parse("made:1"))), events::add);
        Path archive = directory.resolve("made.tar");
        try (var out = Files.newOutputStream(archive)) {
            drydock.save(List.of("made:1"), out);
        }
        Path layout = Files.createDirectory(directory.resolve("layout"));
        assertThat(new ProcessBuilder("tar", "-xf", archive.toString(), "-C", layout.toString())
                        .start()
                        .waitFor())
                .isZero();
        drydock.remove(made.imageId().toString(), Drydock.Force.YES);
        named.put("alpine", new NamedSource.Layout(layout, null, null));
        assertThat(build("FROM alpine", "COPY d/b /z$LAYOUT")).containsExactly("base", "zyes");
        assertThat(build("FROM scratch", "COPY --from=alpine base /copied")).containsExactly("copied");
        named.put("alpine", new NamedSource.Layout(layout, "none", null));
        assertThatThrownBy(() -> build("FROM alpine"))
                .isInstanceOf(UserFault.class)
                .hasMessage("open OCI layout " + layout + ": it has no image none");
        named.put("alpine", new NamedSource.Layout(project, null, null));
        assertThatThrownBy(() -> build("FROM alpine"))
                .hasMessage("open OCI layout " + project + ": it has no index.json");
    }

    private static BuildContext git(GitServer server, String more) {
        return new BuildContext.Repository(GitSource.parse(server.url("repo.git") + more));
    }
}
