package dev.drydock.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import dev.drydock.house.Requires;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever kind of file stands where a build looks: it is copied or refused, and nobody waits for it. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileKindsTest {
    @TempDir
    Path directory;

    private Drydock drydock;
    private Path project;
    private Path pipe;

    @BeforeEach
    void open() throws Exception {
        Requires.root();
        drydock = Drydock.open(directory.resolve("store"));
        project = Files.createDirectory(directory.resolve("project"));
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\nCOPY . /\n");
        pipe = directory.resolve("pipe");
        run("mkfifo", pipe.toString());
    }

    @AfterEach
    void close() {
        if (drydock != null) {
            drydock.close();
        }
    }

    private static void run(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private BuildRequest from(DockerfileSource dockerfile) {
        return (BuildRequest) new RequestCopy(BuildRequest.of(project)).with("dockerfile", dockerfile);
    }

    private List<String> built(BuildRequest request) throws IOException, InterruptedException {
        return BuiltFiles.of(drydock, drydock.build(request, _ -> {}).imageId().toString())
                .lines();
    }

    private void refused(BuildRequest request, String message) {
        assertThatThrownBy(() -> drydock.build(request, _ -> {}))
                .isInstanceOf(UserFault.class)
                .hasMessage(message);
    }

    @Test
    void whatIsNoFileIsNoDockerfile() throws Exception {
        Path circle = Files.createSymbolicLink(directory.resolve("circle"), Path.of("circle"));
        Path long16 = directory.resolve("long");
        try (var file = java.nio.channels.FileChannel.open(
                long16, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
            file.write(java.nio.ByteBuffer.allocate(1), 1L << 36);
        }
        refused(from(new DockerfileSource.OnHost(pipe)), "failed to read dockerfile: read pipe: not a regular file");
        refused(
                from(new DockerfileSource.OnHost(Path.of("/dev/zero"))),
                "failed to read dockerfile: read zero: not a regular file");
        refused(
                from(new DockerfileSource.OnHost(directory)),
                "failed to read dockerfile: read " + directory.getFileName() + ": is a directory");
        refused(
                from(new DockerfileSource.OnHost(circle)),
                "failed to read dockerfile: read circle: too many levels of symbolic links or unable to access attributes of symbolic link");
        refused(from(new DockerfileSource.OnHost(long16)), "failed to read dockerfile: read long: file too large");
        Files.delete(project.resolve("Dockerfile"));
        run("mkfifo", project.resolve("Dockerfile").toString());
        refused(BuildRequest.of(project), "failed to read dockerfile: read Dockerfile: not a regular file");
    }

    @Test
    void aLinkDoesNotLeadOutOfTheDirectoryOfTheDockerfile() throws Exception {
        Path outside = Files.writeString(directory.resolve("outside"), "FROM scratch\n");
        Files.delete(project.resolve("Dockerfile"));
        Files.createSymbolicLink(project.resolve("Dockerfile"), outside);
        refused(BuildRequest.of(project), "failed to read dockerfile: open Dockerfile: no such file or directory");
        Files.writeString(project.resolve("real"), "FROM scratch\nCOPY real /x\n");
        Files.createSymbolicLink(project.resolve("link"), Path.of("real"));
        assertThat(built(from(new DockerfileSource.OnHost(project.resolve("link")))))
                .singleElement()
                .asString()
                .startsWith("x -644");
    }

    @Test
    void lowerCaseStandsInForTheUsualNameInEveryDirectory() throws Exception {
        Path sub = Files.createDirectory(project.resolve("sub"));
        Files.writeString(sub.resolve("dockerfile"), "FROM scratch\nCOPY sub/dockerfile /x\n");
        assertThat(built(from(new DockerfileSource.OnHost(sub.resolve("Dockerfile")))))
                .singleElement()
                .asString()
                .startsWith("x ");
    }

    @Test
    void whatIsNoFileIsNoIgnoreFile() throws Exception {
        Path ignore = project.resolve(".dockerignore");
        // As BuildKit has it, a directory of that name and a link that leads out hide nothing.
        Files.createDirectory(ignore);
        assertThat(built(BuildRequest.of(project))).contains(".dockerignore d755 0:0");
        Files.delete(ignore);
        Files.writeString(directory.resolve("outside"), "*\n");
        Files.createSymbolicLink(ignore, Path.of("../outside"));
        assertThat(built(BuildRequest.of(project))).hasSize(2);
        Files.delete(ignore);
        Files.createSymbolicLink(ignore, Path.of(".dockerignore"));
        assertThat(built(BuildRequest.of(project))).hasSize(2);
        Files.delete(ignore);
        Files.writeString(project.resolve("patterns"), "Dockerfile\n");
        Files.createSymbolicLink(ignore, Path.of("patterns"));
        assertThat(built(BuildRequest.of(project))).hasSize(2).noneMatch(line -> line.startsWith("Dockerfile "));
        Files.delete(ignore);
        run("mkfifo", ignore.toString());
        assertThatThrownBy(() -> drydock.build(BuildRequest.of(project), _ -> {}))
                .isInstanceOf(UserFault.class)
                .hasMessageContaining(".dockerignore")
                .hasMessageEndingWith("Not a regular file");
    }

    @Test
    void everyKindOfFileInTheContextIsCopiedAsBuildKitDoes() throws Exception {
        Files.writeString(project.resolve("a"), "a");
        Files.createLink(project.resolve("h"), project.resolve("a"));
        Files.createSymbolicLink(project.resolve("out"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(project.resolve("loop"), Path.of("loop"));
        run("chown", "33:44", project.resolve("a").toString());
        run("chmod", "4751", project.resolve("a").toString());
        run("mkfifo", "-m", "640", project.resolve("pipe").toString());
        run("mknod", "-m", "604", project.resolve("null").toString(), "c", "1", "3");
        run("sh", "-c", "cd \"$1\" && : > \"$(printf 'bad\\377name')\"", "-", project.toString());
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Path short108 = Files.createTempDirectory("s");
            try {
                socket.bind(UnixDomainSocketAddress.of(short108.resolve("s")));
                run(
                        "mv",
                        short108.resolve("s").toString(),
                        project.resolve("sock").toString());
            } finally {
                Files.delete(short108);
            }
        }
        run("chmod", "755", project.resolve("sock").toString());
        List<String> lines = built(BuildRequest.of(project));
        assertThat(lines)
                .contains(
                        "a -4751 0:0 \"a\"",
                        "h h4751 0:0 \"\"",
                        "loop l777 0:0 \"\"",
                        "out l777 0:0 \"\"",
                        "sock -755 0:0 \"\"")
                .anyMatch(line -> line.startsWith("pipe ") && line.contains("640 0:0"))
                .anyMatch(line -> line.startsWith("null ") && line.contains("604 0:0"))
                .anyMatch(line -> line.startsWith("bad"))
                .hasSize(9);
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\nCOPY out loop /x/\n");
        refusedAnyhow("\"/out\": not found");
    }

    private void refusedAnyhow(String end) {
        assertThatThrownBy(() -> drydock.build(BuildRequest.of(project), _ -> {}))
                .isInstanceOf(UserFault.class)
                .hasMessageEndingWith(end);
    }

    @Test
    void theContextMayBeALink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), project);
        Files.writeString(project.resolve(".dockerignore"), "Dockerfile\n.dockerignore\n");
        Files.writeString(project.resolve("a"), "a");
        assertThat(built(BuildRequest.of(link))).containsExactly("a -644 0:0 \"a\"");
    }

    @Test
    void aSecretIsAFile() throws Exception {
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\nADD http://127.0.0.1:1/x /\n");
        RunSettings settings =
                RunSettings.DEFAULT.withSecrets(Map.of("HTTP_AUTH_TOKEN_127.0.0.1", new Secret.OfFile(pipe)));
        BuildRequest request = (BuildRequest) new RequestCopy(BuildRequest.of(project)).with("run", settings);
        refused(request, "read secret HTTP_AUTH_TOKEN_127.0.0.1: " + pipe + ": Not a regular file");
    }

    @Test
    void aLayoutIsMadeOfFiles() throws Exception {
        Path layout = Files.createDirectory(directory.resolve("layout"));
        run("mkfifo", layout.resolve("index.json").toString());
        Files.writeString(project.resolve("Dockerfile"), "FROM base\n");
        var named =
                new java.util.TreeMap<String, NamedSource>(Map.of("base", new NamedSource.Layout(layout, null, null)));
        BuildRequest request = (BuildRequest) new RequestCopy(BuildRequest.of(project)).with("namedContexts", named);
        assertThatThrownBy(() -> drydock.build(request, _ -> {})).hasMessageEndingWith("Not a regular file");
    }
}
