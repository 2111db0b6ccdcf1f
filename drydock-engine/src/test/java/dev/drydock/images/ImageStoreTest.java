package dev.drydock.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.cache.CacheStore;
import dev.drydock.fault.UserFault;
import dev.drydock.images.ImageStore.Force;
import dev.drydock.images.ImageStore.Unnamed;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.ManifestJson;
import dev.drydock.scope.Lease;
import dev.drydock.snapshot.Layer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageStoreTest {
    @TempDir
    Path root;

    private TestStore store;
    private ImageStore images;

    @BeforeEach
    void open() {
        store = new TestStore(root);
        images = store.images;
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static List<String> familiar(List<ImageRef> names) {
        return names.stream().map(ImageRef::familiar).toList();
    }

    @Test
    void anImageIsListedWithEverythingItHas() throws IOException {
        Digest id = store.put("aa1111", 5, "hello", "example.com:5000/x/y:v1", "hello:2");
        StoredImage image = images.list().getFirst();
        assertThat(image.id()).isEqualTo(id);
        assertThat(familiar(image.names())).containsExactly("hello:2", "hello:latest", "example.com:5000/x/y:v1");
        assertThat(image.layerSizes()).containsExactly(10L);
        assertThat(image.size()).isEqualTo(10);
        assertThat(image.stored()).isEqualTo(TestStore.T0);
        assertThat(image.config().config().labels()).containsEntry("label", "aa1111");
        assertThat(Digest.of(images.config(id))).isEqualTo(id);
        byte[] manifest = store.content.document(image.manifest().digest());
        assertThat(manifest).hasSize((int) image.manifest().size());
        assertThat(ManifestJson.read(manifest).config().digest()).isEqualTo(id);
        assertThat(ManifestJson.read(manifest).layers().getFirst().digest())
                .isEqualTo(store.layers(id).getFirst().diffId());
        assertThat(store.layers(id).getFirst().fs().resolve("etc/file")).exists();
    }

    @Test
    void theNewestCreatedComesFirst() {
        Digest old = store.put("aa1111", 100, "a");
        Digest young = store.put("bb2222", 1, "b");
        assertThat(images.list()).extracting(StoredImage::id).containsExactly(young, old);
    }

    @ParameterizedTest
    @CsvSource({
        "nosuch, No such image: nosuch:latest",
        "nosuch:1, No such image: nosuch:1",
        "deadbeef, No such image: deadbeef:latest",
        "a, No such image: a:latest",
        "sha256:dead, No such image: sha256:dead",
        "Foo, invalid reference format: repository name (library/Foo) must be lowercase",
        "a:b:c, invalid reference format",
        "fed1d3d0c39bd68859bfcbe725a6f315f82877ad04697ac84097872c62e37285,"
                + " No such image: sha256:fed1d3d0c39bd68859bfcbe725a6f315f82877ad04697ac84097872c62e37285"
    })
    void whatIsNotThereIsReportedInDockersWords(String name, String message) {
        store.put("aa1111", 5, "hello");
        assertThatThrownBy(() -> images.resolve(name))
                .isInstanceOf(UserFault.class)
                .hasMessage(message);
        assertThatThrownBy(() -> images.remove(name, Force.NO)).hasMessage(message);
        assertThatThrownBy(() -> images.tag(name, ImageRef.parse("x"))).hasMessage(message);
    }

    @Test
    void anImageIsFoundByNameIdAndBeginningOfAnId() {
        Digest id = store.put("aa1111", 5, "hello:1");
        Digest manifest = images.resolve("hello:1").manifest().digest();
        for (String words : List.of(
                "hello:1",
                "docker.io/library/hello:1",
                id.toString(),
                id.hex(),
                id.shortHex(),
                id.hex().substring(0, 4),
                "sha256:" + id.hex().substring(0, 7),
                "hello@" + manifest,
                "hello@" + id)) {
            assertThat(images.resolve(words).id()).as(words).isEqualTo(id);
        }
        assertThatThrownBy(() -> images.resolve(id.hex().substring(0, 3))).hasMessageStartingWith("No such image: ");
        assertThatThrownBy(() -> images.resolve("other@" + manifest)).hasMessage("No such image: other@" + manifest);
    }

    @Test
    void aNameWinsOverTheBeginningOfAnId() {
        Digest first = store.put("aa1111", 5);
        Digest second = store.put("bb2222", 5, first.hex().substring(0, 8));
        assertThat(images.resolve(first.hex().substring(0, 8)).id()).isEqualTo(second);
        assertThat(images.resolve(first.hex().substring(0, 9)).id()).isEqualTo(first);
    }

    @Test
    void twoImagesWithTheSameBeginningAreAmbiguous() {
        Map<String, String> labels = new HashMap<>();
        for (int i = 0; ; i++) {
            String label = "label" + i;
            String start =
                    Digest.of(TestStore.config(label, 1, List.of())).hex().substring(0, 4);
            String twin = labels.put(start, label);
            if (twin != null) {
                putWithoutLayers(label);
                putWithoutLayers(twin);
                assertThatThrownBy(() -> images.resolve(start)).hasMessage("ambiguous reference");
                assertThatThrownBy(() -> images.remove(start, Force.YES)).hasMessage("ambiguous reference");
                return;
            }
        }
    }

    private void putWithoutLayers(String label) {
        try (Work work = store.garbage.begin()) {
            images.put(work.claims(), TestStore.config(label, 1, List.of()), List.of(), List.of(), Unnamed.KEEP);
        }
    }

    @Test
    void taggingMovesANameAndLeavesTheOldImageDangling() {
        Digest first = store.put("aa1111", 5, "hello");
        Digest second = store.put("bb2222", 5, "busybox");
        images.tag("busybox:latest", ImageRef.parse("hello"));
        assertThat(images.resolve("hello").id()).isEqualTo(second);
        assertThat(images.resolve(first.toString()).names()).isEmpty();
        images.tag("busybox:latest", ImageRef.parse("hello"));
        assertThat(familiar(images.resolve("hello").names())).containsExactly("busybox:latest", "hello:latest");
    }

    @Test
    void aTagCannotBeADigest() {
        Digest id = store.put("aa1111", 5, "hello");
        assertThatThrownBy(() -> images.tag("hello", ImageRef.parse("foo@" + id)))
                .hasMessage("refusing to create a tag with a digest reference");
        assertThatThrownBy(() -> images.tag("hello", ImageRef.parse(id.toString())))
                .hasMessage("refusing to create an ambiguous tag using digest algorithm as name");
    }

    @Test
    void rebuildingATagDropsTheOldImageAtOnceUnlessItHasAnotherName() throws IOException {
        Digest first = store.put("aa1111", 5, Unnamed.DROP, "hello", "keep");
        Digest second = store.put("bb2222", 4, Unnamed.DROP, "hello");
        Digest third = store.put("cc3333", 3, Unnamed.DROP, "hello");
        assertThat(images.list()).extracting(StoredImage::id).containsExactly(third, first);
        assertThat(store.layerDirectories()).containsExactly("layeraa1111", "layercc3333");
        assertThat(store.blobs()).hasSize(4).doesNotContain(second.hex());
    }

    @Test
    void removingOneOfTwoTagsOnlyUntags() {
        Digest id = store.put("aa1111", 5, "docker-rust-image", "docker-rust-image:v1.0.0");
        Removed removed = images.remove("docker-rust-image:v1.0.0", Force.NO);
        assertThat(familiar(removed.untagged())).containsExactly("docker-rust-image:v1.0.0");
        assertThat(removed.deleted()).isEmpty();
        assertThat(images.resolve("docker-rust-image").id()).isEqualTo(id);
    }

    @Test
    void removingTheLastTagDeletesImageAndLayers() throws IOException {
        Digest id = store.put("aa1111", 5, "hello");
        Digest layer = store.layers(id).getFirst().diffId();
        Removed removed = images.remove("hello", Force.NO);
        assertThat(familiar(removed.untagged())).containsExactly("hello:latest");
        assertThat(removed.deleted()).containsExactly(id, layer);
        assertThat(images.list()).isEmpty();
        assertThat(store.layerDirectories()).isEmpty();
        assertThat(store.blobs()).isEmpty();
        assertThat(store.lease.tmp()).isEmptyDirectory();
        assertThatThrownBy(() -> images.remove("hello", Force.YES)).hasMessage("No such image: hello:latest");
    }

    @Test
    void removingByIdNeedsForceForSeveralNames() {
        Digest id = store.put("aa1111", 5, "hello:2", "hello", "registry.example.com/team/hello:1.0");
        String refusal = "conflict: unable to delete " + id.shortHex()
                + " (must be forced) - image is referenced in multiple repositories";
        assertThatThrownBy(() -> images.remove(id.shortHex(), Force.NO)).hasMessage(refusal);
        images.remove("registry.example.com/team/hello:1.0", Force.NO);
        assertThatThrownBy(() -> images.remove(id.toString(), Force.NO)).hasMessage(refusal);
        images.tag("hello", ImageRef.parse("registry.example.com/team/hello:1.0"));
        Removed removed = images.remove(id.hex(), Force.YES);
        assertThat(familiar(removed.untagged()))
                .containsExactly("hello:2", "hello:latest", "registry.example.com/team/hello:1.0");
        assertThat(removed.deleted()).first().isEqualTo(id);
    }

    @Test
    void removingByIdTakesTheOnlyNameAlong() {
        Digest id = store.put("aa1111", 5, "hello:2");
        assertThat(familiar(images.remove(id.shortHex(), Force.NO).untagged())).containsExactly("hello:2");
        assertThat(images.list()).isEmpty();
    }

    @Test
    void theDigestNamesOfARepositoryGoWithItsLastTag() {
        Digest any = Digest.of(new byte[] {1});
        Digest id = store.put("aa1111", 5, "rust:1", "rust@" + any);
        assertThat(familiar(images.resolve("rust:1").digests())).containsExactly("rust@" + any);
        assertThat(images.resolve("rust@" + any).id()).isEqualTo(id);
        Removed removed = images.remove("rust:1", Force.NO);
        assertThat(familiar(removed.untagged())).containsExactly("rust:1", "rust@" + any);
        assertThat(removed.deleted()).isNotEmpty();
    }

    @Test
    void removingAnImageLeavesWhatTheBuildCacheHas() throws IOException {
        Digest first;
        Digest second;
        try (Work work = store.garbage.begin()) {
            Layer base = store.layer(work.claims(), "layerbase1", 3);
            Layer middle = store.layer(work.claims(), "layermiddle1", 4);
            Layer own = store.layer(work.claims(), "layerown1", 5);
            List<Layer> chain = List.of(base, middle, own);
            first = images.put(
                            work.claims(),
                            TestStore.config("x", 1, chain),
                            chain,
                            List.of(ImageRef.parse("first")),
                            Unnamed.KEEP)
                    .id();
            second = images.put(
                            work.claims(),
                            TestStore.config("y", 1, List.of(base)),
                            List.of(base),
                            List.of(ImageRef.parse("second")),
                            Unnamed.KEEP)
                    .id();
            CacheStore cache = new CacheStore(store.database, work.claims(), layer -> true, Clock.systemUTC());
            store.layer(work.claims(), "layerstage1", 6);
            store.layer(work.claims(), "layervariant1", 7);
            record(cache, "base", "layerbase1");
            record(cache, "middle", "layerbase1", "layermiddle1");
            record(cache, "variant", "layerbase1", "layermiddle1", "layervariant1");
            record(cache, "stage", "layerbase1", "layerstage1");
        }
        Removed removed = images.remove("first", Force.NO);
        assertThat(removed.deleted())
                .as("the image, and the one layer that the cache does not have")
                .hasSize(2)
                .first()
                .isEqualTo(first);
        assertThat(store.layerDirectories())
                .containsExactly("layerbase1", "layermiddle1", "layerstage1", "layervariant1");
        assertThat(List.of("base", "stage", "middle", "variant")).allMatch(this::found);
        assertThat(images.remove("second", Force.NO).deleted()).containsExactly(second);
        assertThat(List.of("base", "stage", "middle", "variant")).allMatch(this::found);
    }

    private static Digest key(String name) {
        return Digest.of(name.getBytes(StandardCharsets.UTF_8));
    }

    private static void record(CacheStore cache, String name, String... layers) {
        cache.add(
                new CacheStore.Made(name, "regular"),
                key(name),
                List.of(key(name)),
                List.of(List.of(layers)),
                List.of("slot " + name),
                Map.of());
    }

    private boolean found(String name) {
        try (Work work = store.garbage.begin()) {
            return new CacheStore(store.database, work.claims(), layer -> true, Clock.systemUTC())
                    .find(key(name))
                    .isPresent();
        }
    }

    @Test
    void whatRunningWorkUsesStaysUntilItEnds() throws IOException {
        Digest id = store.put("aa1111", 5, "hello");
        try (Work work = store.garbage.begin()) {
            assertThat(images.find(work.claims(), ImageRef.parse("hello"))
                            .orElseThrow()
                            .image()
                            .id())
                    .isEqualTo(id);
            assertThat(images.remove("hello", Force.NO).deleted()).containsExactly(id);
            assertThat(images.list()).isEmpty();
            assertThat(store.layerDirectories()).containsExactly("layeraa1111");
            assertThat(store.blobs()).hasSize(2);
            assertThat(images.find(work.claims(), ImageRef.parse("hello"))).isEmpty();
        }
        assertThat(store.layerDirectories()).isEmpty();
        assertThat(store.blobs()).isEmpty();
    }

    @Test
    void layersOfWorkThatStoredNothingVanishWithIt() throws IOException {
        try (Work work = store.garbage.begin()) {
            store.layer(work.claims(), "layerlost1", 3);
            store.garbage.sweep();
            assertThat(store.layerDirectories()).containsExactly("layerlost1");
        }
        assertThat(store.layerDirectories()).isEmpty();
    }

    /** A process that dies may have made only the note that its layer is not on the disk yet. */
    @Test
    void whatWasNotedOfALayerThatNeverCameToBeVanishesToo() throws IOException {
        Path notes = Files.createDirectory(store.root.resolve("unsynced-layers"));
        try (Work work = store.garbage.begin()) {
            work.claims().layer("layernever1");
            Files.writeString(notes.resolve("layernever1"), "boot");
        }
        assertThat(notes).isEmptyDirectory();
    }

    @Test
    void storingTheSameImageAgainUsesTheNewLayers() throws IOException {
        Digest id = store.put("aa1111", 5, "hello");
        Layer old = store.layers(id).getFirst();
        try (Work work = store.garbage.begin()) {
            Layer again = store.layer(work.claims(), "layernew111", 10);
            Layer same = new Layer(again.id(), again.fs(), again.index(), old.diffId(), 1024, 10, TestStore.T0);
            images.put(
                    work.claims(),
                    images.config(id),
                    List.of(same),
                    List.of(ImageRef.parse("hello:again")),
                    Unnamed.DROP);
        }
        assertThat(store.layers(id)).extracting(layer -> layer.id().value()).containsExactly("layernew111");
        assertThat(familiar(images.resolve("hello").names())).containsExactly("hello:again", "hello:latest");
        assertThat(store.layerDirectories()).containsExactly("layernew111");
    }

    @Test
    void aClosedLeaseClaimsNothing() throws IOException {
        TestStore other = new TestStore(root);
        Work work = other.garbage.begin();
        other.layer(work.claims(), "layerlost1", 3);
        assertThat(Lease.alive(root, other.lease.id())).isTrue();
        store.garbage.sweep();
        assertThat(store.layerDirectories()).containsExactly("layerlost1");
        other.close();
        store.garbage.sweep();
        assertThat(store.layerDirectories()).isEmpty();
    }
}
