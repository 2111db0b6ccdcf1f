package dev.drydock.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfig.RunConfig;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.Manifest;
import dev.drydock.oci.ManifestJson;
import dev.drydock.oci.MediaTypes;
import dev.drydock.oci.Platform;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.PendingLayer;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.snapshot.TreeNode;
import dev.drydock.snapshot.TreeView;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stacks of random layers with deletions, against the OCI rules written down naively, and against umoci. */
class LayerStackTest {
    @TempDir
    Path temp;

    private LayerStore store;
    private Path tmp;

    @BeforeEach
    void open() throws Exception {
        Requires.root();
        store = new LayerStore(temp.resolve("store"));
        tmp = Files.createDirectories(temp.resolve("store/tmp"));
    }

    /** One entry of a layer: a directory when {@code text} is null, a link when it begins with an arrow. */
    private record Item(String path, String text) {}

    /** A random layer. Every path that it says something about occurs once, in any order. */
    private static List<Item> layer(Random random) {
        Map<String, Item> items = new TreeMap<>();
        for (int i = 0; i < 12; i++) {
            StringBuilder path = new StringBuilder();
            for (int depth = random.nextInt(3); depth >= 0; depth--) {
                path.append(path.isEmpty() ? "" : "/").append((char) ('a' + random.nextInt(3)));
            }
            String at = path.toString();
            Item item = switch (random.nextInt(7)) {
                case 0, 1 -> new Item(at, null);
                case 2 -> new Item(sibling(at, ".wh." + at.substring(at.lastIndexOf('/') + 1)), "");
                case 3 -> new Item(sibling(at, ".wh..wh..opq"), "");
                case 4 -> new Item(at, "-> /nowhere");
                default -> new Item(at, "text " + random.nextInt(1000));
            };
            // No file of the layer lies below another file of it.
            boolean fits = items.values().stream().noneMatch(other -> clash(other, item) || clash(item, other));
            if (fits) {
                items.put(item.path, item);
            }
        }
        List<Item> mixed = new ArrayList<>(items.values());
        java.util.Collections.shuffle(mixed, random);
        return mixed;
    }

    /** The same with every directory named before what is in it, and with links where no other layer has directories. */
    private static List<Item> tidy(List<Item> layer) {
        Map<String, Item> directories = new TreeMap<>();
        List<Item> others = new ArrayList<>();
        for (Item item : layer) {
            boolean link = item.text != null && item.text.startsWith("-> ");
            Item each = link ? new Item(item.path + "l", item.text) : item;
            for (int slash = each.path.indexOf('/'); slash >= 0; slash = each.path.indexOf('/', slash + 1)) {
                directories.put(each.path.substring(0, slash), new Item(each.path.substring(0, slash), null));
            }
            if (each.text == null) {
                directories.put(each.path, each);
            } else {
                others.add(each);
            }
        }
        List<Item> all = new ArrayList<>(directories.values());
        all.addAll(others);
        return all;
    }

    private static boolean clash(Item above, Item below) {
        return above.text != null && below.path.startsWith(above.path + "/");
    }

    private static String sibling(String path, String name) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? name : path.substring(0, slash + 1) + name;
    }

    private static byte[] tar(List<Item> items) {
        RawTar tar = new RawTar();
        for (Item item : items) {
            if (item.text == null) {
                tar.directory(item.path + "/", 0755);
            } else if (item.text.startsWith("-> ")) {
                tar.link(item.path, '2', item.text.substring(3));
            } else {
                tar.file(item.path, item.text);
            }
        }
        return tar.done();
    }

    /** What a stack comes to, by the rules of the OCI image specification: deletions first, for they are about what is below. */
    private static Map<String, String> model(List<List<Item>> layers) {
        Map<String, String> tree = new TreeMap<>();
        for (List<Item> layer : layers) {
            for (Item item : layer) {
                int name = item.path.lastIndexOf('/') + 1;
                String parent = item.path.substring(0, name);
                if (item.path.endsWith(".wh..wh..opq")) {
                    tree.keySet().removeIf(path -> path.startsWith(parent));
                } else if (item.path.startsWith(".wh.", name)) {
                    remove(tree, parent + item.path.substring(name + 4));
                }
            }
            for (Item item : layer) {
                int name = item.path.lastIndexOf('/') + 1;
                for (int slash = item.path.indexOf('/'); slash >= 0; slash = item.path.indexOf('/', slash + 1)) {
                    directory(tree, item.path.substring(0, slash));
                }
                if (item.path.startsWith(".wh.", name)) {
                    continue;
                }
                if (item.text == null) {
                    directory(tree, item.path);
                } else {
                    remove(tree, item.path);
                    tree.put(item.path, item.text);
                }
            }
        }
        return tree;
    }

    private static void directory(Map<String, String> tree, String path) {
        if (!"/".equals(tree.get(path))) {
            remove(tree, path);
            tree.put(path, "/");
        }
    }

    private static void remove(Map<String, String> tree, String path) {
        tree.keySet().removeIf(each -> each.equals(path) || each.startsWith(path + "/"));
    }

    private Snapshot unpack(List<byte[]> tars) throws Exception {
        List<Layer> layers = new ArrayList<>();
        for (byte[] tar : tars) {
            try (PendingLayer pending = store.begin(tmp)) {
                LayerBuilder builder = new LayerBuilder(pending, Snapshot.EMPTY);
                LayerUnpacker.Unpacked stream = LayerUnpacker.unpack(
                        "layer", new ByteArrayInputStream(tar), pending, Snapshot.EMPTY, builder, UnpackRules.layer());
                layers.add(builder.commitAs(stream, new Snapshot(layers), Instant.EPOCH));
            }
        }
        return new Snapshot(layers);
    }

    private static Map<String, String> seen(TreeView tree) {
        Map<String, String> seen = new TreeMap<>();
        look(tree, "/", seen);
        return seen;
    }

    private static void look(TreeView tree, String directory, Map<String, String> seen) {
        for (TreeNode node : tree.list(directory)) {
            seen.put(
                    node.path().substring(1),
                    node.isDirectory()
                            ? "/"
                            : node.isSymlink()
                                    ? "-> " + node.target()
                                    : new String(LayeredTree.readBytes(node), StandardCharsets.UTF_8));
            if (node.isDirectory()) {
                look(tree, node.path(), seen);
            }
        }
    }

    @Test
    void randomStacksAreWhatTheRulesSay() throws Exception {
        for (int seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            List<List<Item>> layers = List.of(layer(random), layer(random), layer(random));
            Snapshot snapshot = unpack(layers.stream().map(LayerStackTest::tar).toList());
            try (LayeredTree tree = LayeredTree.of(snapshot)) {
                assertThat(seen(tree)).as("seed %d: %s", seed, layers).isEqualTo(model(layers));
            }
        }
    }

    @Test
    void umociSeesTheSame() throws Exception {
        Requires.program("umoci");
        int compared = 0;
        for (int seed = 1000; seed < 1012; seed++) {
            Random random = new Random(seed);
            List<List<Item>> layers = List.of(tidy(layer(random)), tidy(layer(random)), tidy(layer(random)));
            Path layout = temp.resolve("layout" + seed);
            write(layout, layers.stream().map(LayerStackTest::tar).toList());
            Path bundle = temp.resolve("bundle" + seed);
            Process umoci = new ProcessBuilder("umoci", "unpack", "--image", layout + ":latest", bundle.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(umoci.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(umoci.waitFor()).as(said).isZero();
            Map<String, String> theirs = onDisk(bundle.resolve("rootfs"));
            try (LayeredTree tree = LayeredTree.of(
                    unpack(layers.stream().map(LayerStackTest::tar).toList()))) {
                assertThat(seen(tree)).as("seed %d: %s", seed, layers).isEqualTo(theirs);
            }
            compared++;
        }
        assertThat(compared).isEqualTo(12);
    }

    private static Map<String, String> onDisk(Path root) throws IOException {
        Map<String, String> seen = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.filter(each -> !each.equals(root)).toList()) {
                seen.put(
                        root.relativize(path).toString(),
                        Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                                ? "/"
                                : Files.isSymbolicLink(path)
                                        ? "-> " + Files.readSymbolicLink(path)
                                        : Files.readString(path));
            }
        }
        return seen;
    }

    /** An OCI layout of these plain layers. */
    private static void write(Path layout, List<byte[]> tars) throws IOException {
        Files.createDirectories(layout.resolve("blobs/sha256"));
        Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        List<Descriptor> layers = new ArrayList<>();
        for (byte[] tar : tars) {
            layers.add(blob(layout, MediaTypes.OCI_LAYER_TAR, tar));
        }
        Descriptor config = blob(
                layout,
                MediaTypes.OCI_CONFIG,
                ImageConfigJson.write(new ImageConfig(
                        Platform.host(),
                        null,
                        null,
                        RunConfig.EMPTY,
                        List.of(),
                        tars.stream().map(Digest::of).toList())));
        Descriptor manifest = blob(layout, MediaTypes.OCI_MANIFEST, ManifestJson.write(new Manifest(config, layers)));
        Files.writeString(
                layout.resolve("index.json"),
                "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"digest\":\""
                        + manifest.digest() + "\",\"size\":" + manifest.size()
                        + ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"latest\"}}]}");
    }

    private static Descriptor blob(Path layout, String type, byte[] bytes) throws IOException {
        Digest digest = Digest.of(bytes);
        Files.write(layout.resolve("blobs/sha256").resolve(digest.hex()), bytes);
        return new Descriptor(type, digest, bytes.length);
    }
}
