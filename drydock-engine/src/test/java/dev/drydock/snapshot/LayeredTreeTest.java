package dev.drydock.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LayeredTreeTest {
    @TempDir
    Path temp = Path.of("unset");

    @BeforeEach
    void needsRoot() {
        Requires.root();
    }

    private static String sh(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-ec", script)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** Random changes made through a real overlay mount, read back through it and through the view. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void itShowsWhatAnOverlayMountShows(long seed) throws IOException, InterruptedException {
        Random random = new Random(seed);
        List<String> layers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Path layer = Files.createDirectories(temp.resolve("l" + i));
            Path work = Files.createDirectories(temp.resolve("w" + i));
            Path merged = Files.createDirectories(temp.resolve("m"));
            String lower = layers.isEmpty()
                    ? Files.createDirectories(temp.resolve("empty")).toString()
                    : String.join(":", layers);
            StringBuilder script = new StringBuilder("mount -t overlay overlay -o lowerdir=" + lower + ",upperdir="
                    + layer + ",workdir=" + work + " " + merged + "\ncd " + merged + "\n");
            for (int j = 0; j < 25; j++) {
                script.append("( ").append(change(random)).append(" ) 2>/dev/null || true\n");
            }
            sh("unshare -m sh -e <<'EOT'\n" + script + "\nEOT");
            layers.addFirst(layer.toString());
        }
        String listing = sh("unshare -m sh -e <<'EOT'\nmount -t overlay overlay -o lowerdir=" + String.join(":", layers)
                + " " + temp.resolve("m") + "\ncd " + temp.resolve("m")
                + "\nfind . -mindepth 1 -printf '/%P %y %#m %s %l\\n' | LC_ALL=C sort\nEOT");
        List<String> found = new ArrayList<>();
        try (LayeredTree tree = LayeredTree.ofDirectories(layers)) {
            add(tree, "/", found);
        }
        assertThat(found.stream().sorted())
                .as("seed " + seed)
                .containsExactlyElementsOf(listing.lines()
                        .map(line -> line.replaceFirst("( d 0?\\d+) \\d+ ", "$1 0 "))
                        .map(line -> line.replaceFirst("( l 0777) \\d+ ", "$1 0 "))
                        .sorted()
                        .toList());
    }

    private static String change(Random random) {
        String a = name(random);
        String b = name(random);
        return switch (random.nextInt(7)) {
            case 0 -> "mkdir -p " + a;
            case 1 -> "echo " + random.nextInt(1000) + " > " + a;
            case 2 -> "rm -rf " + a;
            case 3 -> "ln -sfn " + b + " " + a;
            case 4 -> "chmod " + (random.nextBoolean() ? "755 " : "600 ") + a;
            case 5 -> "rm -rf " + a + "; mkdir -p " + a;
            default -> "mkdir -p " + a + "; echo x > " + a + "/f";
        };
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        int depth = 1 + random.nextInt(3);
        for (int i = 0; i < depth; i++) {
            name.append(i == 0 ? "" : "/").append((char) ('a' + random.nextInt(3)));
        }
        return name.toString();
    }

    private static void add(TreeView tree, String directory, List<String> lines) {
        for (TreeNode node : tree.list(directory)) {
            assertThat(tree.lstat(node.path())).contains(node);
            String kind = node.isDirectory() ? "d" : node.isSymlink() ? "l" : "f";
            lines.add(node.path() + " " + kind + " 0" + Integer.toOctalString(node.mode()) + " " + node.size() + " "
                    + node.target());
            if (node.isDirectory()) {
                add(tree, node.path(), lines);
            }
        }
    }

    @Test
    void linksNeverLeaveTheTree() throws IOException {
        Path layer = Files.createDirectories(temp.resolve("layer/a"));
        Files.createSymbolicLink(layer.resolve("up"), Path.of("../../../../etc"));
        Files.createSymbolicLink(layer.resolve("abs"), Path.of("/etc/passwd"));
        try (LayeredTree tree =
                LayeredTree.ofDirectories(List.of(layer.getParent().toString()))) {
            assertThat(tree.resolve("/a/up/passwd")).isEqualTo("/etc/passwd");
            assertThat(tree.lstat("/etc/passwd")).isEmpty();
            assertThat(tree.lstat("/a/up/passwd")).isEmpty();
            assertThat(tree.lstat(tree.resolve("/a/abs"))).isEmpty();
        }
    }

    @Test
    void namesThatAreNoTextAreKept() throws IOException, InterruptedException {
        Path layer = Files.createDirectories(temp.resolve("layer"));
        sh("cd " + layer + "; touch \"$(printf 'caf\\351')\"");
        try (LayeredTree tree = LayeredTree.ofDirectories(List.of(layer.toString()))) {
            String name = tree.list("/").getFirst().name();
            assertThat(tree.lstat("/" + name)).isPresent();
        }
        sh("rm -r " + layer);
    }

    @Test
    void theEmptyTreeHasARoot() {
        try (LayeredTree tree = LayeredTree.of(Snapshot.EMPTY)) {
            assertThat(tree.lstat("/")).isPresent();
            assertThat(tree.list("/")).isEmpty();
            assertThat(tree.lstat("/x")).isEmpty();
            assertThat(Stream.of(tree.resolve("/x/y"))).containsExactly("/x/y");
        }
    }
}
