package dev.drydock.engine;

import static dev.drydock.engine.PullingStore.UNHEARD;
import static dev.drydock.engine.RemoteImages.gzip;
import static dev.drydock.engine.RemoteImages.tar;
import static dev.drydock.engine.RemoteImages.threeLayers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.engine.RemoteImages.Part;
import dev.drydock.fault.CorruptData;
import dev.drydock.fault.RemoteFault;
import dev.drydock.house.Requires;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfig.RunConfig;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Index;
import dev.drydock.oci.IndexJson;
import dev.drydock.oci.Manifest;
import dev.drydock.oci.ManifestJson;
import dev.drydock.oci.MediaTypes;
import dev.drydock.oci.Platform;
import dev.drydock.registry.FakeRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of every kind, and of none, as registries have them. */
class RegistryImageKindsTest {
    @TempDir
    Path temp;

    private PullingStore store;
    private Drydock drydock;
    private FakeRegistry fake;

    @BeforeEach
    void open() {
        Requires.root();
        store = new PullingStore(temp);
        drydock = store.drydock;
        fake = store.remote.fake;
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
        }
    }

    private Descriptor image(String repository, String tag, Platform platform, List<Part> parts) {
        return store.remote.image(repository, tag, platform, parts);
    }

    private ImageRef name(String rest) {
        return store.remote.name(rest);
    }

    @Test
    void indexesInIndexesAreLookedInto() throws Exception {
        Descriptor other = image("app", "x", new Platform("linux", "s390x"), threeLayers());
        Descriptor ours = image("app", "y", Platform.host(), threeLayers());
        Descriptor inner = index("inner", ours);
        index("outer", other, inner);

        drydock.pull(name("app:outer"), Platform.host(), UNHEARD);
        assertThat(drydock.images().getFirst().config().platform()).isEqualTo(Platform.host());

        Descriptor deep = ours;
        for (int i = 0; i < 6; i++) {
            deep = index("deep" + i, deep);
        }
        assertThatThrownBy(() -> drydock.pull(name("app:deep5"), Platform.host(), UNHEARD))
                .hasMessageContaining("no matching manifest for");
    }

    @Test
    void variantsAreToldApart() throws Exception {
        Platform six = Platform.parse("linux/arm/v6");
        Platform seven = Platform.parse("linux/arm/v7");
        Descriptor first = image("app", "six", six, List.of(threeLayers().get(0)));
        Descriptor second = image("app", "seven", seven, List.of(threeLayers().get(1)));
        index("arm", first, second);

        drydock.pull(name("app:arm"), six, UNHEARD);
        assertThat(drydock.image(name("app:arm").toString()).config().platform())
                .isEqualTo(six);
        assertThat(drydock.pull(name("app:arm"), seven, UNHEARD).status()).isEqualTo(PullResult.Status.DOWNLOADED);
        assertThat(drydock.image(name("app:arm").toString()).config().platform())
                .isEqualTo(seven);
        // arm64 runs the best of them
        drydock.pull(name("app:arm"), Platform.parse("linux/arm64"), UNHEARD);
        assertThat(drydock.image(name("app:arm").toString()).config().platform())
                .isEqualTo(seven);
        assertThat(drydock.pull(name("app:arm"), Platform.parse("linux/arm64"), UNHEARD)
                        .status())
                .isEqualTo(PullResult.Status.UP_TO_DATE);
        index("amd", image("app", "v3", Platform.parse("linux/amd64/v3"), threeLayers()));
        assertThatThrownBy(() -> drydock.pull(name("app:amd"), Platform.parse("linux/amd64/v2"), UNHEARD))
                .hasMessageContaining("no matching manifest for linux/amd64/v2");
    }

    @Test
    void digestsOfOtherAlgorithms() throws Exception {
        byte[] tar = tar("a", "b");
        byte[] blob = gzip(tar);
        Digest layer = sha512(blob);
        fake.blobs.put(layer.toString(), blob);
        byte[] config = ImageConfigJson.write(
                new ImageConfig(Platform.host(), null, null, RunConfig.EMPTY, List.of(), List.of(Digest.of(tar))));
        byte[] manifest = ManifestJson.write(new Manifest(
                new Descriptor(MediaTypes.OCI_CONFIG, fake.blob(config), config.length),
                List.of(new Descriptor(MediaTypes.OCI_LAYER_GZIP, layer, blob.length))));
        Digest digest = sha512(manifest);
        fake.manifests.put("app/" + digest, manifest);
        fake.types.put("app/" + digest, MediaTypes.OCI_MANIFEST);

        assertThat(drydock.pull(name("app@" + digest), Platform.host(), UNHEARD).digest())
                .isEqualTo(digest);
        assertThat(store.layers("a").getFirst()).hasContent("b");

        byte[] wrong = manifest.clone();
        wrong[wrong.length - 2] = ' ';
        fake.manifests.put("app/" + digest, wrong);
        drydock.remove(drydock.images().getFirst().id().toString(), Drydock.Force.YES);
        assertThatThrownBy(() -> drydock.pull(name("app@" + digest), Platform.host(), UNHEARD))
                .hasMessageContaining("sent other content");

        byte[] plain = tar("c", "d");
        byte[] other = ImageConfigJson.write(
                new ImageConfig(Platform.host(), null, null, RunConfig.EMPTY, List.of(), List.of(sha512(plain))));
        fake.manifest(
                "app",
                "diff",
                MediaTypes.OCI_MANIFEST,
                ManifestJson.write(new Manifest(
                        new Descriptor(MediaTypes.OCI_CONFIG, fake.blob(other), other.length),
                        List.of(new Descriptor(MediaTypes.OCI_LAYER_TAR, fake.blob(plain), plain.length)))));
        assertThatThrownBy(() -> drydock.pull(name("app:diff"), Platform.host(), UNHEARD))
                .isInstanceOfSatisfying(RemoteFault.class, fault -> {
                    assertThat(fault.text()).contains("drydock knows layers by sha256 only");
                    assertThat(fault.hints()).isNotEmpty();
                });
    }

    @Test
    void layersThatCannotBeUnpackedAreRefusedBeforeAnythingIsFetched() throws Exception {
        Map<String, String> reasons = Map.of(
                "application/vnd.oci.image.layer.v1.tar+gzip+encrypted", "is encrypted",
                "application/vnd.wasm.content.layer.v1+wasm", "is no archive of files");
        for (Map.Entry<String, String> each : reasons.entrySet()) {
            byte[] tar = tar("a", "b");
            image("app", "1", Platform.host(), List.of(new Part(tar, tar, each.getKey())));
            fake.requests.clear();
            assertThatThrownBy(() -> drydock.pull(name("app:1"), Platform.host(), UNHEARD))
                    .isInstanceOfSatisfying(RemoteFault.class, fault -> {
                        assertThat(fault.text()).contains(each.getValue()).contains(each.getKey());
                        assertThat(fault.hints()).isNotEmpty();
                    });
            assertThat(fake.requests).noneMatch(line -> line.contains("/blobs/"));
        }
        byte[] tar = tar("w", "w");
        image(
                "app",
                "foreign",
                Platform.host(),
                List.of(new Part(tar, gzip(tar), "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")));
        drydock.pull(name("app:foreign"), Platform.host(), UNHEARD); // the registry has it after all
        drydock.remove(drydock.images().getFirst().id().toString(), Drydock.Force.YES);
        fake.blobs.remove(Digest.of(gzip(tar)).toString());
        assertThatThrownBy(() -> drydock.pull(name("app:foreign"), Platform.host(), UNHEARD))
                .hasMessageContaining("it is a foreign layer");
    }

    @Test
    void damageOnTheWayIsFetchedAgain() throws Exception {
        List<Part> parts = threeLayers();
        image("app", "1", Platform.host(), parts);
        byte[] wrong = parts.getFirst().blob().clone();
        wrong[20] ^= 1;
        fake.next(Digest.of(parts.getFirst().blob()).toString(), exchange -> {
            FakeRegistry.answer(exchange, 200, wrong);
            return true;
        });

        drydock.pull(name("app:1"), Platform.host(), UNHEARD);

        assertThat(store.layers("etc/a")).isNotEmpty();
        assertThat(fake.requests)
                .filteredOn(
                        line -> line.contains(Digest.of(parts.getFirst().blob()).toString()))
                .hasSize(2);
    }

    @Test
    void noMoreThanThreeLayersComeAtOnce() throws Exception {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            byte[] tar = tar("f" + i, "text " + i);
            parts.add(new Part(tar, tar, MediaTypes.OCI_LAYER_TAR));
        }
        image("app", "1", Platform.host(), parts);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        for (Part part : parts) {
            fake.next(Digest.of(part.blob()).toString(), exchange -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                three.countDown();
                try {
                    three.await(2, TimeUnit.MINUTES); // the first ones until three are there together
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                now.decrementAndGet();
                return false;
            });
        }

        drydock.pull(name("app:1"), Platform.host(), UNHEARD);

        assertThat(most.get()).isEqualTo(3);
    }

    @Test
    void aManifestAndAConfigurationThatDisagreeAboutTheNumberOfLayers() throws Exception {
        byte[] tar = tar("a", "b");
        byte[] config = ImageConfigJson.write(new ImageConfig(
                Platform.host(), null, null, RunConfig.EMPTY, List.of(), List.of(Digest.of(tar), Digest.of(config()))));
        fake.manifest(
                "app",
                "1",
                MediaTypes.OCI_MANIFEST,
                ManifestJson.write(new Manifest(
                        new Descriptor(MediaTypes.OCI_CONFIG, fake.blob(config), config.length),
                        List.of(new Descriptor(MediaTypes.OCI_LAYER_TAR, fake.blob(tar), tar.length)))));

        assertThatThrownBy(() -> drydock.pull(name("app:1"), Platform.host(), UNHEARD))
                .isInstanceOf(CorruptData.class)
                .hasMessageContaining("its manifest has 1 layers, its configuration 2");
        assertThat(store.stored("layers")).isEmpty();
    }

    @Test
    void artifactsAreNoImages() throws Exception {
        byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
        byte[] manifest = ManifestJson.write(new Manifest(
                new Descriptor("application/vnd.cncf.helm.config.v1+json", fake.blob(config), config.length),
                List.of()));
        fake.manifest("chart", "1", MediaTypes.OCI_MANIFEST, manifest);

        assertThatThrownBy(() -> drydock.pull(name("chart:1"), Platform.host(), UNHEARD))
                .hasMessageContaining("it is no image but an artifact (application/vnd.cncf.helm.config.v1+json)");
    }

    private Descriptor index(String tag, Descriptor... entries) {
        byte[] index = IndexJson.write(new Index(List.of(entries)));
        return new Descriptor(
                MediaTypes.OCI_INDEX, fake.manifest("app", tag, MediaTypes.OCI_INDEX, index), index.length);
    }

    private static Digest sha512(byte[] bytes) throws Exception {
        return new Digest(
                "sha512",
                java.util.HexFormat.of()
                        .formatHex(java.security.MessageDigest.getInstance("SHA-512")
                                .digest(bytes)));
    }

    private static byte[] config() {
        return new byte[] {1};
    }
}
