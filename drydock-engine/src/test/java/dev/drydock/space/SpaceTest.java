package dev.drydock.space;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.cache.CacheStore;
import dev.drydock.content.ContentStore;
import dev.drydock.content.FileContentStore;
import dev.drydock.images.Garbage;
import dev.drydock.images.ImageStore;
import dev.drydock.images.Work;
import dev.drydock.metadata.Claims;
import dev.drydock.metadata.Database;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfig.RunConfig;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import dev.drydock.scope.Disk;
import dev.drydock.scope.Lease;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpaceTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final int SIZE = 40_000;

    @TempDir
    Path root;

    private Database database;
    private Lease lease;
    private Garbage garbage;
    private ImageStore images;
    private Space space;
    private Instant now = T0;

    @BeforeEach
    void open() {
        database = Database.open(root);
        ContentStore content = new FileContentStore(root);
        lease = Lease.open(root);
        garbage = new Garbage(database, content, root, () -> lease);
        InstantSource clock = () -> now;
        images = new ImageStore(database, content, garbage, root, clock);
        space = new Space(database, garbage, root, clock);
    }

    @AfterEach
    void close() {
        lease.close();
        database.close();
    }

    private Layer layer(Claims claims, String id) {
        claims.layer(id);
        try {
            Path directory = root.resolve("layers").resolve(id);
            if (!Files.exists(directory)) {
                Files.createDirectories(directory.resolve("fs/etc"));
                Files.write(directory.resolve("fs/etc/file"), new byte[SIZE]);
                Files.writeString(directory.resolve("index"), "index");
            }
            Digest diffId = Digest.of(id.getBytes(StandardCharsets.UTF_8));
            return new Layer(
                    new LayerId(id), directory.resolve("fs"), directory.resolve("index"), diffId, 1024, SIZE, T0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Digest image(String label, List<String> layers, String... names) {
        try (Work work = garbage.begin()) {
            List<Layer> chain =
                    layers.stream().map(id -> layer(work.claims(), id)).toList();
            byte[] config = ImageConfigJson.write(new ImageConfig(
                    new Platform("linux", "amd64"),
                    label,
                    T0,
                    RunConfig.EMPTY,
                    List.of(),
                    chain.stream().map(Layer::diffId).toList()));
            return images.put(
                            work.claims(),
                            config,
                            chain,
                            Arrays.stream(names).map(ImageRef::parse).toList(),
                            ImageStore.Unnamed.KEEP)
                    .id();
        }
    }

    private void record(String name, Instant used, String... layers) {
        try (Work work = garbage.begin()) {
            Arrays.stream(layers).forEach(id -> layer(work.claims(), id));
            new CacheStore(database, work.claims(), _ -> true, () -> used)
                    .add(
                            new CacheStore.Made(name, "regular"),
                            key(name),
                            List.of(key(name)),
                            List.of(List.of(layers)),
                            List.of("slot " + name),
                            Map.of());
        }
    }

    private static Digest key(String name) {
        return Digest.of(name.getBytes(StandardCharsets.UTF_8));
    }

    private boolean isCached(String name) {
        try (Work work = garbage.begin()) {
            return new CacheStore(database, work.claims(), _ -> true, () -> now)
                    .find(key(name))
                    .isPresent();
        }
    }

    private List<String> layers() throws IOException {
        return Disk.entries(root.resolve("layers")).stream()
                .map(entry -> entry.getFileName().toString())
                .sorted()
                .toList();
    }

    private static Space.Order order(Collection<Digest> images, boolean all, Limits limits, boolean dryRun) {
        return new Space.Order(images, false, true, all, _ -> true, limits, dryRun);
    }

    /** What du(1) says of the store. */
    private long du() throws Exception {
        return du(root);
    }

    private static long du(Path directory) throws Exception {
        Process du = new ProcessBuilder("du", "-s", "-B1", directory.toString()).start();
        String out = new String(du.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(du.waitFor()).isZero();
        return Long.parseLong(out.substring(0, out.indexOf('\t')));
    }

    @Test
    void thePartsAddUpToWhatDuSays() throws Exception {
        image("a", List.of("layerbase1", "layertop11"), "a:1");
        image("b", List.of("layerbase1"));
        record("step", T0, "layerbase1", "layerstep1");
        // a copied file that two layers share, one of them measured before it had two names
        assertThat(space.use().total()).isEqualTo(du());
        Files.createLink(root.resolve("layers/layerstep1/fs/same"), root.resolve("layers/layertop11/fs/etc/file"));
        try (Work work = garbage.begin()) {
            layer(work.claims(), "layernew11");
            Files.createLink(root.resolve("layers/layernew11/fs/same"), root.resolve("layers/layertop11/fs/etc/file"));
            StoreUse use = space.use();
            assertThat(use.total()).isEqualTo(du());
            assertThat(use.cache())
                    .filteredOn(CacheUse::inUse)
                    .extracting(CacheUse::id)
                    .containsExactly("layernew11");
        }
        StoreUse use = space.use();
        assertThat(use.total()).isEqualTo(du());
        assertThat(use.images()).hasSize(2);
        assertThat(use.danglingBytes()).as("its layer is another image's").isLessThan(SIZE);
        assertThat(use.cache())
                .extracting(CacheUse::id, CacheUse::shared, CacheUse::description)
                .contains(org.assertj.core.groups.Tuple.tuple("layerstep1", false, "step"));
    }

    @Test
    void pruningFreesWhatItSaysAndNothingThatANameNeeds() throws Exception {
        image("a", List.of("layerbase1", "layertop11"), "a:1");
        Digest dangling = image("b", List.of("layerbase1", "layerold11"));
        record("top", T0, "layerbase1", "layertop11");
        record("stage", T0, "layerbase1", "layerstage1");
        long before = du(root.resolve("layers")) + du(root.resolve("blobs"));
        Space.Pruned would = space.prune(order(List.of(dangling), false, Limits.NONE, true));
        assertThat(layers()).hasSize(4);
        Space.Pruned pruned = space.prune(order(List.of(dangling), false, Limits.NONE, false));
        assertThat(pruned.bytes()).isEqualTo(would.bytes());
        assertThat(before - du(root.resolve("layers")) - du(root.resolve("blobs")))
                .isEqualTo(pruned.bytes());
        assertThat(layers()).containsExactly("layerbase1", "layertop11");
        assertThat(pruned.cache()).extracting(CacheUse::id).containsExactly("layerstage1");
        assertThat(isCached("top"))
                .as("what an image shares stays without --all")
                .isTrue();
        assertThat(isCached("stage")).isFalse();
        space.prune(order(List.of(), true, Limits.NONE, false));
        assertThat(isCached("top")).isFalse();
        assertThat(layers()).containsExactly("layerbase1", "layertop11");
    }

    @Test
    void whatRunningWorkNeedsStays() throws Exception {
        record("one", T0, "layerone11");
        record("two", T0, "layertwo11");
        try (Work work = garbage.begin()) {
            new CacheStore(database, work.claims(), _ -> true, () -> now).find(key("one"));
            assertThat(space.prune(order(List.of(), true, Limits.NONE, false)).cache())
                    .extracting(CacheUse::id)
                    .containsExactly("layertwo11");
        }
        assertThat(isCached("one")).isTrue();
    }

    @Test
    void aCeilingIsKeptByGivingUpWhatWasNotUsedForTheLongestTime() throws Exception {
        image("a", List.of("layerimage1"), "a:1");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            record("step" + i, T0.plusSeconds(i), "layerstep" + (char) ('a' + i));
            names.add("step" + i);
        }
        now = T0.plusSeconds(100);
        assertThat(isCached("step0")).as("used now").isTrue();
        long ceiling = space.use().total() - 5 * SIZE;
        Space.Collected collected = space.collect(ceiling);
        assertThat(collected.over()).isFalse();
        assertThat(du()).isLessThanOrEqualTo(ceiling);
        assertThat(collected.bytes()).isGreaterThanOrEqualTo(5 * SIZE);
        assertThat(isCached("step0")).isTrue();
        assertThat(isCached("step1")).isFalse();
        assertThat(isCached("step19")).isTrue();
        assertThat(space.collect(ceiling).bytes()).as("there is room now").isZero();
        Space.Collected impossible = space.collect(SIZE);
        assertThat(impossible.over()).isTrue();
        assertThat(layers()).containsExactly("layerimage1");
    }

    @Test
    void anImageThatWasPulledForABuildGoesWithTheCache() throws Exception {
        try (Work work = garbage.begin()) {
            Layer base = layer(work.claims(), "layerbase1");
            byte[] config = ImageConfigJson.write(new ImageConfig(
                    new Platform("linux", "amd64"), null, T0, RunConfig.EMPTY, List.of(), List.of(base.diffId())));
            byte[] manifest = "{}".getBytes(StandardCharsets.UTF_8);
            images.put(
                    work.claims(),
                    new dev.drydock.images.ForeignImage(
                            new dev.drydock.oci.Descriptor("m", Digest.of(manifest), 2),
                            manifest,
                            config,
                            List.of(base),
                            List.of()),
                    List.of(),
                    ImageStore.Listing.UNLISTED);
            images.used(Digest.of(manifest), ImageRef.parse("docker.io/library/base:1"));
        }
        assertThat(space.use().cache())
                .singleElement()
                .satisfies(use -> assertThat(use.description()).isEqualTo("pulled from docker.io/library/base:1"));
        space.prune(order(List.of(), false, Limits.NONE, false));
        assertThat(layers()).isEmpty();
        assertThat(Disk.entries(root.resolve("blobs/sha256"))).isEmpty();
    }

    @Test
    void whatNobodyKnowsOfGoes() throws Exception {
        image("a", List.of("layerbase1"), "a:1");
        try (Work work = garbage.begin()) {
            Claims claims = work.claims();
            layer(claims, "layerlost11");
            database.write(Database.Durability.SOON, tx -> {
                claims.release(tx);
                return null;
            });
        }
        Files.writeString(root.resolve("blobs/sha256/" + "0".repeat(64)), "?");
        space.prune(order(List.of(), false, Limits.NONE, false));
        assertThat(layers()).containsExactly("layerbase1");
        assertThat(Disk.entries(root.resolve("blobs/sha256"))).hasSize(2);
    }
}
