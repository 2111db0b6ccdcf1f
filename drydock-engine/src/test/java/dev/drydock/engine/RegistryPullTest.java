package dev.drydock.engine;

import static dev.drydock.engine.PullingStore.UNHEARD;
import static dev.drydock.engine.RemoteImages.gzip;
import static dev.drydock.engine.RemoteImages.tar;
import static dev.drydock.engine.RemoteImages.threeLayers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.engine.RemoteImages.Part;
import dev.drydock.event.BuildEvent;
import dev.drydock.fault.CorruptData;
import dev.drydock.fault.RemoteFault;
import dev.drydock.house.Requires;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Index;
import dev.drydock.oci.IndexJson;
import dev.drydock.oci.Manifest;
import dev.drydock.oci.ManifestJson;
import dev.drydock.oci.MediaTypes;
import dev.drydock.oci.Platform;
import dev.drydock.registry.FakeRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryPullTest {
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
        assertThat(store.stored("layers")).hasSize(3);
        build("FROM " + name("app:1") + "\nCOPY --from=" + name("app:1") + " /etc /copy\n");
        List<Path> copies = store.layers("copy");
        assertThat(copies).hasSize(1);
        assertThat(copies.getFirst().resolve("b")).hasContent("two");
        assertThat(copies.getFirst().resolve("a")).doesNotExist();
        // As the first layer says, though the second did not mention it.
        Path etc = store.layers("etc/b").getFirst().resolveSibling(".").normalize();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(etc)))
                .isEqualTo("rwx------");
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
        byte[] wrong = parts.getFirst().blob().clone();
        wrong[20] ^= 1;
        fake.blobs.put(Digest.of(parts.getFirst().blob()).toString(), wrong);

        assertThatThrownBy(() -> drydock.pull(name("app:1"), Platform.host(), UNHEARD))
                .isInstanceOf(CorruptData.class)
                .hasMessageContaining("its content has the digest");
        assertThat(store.stored("layers")).isEmpty();
        assertThat(store.stored("blobs/sha256")).isEmpty();
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
        assertThat(store.stored("layers")).isEmpty();
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
                        MediaTypes.OCI_LAYER_TAR, // as it came: nothing is compressed anew unless it is asked for
                        MediaTypes.OCI_LAYER_GZIP);
        // What the base came in is in the registry already and is not sent.
        assertThat(fake.requests).filteredOn(line -> line.startsWith("PATCH")).hasSize(1);
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
        for (String request : List.of("PATCH", "PUT /v2/mine/manifests")) { // one while blobs go, one after
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
}
