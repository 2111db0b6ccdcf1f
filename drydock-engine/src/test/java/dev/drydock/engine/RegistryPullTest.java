package dev.drydock.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.drydock.event.BuildEvent;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryPullTest {
    private static final TransferEvents UNHEARD = _ -> {};

    private final FakeRegistry fake = new FakeRegistry();

    @TempDir
    Path temp;

    private Drydock drydock;

    @BeforeEach
    void open() {
        Requires.root();
        drydock = Drydock.open(temp.resolve("store"), new RegistryAccess(Map.of(), temp, Set.of()));
    }

    @AfterEach
    void close() {
        if (drydock != null) {
            drydock.close();
        }
        fake.close();
    }

    private static byte[] tar(String... namesAndTexts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                byte[] text = namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(namesAndTexts[i]);
                entry.setSize(entry.isDirectory() ? 0 : text.length);
                entry.setMode(entry.isDirectory() ? 0700 : 0644);
                entry.setModTime(0);
                tar.putArchiveEntry(entry);
                if (!entry.isDirectory()) {
                    tar.write(text);
                }
                tar.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        }
        return out.toByteArray();
    }

    private record Part(byte[] tar, byte[] blob, String type) {}

    /** Puts an image of these layers into the registry; returns its manifest. */
    private Descriptor image(String repository, String tag, Platform platform, List<Part> parts) {
        List<Digest> diffIds = parts.stream().map(part -> Digest.of(part.tar)).toList();
        byte[] config =
                ImageConfigJson.write(new ImageConfig(platform, null, null, RunConfig.EMPTY, List.of(), diffIds));
        List<Descriptor> layers = new ArrayList<>();
        for (Part part : parts) {
            layers.add(new Descriptor(part.type, fake.blob(part.blob), part.blob.length));
        }
        byte[] manifest = ManifestJson.write(
                new Manifest(new Descriptor(MediaTypes.OCI_CONFIG, fake.blob(config), config.length), layers));
        return new Descriptor(
                MediaTypes.OCI_MANIFEST,
                fake.manifest(repository, tag, MediaTypes.OCI_MANIFEST, manifest),
                manifest.length,
                platform,
                Map.of());
    }

    private ImageRef name(String rest) {
        return ImageRef.parse(fake.host() + "/" + rest);
    }

    private static List<Part> threeLayers() throws IOException {
        byte[] first = tar("etc/", "", "etc/a", "one");
        byte[] second = tar("etc/b", "two"); // does not describe etc
        byte[] third = tar("etc/.wh.a", "", "c", "three");
        return List.of(
                new Part(first, gzip(first), MediaTypes.OCI_LAYER_GZIP),
                new Part(second, Zstd.compress(second), MediaTypes.OCI_LAYER_ZSTD),
                new Part(third, third, MediaTypes.OCI_LAYER_TAR));
    }

    private List<String> stored(String directory) throws IOException {
        Path path = temp.resolve("store").resolve(directory);
        if (!Files.exists(path)) {
            return List.of();
        }
        try (var files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private List<String> build(String dockerfile) throws Exception {
        Path context = Files.createDirectories(temp.resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), dockerfile);
        List<String> names = new ArrayList<>();
        Map<Digest, String> steps = new java.util.HashMap<>();
        drydock.build(BuildRequest.of(context), event -> {
            switch (event) {
                case BuildEvent.Queued queued -> steps.put(queued.vertex(), queued.name());
                case BuildEvent.Status status -> names.add(steps.get(status.vertex()) + " | " + status.id());
                case BuildEvent.Cached cached -> names.add(steps.get(cached.vertex()) + " | CACHED");
                default -> {}
            }
        });
        return names;
    }

    @Test
    void layersOfEveryKindAreUnpackedKeptAndShownInTheBuild() throws Exception {
        image("app", "1", Platform.host(), threeLayers());

        PullResult result = drydock.pull(name("app:1"), Platform.host(), UNHEARD);

        assertThat(result.status()).isEqualTo(PullResult.Status.DOWNLOADED);
        ImageSummary stored = drydock.images().getFirst();
        assertThat(stored.names()).containsExactly(name("app:1"));
        assertThat(stored.digests()).containsExactly(name("app@" + result.digest()));
        assertThat(stored("layers")).hasSize(3);
        build("FROM " + name("app:1") + "\nCOPY --from=" + name("app:1") + " /etc /copy\n");
        List<Path> copies = layers("copy");
        assertThat(copies).hasSize(1);
        assertThat(copies.getFirst().resolve("b")).hasContent("two");
        assertThat(copies.getFirst().resolve("a")).doesNotExist();
        // As the first layer says, though the second did not mention it.
        Path etc = layers("etc/b").getFirst().resolveSibling(".").normalize();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(etc)))
                .isEqualTo("rwx------");
    }

    /** Where layers have a path. */
    private List<Path> layers(String path) throws IOException {
        try (var all = Files.list(temp.resolve("store/layers"))) {
            return all.map(layer -> layer.resolve("fs").resolve(path))
                    .filter(Files::exists)
                    .toList();
        }
    }

    @Test
    void whatIsThereIsNotAskedForAgain() throws Exception {
        image("app", "1", Platform.host(), threeLayers());
        drydock.pull(name("app:1"), Platform.host(), UNHEARD);
        fake.requests.clear();

        assertThat(drydock.pull(name("app:1"), Platform.host(), UNHEARD).status())
                .isEqualTo(PullResult.Status.UP_TO_DATE);
        assertThat(fake.requests).containsExactly("HEAD /v2/app/manifests/1");

        List<Part> more = new ArrayList<>(threeLayers());
        byte[] fourth = tar("d", "four");
        more.add(new Part(fourth, gzip(fourth), MediaTypes.OCI_LAYER_GZIP));
        image("app", "2", Platform.host(), more);
        fake.requests.clear();
        drydock.pull(name("app:2"), Platform.host(), UNHEARD);
        assertThat(fake.requests).filteredOn(line -> line.contains("/blobs/")).hasSize(2); // config and one layer
    }

    @Test
    void theIndexIsAskedForThePlatform() throws Exception {
        Descriptor other = image("app", "x", new Platform("linux", "s390x"), threeLayers());
        Descriptor ours = image("app", "y", Platform.host(), threeLayers());
        byte[] index = IndexJson.write(new Index(List.of(other, ours)));
        Digest digest = fake.manifest("app", "multi", MediaTypes.OCI_INDEX, index);

        assertThat(drydock.pull(name("app:multi"), Platform.host(), UNHEARD).digest())
                .isEqualTo(digest);
        assertThat(drydock.images().getFirst().config().platform()).isEqualTo(Platform.host());
        assertThatThrownBy(() -> drydock.pull(name("app:multi"), new Platform("linux", "riscv64"), UNHEARD))
                .isInstanceOfSatisfying(RemoteFault.class, fault -> {
                    assertThat(fault.text()).startsWith("no matching manifest for linux/riscv64");
                    assertThat(fault.hints()).contains("It is there for linux/s390x, " + Platform.host() + ".");
                });
    }

    @Test
    void bytesThatAreNotWhatTheyShouldBeLeaveNothing() throws Exception {
        List<Part> parts = threeLayers();
        image("app", "1", Platform.host(), parts);
        byte[] wrong = parts.getFirst().blob.clone();
        wrong[20] ^= 1;
        fake.blobs.put(Digest.of(parts.getFirst().blob).toString(), wrong);

        assertThatThrownBy(() -> drydock.pull(name("app:1"), Platform.host(), UNHEARD))
                .isInstanceOf(CorruptData.class)
                .hasMessageContaining("its content has the digest");
        assertThat(stored("layers")).isEmpty();
        assertThat(stored("blobs/sha256")).isEmpty();
        assertThat(drydock.images()).isEmpty();
    }

    @Test
    void aConfigurationThatNamesOtherContentIsFound() throws Exception {
        byte[] tar = tar("a", "b");
        Part lying = new Part(tar("other", "x"), gzip(tar), MediaTypes.OCI_LAYER_GZIP);
        image("app", "1", Platform.host(), List.of(lying));

        assertThatThrownBy(() -> drydock.pull(name("app:1"), Platform.host(), UNHEARD))
                .isInstanceOf(CorruptData.class)
                .hasMessageContaining("its image's configuration says");
        assertThat(stored("layers")).isEmpty();
    }

    @Test
    void aBaseIsPulledWhenAStepWantsItAndIsInNoList() throws Exception {
        image("app", "1", Platform.host(), threeLayers());
        String dockerfile = "FROM " + name("app:1") + " AS base\nFROM scratch\nCOPY --from=base /etc/b /\n";

        List<String> first = build(dockerfile);
        assertThat(first).anyMatch(line -> line.contains("FROM") && line.contains("| extracting sha256:"));
        assertThat(drydock.images()).hasSize(1); // the result

        fake.requests.clear();
        assertThat(build(dockerfile)).anyMatch(line -> line.endsWith("| CACHED"));
        assertThat(fake.requests).containsExactly("HEAD /v2/app/manifests/1");
    }

    @Test
    void aBaseThatIsNowhereIsSaidWithWhatToDo() throws Exception {
        assertThatThrownBy(() -> build("FROM " + name("nosuch:1") + "\nCOPY Dockerfile /\n"))
                .isInstanceOf(RemoteFault.class)
                .hasMessageContaining("nosuch:1: not found");
        fake.close();
        assertThatThrownBy(() -> build("FROM " + name("app:1") + "\nCOPY Dockerfile /\n"))
                .isInstanceOfSatisfying(RemoteFault.class, fault -> {
                    assertThat(fault.text()).endsWith("connect: connection refused");
                    assertThat(fault.hints())
                            .anyMatch(hint -> hint.contains("drydock load"))
                            .anyMatch(hint -> hint.contains("drydock import"));
                });
    }

    @Test
    void whatWasBuiltIsPushedAndComesBackTheSame() throws Exception {
        image("app", "1", Platform.host(), threeLayers());
        buildAs("FROM " + name("app:1") + "\nCOPY Dockerfile /added\n", name("mine:1"));
        fake.requests.clear();

        PushResult pushed = drydock.push(name("mine:1"), UNHEARD);

        assertThat(fake.manifests).containsKey("mine/" + pushed.digest());
        Manifest manifest = ManifestJson.read(fake.manifests.get("mine/1"));
        assertThat(manifest.layers()).hasSize(4);
        assertThat(manifest.layers().stream().map(Descriptor::mediaType))
                .containsExactly(
                        MediaTypes.OCI_LAYER_GZIP,
                        MediaTypes.OCI_LAYER_ZSTD,
                        MediaTypes.OCI_LAYER_GZIP, // it came plain
                        MediaTypes.OCI_LAYER_GZIP);
        // What the base came in compressed is in the registry already and is not sent.
        assertThat(fake.requests).filteredOn(line -> line.startsWith("PATCH")).hasSize(2);
        assertThat(drydock.image(name("mine:1").toString()).digests()).contains(name("mine@" + pushed.digest()));
        fake.requests.clear();
        assertThat(drydock.push(name("mine:1"), UNHEARD)).isEqualTo(pushed);
        assertThat(fake.requests).noneMatch(line -> line.startsWith("POST"));

        drydock.tag(name("mine:1").toString(), name("other:1"));
        List<TransferEvent> events = new ArrayList<>();
        drydock.push(name("other:1"), events::add);
        assertThat(events)
                .filteredOn(event -> event instanceof TransferEvent.Mounted)
                .isEmpty(); // the fake has one pool

        Digest id = drydock.image(name("mine:1").toString()).id();
        try (Drydock elsewhere =
                Drydock.open(temp.resolve("elsewhere"), new RegistryAccess(Map.of(), temp, Set.of()))) {
            elsewhere.pull(name("mine:1"), Platform.host(), UNHEARD);
            assertThat(elsewhere.images().getFirst().id()).isEqualTo(id);
            // What was pulled goes out as it came, manifest and all.
            elsewhere.tag(name("mine:1").toString(), name("copy:1"));
            assertThat(elsewhere.push(name("copy:1"), UNHEARD).digest()).isEqualTo(pushed.digest());
            ByteArrayOutputStream archive = new ByteArrayOutputStream();
            elsewhere.save(List.of(name("copy:1").toString()), archive);
            assertThat(archive.size()).isGreaterThan(1000);
        }
    }

    @Test
    void aTagThatDoesNotExistIsSaid() {
        assertThatThrownBy(() -> drydock.push(name("nosuch"), UNHEARD))
                .hasMessage("tag does not exist: " + name("nosuch:latest"));
    }

    private void buildAs(String dockerfile, ImageRef name) throws Exception {
        build(dockerfile);
        drydock.tag(drydock.images().getFirst().id().toString(), name);
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
        assertThat(layers("a").getFirst()).hasContent("b");

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

    private static Digest sha512(byte[] bytes) throws Exception {
        return new Digest(
                "sha512",
                java.util.HexFormat.of()
                        .formatHex(java.security.MessageDigest.getInstance("SHA-512")
                                .digest(bytes)));
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
        byte[] wrong = parts.getFirst().blob.clone();
        wrong[20] ^= 1;
        fake.next(Digest.of(parts.getFirst().blob).toString(), exchange -> {
            FakeRegistry.answer(exchange, 200, wrong);
            return true;
        });

        drydock.pull(name("app:1"), Platform.host(), UNHEARD);

        assertThat(layers("etc/a")).isNotEmpty();
        assertThat(fake.requests)
                .filteredOn(
                        line -> line.contains(Digest.of(parts.getFirst().blob).toString()))
                .hasSize(2);
    }

    @Test
    void tokensThatExpireInTheMiddle() throws Exception {
        fake.bearer("", "");
        image("app", "1", Platform.host(), threeLayers());
        Manifest manifest = ManifestJson.read(fake.manifests.get("app/1"));
        for (Descriptor blob : List.of(manifest.config(), manifest.layers().getFirst())) {
            fake.next("/blobs/" + blob.digest(), exchange -> {
                fake.revoke("after " + blob.digest());
                return false;
            });
        }
        drydock.pull(name("app:1"), Platform.host(), UNHEARD);
        assertThat(fake.tokenRequests).hasSize(3);

        buildAs("FROM " + name("app:1") + "\nCOPY Dockerfile /added\n", name("mine:1"));
        for (String request : List.of("PATCH", "PUT /v2/mine/blobs", "PUT /v2/mine/manifests")) {
            fake.next(request, exchange -> {
                fake.revoke("u" + request.length());
                return false;
            });
        }
        PushResult pushed = drydock.push(name("mine:1"), UNHEARD);
        assertThat(fake.manifests).containsKey("mine/" + pushed.digest());
    }

    @Test
    void layersThatNoStepReadsAreNotFetched() throws Exception {
        image("app", "1", Platform.host(), threeLayers());
        Manifest manifest = ManifestJson.read(fake.manifests.get("app/1"));
        Path context = Files.createDirectories(temp.resolve("context"));
        Files.writeString(
                context.resolve("Dockerfile"),
                "FROM " + name("app:1") + " AS base\nENV A=b\nCMD [\"x\"]\n"
                        + "FROM base AS other\nRUN false\nFROM scratch AS files\nCOPY Dockerfile /\n");
        BuildRequest usual = BuildRequest.of(context);
        BuildRequest lazy = new RequestCopy(new RequestCopy(usual).with("outputs", List.of(new Output.CacheOnly())))
                .with("target", "base");
        drydock.build(lazy, _ -> {});
        drydock.build(new RequestCopy(usual).with("target", "files"), _ -> {}); // reads nothing of the base
        for (Descriptor layer : manifest.layers()) {
            assertThat(fake.requests)
                    .noneMatch(line -> line.contains(layer.digest().toString()));
        }

        drydock.build(new RequestCopy(usual).with("target", "base"), _ -> {}); // the store is to have it
        for (Descriptor layer : manifest.layers()) {
            assertThat(fake.requests)
                    .anyMatch(line -> line.contains(layer.digest().toString()));
        }
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
            fake.next(Digest.of(part.blob).toString(), exchange -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                three.countDown();
                try {
                    three.await(10, TimeUnit.SECONDS); // the first ones until three are there together
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
        assertThat(stored("layers")).isEmpty();
    }

    private static byte[] config() {
        return new byte[] {1};
    }
}
