package dev.drydock.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import dev.drydock.linux.Directory;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.TreeNode;
import dev.drydock.snapshot.TreeView;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ContextScannerTest {
    @TempDir
    Path temp = Path.of("unset");

    private Path context = Path.of("unset");
    private Path caches = Path.of("unset");

    @BeforeEach
    void prepare() throws IOException {
        context = Files.createDirectory(temp.resolve("context"));
        caches = temp.resolve("stat");
    }

    private void write(String path, String text) throws IOException {
        Path file = context.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private ContextTree scan(List<String> excludes, List<String> follow) throws InterruptedException {
        return new ContextScanner(caches).scan("context", context, excludes, follow);
    }

    private static List<String> paths(TreeView tree) {
        List<String> paths = new ArrayList<>();
        add(tree, "/", paths);
        return paths;
    }

    private static void add(TreeView tree, String directory, List<String> paths) {
        for (TreeNode node : tree.list(directory)) {
            assertThat(tree.lstat(node.path())).contains(node);
            paths.add(node.path().substring(1));
            add(tree, node.path(), paths);
        }
    }

    private void sample() throws IOException {
        write("Cargo.toml", "c");
        write("src/main.rs", "m");
        write("src/lib/a.rs", "a");
        write("target/debug/x", "x");
        write("shared/s", "s");
        Files.createSymbolicLink(context.resolve("src/link"), Path.of("../shared"));
        Files.createSymbolicLink(context.resolve("entry"), Path.of("src/link/s"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "target,**/*.toml   | -         | entry shared shared/s src src/lib src/lib/a.rs src/link src/main.rs",
                "*,!src/lib         | -         | src src/lib src/lib/a.rs",
                "*,!nothing         | -         | ",
                "-                  | src/lib   | src src/lib src/lib/a.rs",
                "-                  | /*.toml   | Cargo.toml",
                "-                  | entry     | entry shared shared/s src src/link",
                "-                  | s*/m*     | src src/main.rs",
                "-                  | target,.  | Cargo.toml entry shared shared/s src src/lib src/lib/a.rs src/link"
                        + " src/main.rs target target/debug target/debug/x",
                "src/lib            | src       | src src/link src/main.rs",
                "-                  | missing   | ",
            })
    void onlyWhatIsWantedAndNotIgnoredIsThere(String excludes, String follow, String expected)
            throws IOException, InterruptedException {
        sample();
        List<String> found = paths(scan(list(excludes), list(follow)));
        assertThat(found).containsExactlyElementsOf(expected == null ? List.of() : Arrays.asList(expected.split(" ")));
    }

    private static List<String> list(String text) {
        return text == null ? List.of() : List.of(text.split(","));
    }

    @Test
    void socketsAreEmptyFilesAndOwnersAreRoot() throws IOException, InterruptedException {
        write("f", "f");
        Path socket = context.resolve("s.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            ContextTree tree = scan(List.of(), List.of());
            TreeNode node = tree.lstat("/s.sock").orElseThrow();
            assertThat(node.kind()).isEqualTo(TreeNode.Kind.FILE);
            assertThat(node.size()).isZero();
            assertThat(tree.contentDigest(node)).isEqualTo(Digest.of(new byte[0]));
            assertThat(node.uid() + node.gid()).isZero();
        }
    }

    @Test
    void aFifoDoesNotBlock() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", context.resolve("p").toString())
                        .start()
                        .waitFor())
                .isZero();
        ContextTree tree = scan(List.of(), List.of());
        tree.readAhead(List.of("/"));
        assertThat(tree.lstat("/p").orElseThrow().kind()).isEqualTo(TreeNode.Kind.FIFO);
    }

    @Test
    void settledFilesAreNotReadAgainAndYoungOnesAre() throws IOException, InterruptedException {
        write("old", "1");
        write("empty", "");
        Thread.sleep(60);
        scan(List.of(), List.of()).readAhead(List.of("/"));
        // The same size, the same times: only the change time tells, and the trusted entry has the old one.
        ContextTree again = scan(List.of(), List.of());
        Files.delete(context.resolve("old"));
        assertThat(again.contentDigest(again.lstat("/old").orElseThrow())).isEqualTo(digest("1"));
        write("old", "2");
        ContextTree changed = scan(List.of(), List.of());
        assertThat(changed.contentDigest(changed.lstat("/old").orElseThrow())).isEqualTo(digest("2"));
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void timesAsYoungAsTheClocksGrainProveNothing() throws IOException {
        write("f", "x");
        Path file = context.resolve("f");
        try (Directory directory = Directory.open(context)) {
            ContextEntry entry = new ContextEntry("f", directory.stat("f"), "");
            long changed = Math.max(entry.stat.ctimeNs(), entry.stat.mtimeNs());
            assertThat(StatCache.isSettled(entry, changed)).isFalse();
            assertThat(StatCache.isSettled(entry, changed + 10_000_000)).isFalse();
            assertThat(StatCache.isSettled(entry, changed + 30_000_000)).isTrue();
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
            ContextEntry future = new ContextEntry("f", directory.stat("f"), "");
            assertThat(StatCache.isSettled(future, changed + 1_000_000_000)).isFalse();
        }
    }

    @Test
    void aDamagedStatCacheIsEmpty() throws IOException, InterruptedException {
        write("f", "x");
        Thread.sleep(60);
        scan(List.of(), List.of()).readAhead(List.of("/"));
        try (var files = Files.list(caches)) {
            Path file = files.findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
            assertThat(StatCache.load(file)).isNotNull();
        }
        ContextTree tree = scan(List.of(), List.of());
        assertThat(tree.contentDigest(tree.lstat("/f").orElseThrow())).isEqualTo(digest("x"));
    }

    @Test
    void copyingTakesWhatTheScanSaw() throws IOException, InterruptedException {
        sample();
        ContextTree tree = scan(List.of("src/lib"), List.of());
        tree.copyTo("/src", temp.resolve("copy"));
        assertThat(temp.resolve("copy/main.rs")).hasContent("m");
        assertThat(temp.resolve("copy/lib")).doesNotExist();
        assertThat(Files.readSymbolicLink(temp.resolve("copy/link"))).isEqualTo(Path.of("../shared"));
        tree.copyTo("/entry", temp.resolve("file"));
        assertThat(temp.resolve("file")).hasContent("s");
        assertThatThrownBy(() -> tree.copyTo("/none", temp.resolve("no")))
                .isInstanceOf(UserFault.class)
                .hasMessage("\"/none\": not found");
        write("src/main.rs", "changed");
        assertThatThrownBy(() -> tree.copyTo("/src", temp.resolve("again"))).isInstanceOf(UserFault.class);
    }

    @Test
    void aMissingDirectoryIsTheUsersFault() {
        assertThatThrownBy(() -> new ContextScanner(caches).scan("context", temp.resolve("none"), List.of(), List.of()))
                .isInstanceOf(UserFault.class)
                .hasMessage("read context: path \"" + temp.resolve("none") + "\" not found");
    }
}
