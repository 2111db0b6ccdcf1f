package dev.drydock.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.DrydockException;
import dev.drydock.house.Requires;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives of images written by hand: old ones, and such as nobody sane writes. */
class ArchiveLoadTest {
    @TempDir
    Path directory;

    private Drydock drydock;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);

    @BeforeEach
    void open() {
        Requires.root();
        drydock = Drydock.open(directory.resolve("store"));
    }

    @AfterEach
    void close() {
        if (drydock != null) {
            drydock.close();
        }
    }

    private static byte[] layer(String name, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream layer = new TarArchiveOutputStream(out)) {
            put(layer, name, content);
        }
        return out.toByteArray();
    }

    private static void put(TarArchiveOutputStream to, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(content.length);
        to.putArchiveEntry(entry);
        to.write(content);
        to.closeArchiveEntry();
    }

    private void put(String name, String text) throws IOException {
        put(tar, name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void link(String name, byte type, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, type);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private byte[] whole() throws IOException {
        tar.close();
        return bytes.toByteArray();
    }

    private List<LoadedImage> load() throws IOException, InterruptedException {
        return load(whole());
    }

    private List<LoadedImage> load(byte[] archive) throws InterruptedException {
        return drydock.load(new ByteArrayInputStream(archive), Platform.host());
    }

    private static String config(byte[]... layers) {
        List<String> ids = new ArrayList<>();
        for (byte[] each : layers) {
            ids.add("\"" + Digest.of(each) + "\"");
        }
        return "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
                + String.join(",", ids) + "]}}";
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void anArchiveOfDockerBefore110() throws Exception {
        byte[] lower = layer("lower", text("1"));
        byte[] upper = layer("upper", text("2"));
        put("aa/VERSION", "1.0");
        put(
                "aa/json",
                "{\"id\":\"aa\",\"created\":\"2015-01-01T00:00:00Z\",\"container_config\":{\"Cmd\":[\"/bin/sh\",\"-c\","
                        + "\"#(nop) ADD lower\"]},\"architecture\":\"amd64\",\"os\":\"linux\",\"Size\":1}");
        put(tar, "aa/layer.tar", lower);
        put(
                "bb/json",
                "{\"id\":\"bb\",\"parent\":\"aa\",\"created\":\"2015-01-02T00:00:00Z\",\"author\":\"me\",\"config\":{\"Cmd\":"
                        + "[\"sh\"]},\"container_config\":{\"Cmd\":[\"make\"]},\"architecture\":\"amd64\",\"os\":\"linux\"}");
        put(tar, "bb/layer.tar", upper);
        link("cc/layer.tar", TarArchiveEntry.LF_SYMLINK, "../bb/layer.tar");
        put("cc/json", "{\"id\":\"cc\",\"parent\":\"aa\",\"architecture\":\"amd64\",\"os\":\"linux\"}");
        put("repositories", "{\"old/image\":{\"1\":\"bb\",\"latest\":\"bb\"},\"linked\":{\"1\":\"cc\"}}");
        List<LoadedImage> loaded = load();
        assertThat(loaded.stream().flatMap(image -> image.names().stream()))
                .containsExactlyInAnyOrder(
                        ImageRef.parse("old/image:1"), ImageRef.parse("old/image:latest"), ImageRef.parse("linked:1"));
        ImageSummary image = drydock.image("old/image:1");
        assertThat(image.config().diffIds()).containsExactly(Digest.of(lower), Digest.of(upper));
        assertThat(image.config().config().cmd()).containsExactly("sh");
        assertThat(image.config().author()).isEqualTo("me");
        assertThat(image.config().history().stream().map(entry -> entry.createdBy()))
                .containsExactly("/bin/sh -c #(nop) ADD lower", "make");
        assertThat(new String(drydock.rawConfig(image.id()), StandardCharsets.UTF_8))
                .doesNotContain("\"id\"", "parent", "Size");
        assertThat(BuiltFiles.of(drydock, "linked:1").all().keySet()).containsExactly("lower", "upper");
    }

    @Test
    void aPlainLayerIsKeptOnceAndComesOutAsItCame() throws Exception {
        byte[] words = new byte[4 << 20];
        Random random = new Random(1);
        for (int i = 0; i < words.length; i++) {
            words[i] = (byte) ('a' + random.nextInt(4));
        }
        byte[] layer = layer("words", words);
        put("config.json", config(layer));
        put(tar, "l/layer.tar", layer);
        put("manifest.json", "[{\"Config\":\"config.json\",\"RepoTags\":[\"plain:1\"],\"Layers\":[\"l/layer.tar\"]}]");
        load();
        long blobs = 0;
        try (var all = Files.walk(directory.resolve("store/blobs"))) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                blobs += Files.size(each);
            }
        }
        assertThat(blobs).isLessThan(layer.length / 2);
        Destination file = new Destination.File(directory.resolve("no.tar"), 0600);
        assertThatThrownBy(() -> drydock.save(List.of("plain:1"), Platform.parse("linux/s390x"), file))
                .hasMessage("image with reference plain:1 was found but does not provide the specified platform"
                        + " (linux/s390x)");
        assertThat(directory.resolve("no.tar")).doesNotExist();
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        drydock.save(List.of("plain:1"), saved);
        drydock.remove("plain:1", Drydock.Force.YES);
        drydock.load(new ByteArrayInputStream(saved.toByteArray()), Platform.host());
        assertThat(drydock.image("plain:1").config().diffIds()).containsExactly(Digest.of(layer));
    }

    private void refused(String message) {
        assertThatThrownBy(this::load).isInstanceOf(DrydockException.class).hasMessageContaining(message);
        assertThat(drydock.images()).isEmpty();
        assertThat(directory.resolve("store/layers"))
                .satisfiesAnyOf(
                        layers -> assertThat(layers).doesNotExist(),
                        layers -> assertThat(layers).isEmptyDirectory());
    }

    /** Layers are unpacked before it is known whether an image needs them, and on what. */
    @Test
    void layersOfSeveralImagesOfOneAndOfNone() throws Exception {
        byte[] shared = layer("shared", text("s"));
        byte[] below = layer("below", text("b"));
        byte[] needless = layer("needless", text("n"));
        byte[] noLayer = layer("../../out", text("o"));
        String folder = "blobs/";
        for (byte[] each : List.of(shared, below, needless, noLayer, shared)) {
            put(tar, folder + Digest.of(each).hex() + ".tar", each);
            folder = "again/";
        }
        put("one.json", config(shared));
        put("two.json", config(below, shared));
        String first = "\"blobs/" + Digest.of(shared).hex() + ".tar\"";
        put(
                "manifest.json",
                "[{\"Config\":\"one.json\",\"RepoTags\":[\"one:1\"],\"Layers\":[" + first + "]},"
                        + "{\"Config\":\"two.json\",\"RepoTags\":[\"two:1\"],\"Layers\":[\"again/"
                        + Digest.of(below).hex() + ".tar\"," + first + "]}]");
        byte[] archive = whole();
        load(archive);
        assertThat(BuiltFiles.of(drydock, "one:1").all().keySet()).containsExactly("shared");
        assertThat(BuiltFiles.of(drydock, "two:1").all().keySet()).containsExactly("below", "shared");
        assertThat(entries("store/layers")).hasSize(3);
        assertThat(entries("store/tmp")).as("a lease's directory").hasSizeLessThanOrEqualTo(1);
        for (Path each : entries("store/tmp")) {
            assertThat(each).isEmptyDirectory();
        }
        load(archive);
        assertThat(entries("store/layers"))
                .as("what is known is not taken again")
                .hasSize(3);
    }

    private List<Path> entries(String of) throws IOException {
        try (var all = Files.list(directory.resolve(of))) {
            return all.toList();
        }
    }

    @Test
    void namesThatClimbAreOnlyNames() throws Exception {
        byte[] layer = layer("f", text("f"));
        put("../../../etc/config.json", config(layer));
        put(tar, "/../../layer.tar", layer);
        put(
                "x/../manifest.json",
                "[{\"Config\":\"etc/config.json\",\"RepoTags\":[\"climb:1\"],\"Layers\":[\"a/../layer.tar\"]}]");
        load();
        assertThat(BuiltFiles.of(drydock, "climb:1").all().keySet()).containsExactly("f");
        try (var all = Files.list(directory)) {
            assertThat(all).hasSize(1);
        }
    }

    @Test
    void aBlobThatIsNotWhatItsNameSays() throws Exception {
        byte[] layer = layer("f", text("f"));
        String wrong = "0".repeat(64);
        put("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
        put(tar, "blobs/sha256/" + wrong, layer);
        refused("read image archive: blobs/sha256/" + wrong + " holds " + Digest.of(layer));
    }

    @Test
    void aLayerThatIsNotTheConfigurations() throws Exception {
        byte[] layer = layer("f", text("f"));
        put("config.json", config(layer("f", text("other"))));
        put(tar, "layer.tar", layer);
        put("manifest.json", "[{\"Config\":\"config.json\",\"RepoTags\":[\"x:1\"],\"Layers\":[\"layer.tar\"]}]");
        refused("it holds " + Digest.of(layer) + ", its image's configuration says");
    }

    @Test
    void linksInACircle() throws Exception {
        link("a", TarArchiveEntry.LF_SYMLINK, "b");
        link("b", TarArchiveEntry.LF_LINK, "a");
        put("config.json", config(layer("f", text("f"))));
        put("manifest.json", "[{\"Config\":\"config.json\",\"RepoTags\":null,\"Layers\":[\"a\"]}]");
        refused("read image archive: a is a link in a circle");
    }

    @Test
    void aLinkOutOfTheArchiveLeadsNowhere() throws Exception {
        link("config.json", TarArchiveEntry.LF_SYMLINK, "/etc/hostname");
        put("manifest.json", "[{\"Config\":\"config.json\",\"RepoTags\":null,\"Layers\":[]}]");
        refused("read image archive: it names config.json and does not hold it");
    }

    @Test
    void ofTwoMembersWithOneNameTheLastCounts() throws Exception {
        byte[] layer = layer("f", text("f"));
        put("config.json", "{}");
        put("config.json", config(layer));
        put(tar, "layer.tar", layer("g", text("g")));
        put(tar, "layer.tar", layer);
        put("manifest.json", "[{\"Config\":\"config.json\",\"RepoTags\":[\"twice:1\"],\"Layers\":[\"layer.tar\"]}]");
        load();
        assertThat(BuiltFiles.of(drydock, "twice:1").all().keySet()).containsExactly("f");
    }

    @Test
    void anImageOnItself() throws Exception {
        put("aa/json", "{\"id\":\"aa\",\"parent\":\"aa\"}");
        put(tar, "aa/layer.tar", layer("f", text("f")));
        put("repositories", "{\"x\":{\"1\":\"aa\"}}");
        refused("read image archive: the image aa lies on itself");
    }

    @Test
    void documentsWithoutEnd() throws Exception {
        byte[] large = new byte[15 << 20];
        for (int i = 0; i < 5; i++) {
            put(tar, i + ".json", large);
        }
        refused("read image archive: its documents are longer than 64 MiB");
    }

    @Test
    void aManifestThatIsTooLong() throws Exception {
        byte[] large = new byte[(16 << 20) + 1];
        java.util.Arrays.fill(large, (byte) ' ');
        put(tar, "manifest.json", large);
        refused("bytes long");
    }
}
