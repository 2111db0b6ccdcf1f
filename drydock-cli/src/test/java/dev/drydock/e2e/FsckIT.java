package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.e2e.Command.Outcome;
import dev.drydock.house.Requires;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Stores in trouble: each kind of damage is named by the command that meets it and by fsck, and mended where it can be. */
class FsckIT {
    @BeforeAll
    static void needs() {
        Requires.root();
        Requires.program("busybox");
        Requires.program("runc");
        Requires.program("docker-registry");
        Requires.program("sqlite3");
    }

    private static Path project(Store store) throws Exception {
        Path project = store.directory("project");
        Files.writeString(project.resolve("file"), "content\n");
        Files.writeString(project.resolve("Dockerfile"), """
                FROM busybox:1.37
                COPY file /file
                RUN echo made > /made && rm /file && mkdir -m 700 /private && ln -s made /link
                """);
        return project;
    }

    private static Outcome build(Store store, Path project) throws Exception {
        return store.drydock("build", "--progress=plain", "-t", "built", ".")
                .in(project)
                .run();
    }

    private static void allIsWell(Store store) throws Exception {
        Outcome fsck = store.drydock("fsck").run();
        assertThat(fsck.exit()).as(fsck.toString()).isZero();
        assertThat(fsck.out())
                .matches("checked [0-9]+ images?, [0-9]+ layers?, [0-9]+ blobs?, [0-9]+ cache records?: all is well\n");
    }

    private static Outcome damaged(Store store, String... expected) throws Exception {
        Outcome fsck = store.drydock("fsck").run();
        assertThat(fsck.exit()).as(fsck.toString()).isOne();
        for (String text : expected) {
            assertThat(fsck.out()).contains(text);
        }
        assertThat(fsck.err()).contains("hint: drydock fsck --repair");
        return fsck;
    }

    private static List<String> sql(Store store, String query) throws Exception {
        return Command.of("sqlite3", store.root().resolve("drydock.db").toString(), query)
                .run()
                .ok()
                .lines();
    }

    private static void flip(Path file) throws Exception {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long at = bytes.length() / 2;
            bytes.seek(at);
            int old = bytes.read();
            bytes.seek(at);
            bytes.write(old ^ 1);
        }
    }

    private static List<Path> layersOf(Store store, String name) throws Exception {
        List<Path> layers = new ArrayList<>();
        for (String id : sql(
                store,
                "SELECT layer FROM image_layers WHERE image IN (SELECT image FROM names WHERE path = 'library/" + name
                        + "' OR path = '" + name + "') ORDER BY position")) {
            layers.add(store.root().resolve("layers").resolve(id));
        }
        return layers;
    }

    @Test
    void whatWasBuiltIsBuiltAgain() throws Exception {
        try (Store store = Store.create().withBusybox()) {
            Path project = project(store);
            build(store, project).ok();
            allIsWell(store);

            // a file of a layer with other bytes
            Path run = layersOf(store, "built").getLast();
            flip(run.resolve("fs/made"));
            damaged(store, "layer " + run.getFileName() + ": /made has other bytes (image built:latest)");
            assertThat(store.drydock("fsck", "--quick").run().exit())
                    .as("it does not read")
                    .isZero();
            Outcome repair = store.drydock("fsck", "--repair").run();
            assertThat(repair.exit()).isOne();
            assertThat(repair.out()).contains("left: image built:latest is not whole: build, import or load it again");
            assertThat(store.drydock("save", "-o", "/dev/null", "built").run().err())
                    .contains("Error: open image built:latest: its layer " + run.getFileName() + " is missing")
                    .contains("hint: drydock fsck --repair");
            Outcome again = build(store, project).ok();
            assertThat(again.err())
                    .as("what is whole is used")
                    .contains("CACHED")
                    .contains("[3/3] RUN");
            allIsWell(store);

            // a layer that is gone, one without its index, one whose index is damaged, one with another mode
            for (int kind = 0; kind < 4; kind++) {
                Path layer = layersOf(store, "built").get(1);
                switch (kind) {
                    case 0 -> Command.of("rm", "-r", layer.toString()).run().ok();
                    case 1 -> Files.delete(layer.resolve("index"));
                    case 2 -> flip(layer.resolve("index"));
                    default ->
                        Command.of("chmod", "600", layer + "/fs/file").run().ok();
                }
                String name = "layer " + layer.getFileName() + ": ";
                damaged(
                        store,
                        name
                                + List.of(
                                                "it is missing",
                                                "its index is missing",
                                                "its index is damaged",
                                                "/file has another owner or mode")
                                        .get(kind));
                store.drydock("fsck", "--repair").run();
                build(store, project).ok();
                allIsWell(store);
            }
        }
    }

    @Test
    void whatWasPulledIsPulledAgain() throws Exception {
        try (Store store = Store.create().withBusybox();
                Registry registry = Registry.start(store.directory("registry"))) {
            String name = registry.host() + "/team/base:1";
            store.drydock("tag", "busybox:1.37", name).run().ok();
            store.drydock("push", "-q", name).run().ok();
            store.drydock("rmi", "-f", "busybox:1.37", name).run().ok();
            store.drydock("prune", "-af").run().ok();
            store.drydock("pull", "-q", name).run().ok();
            Path project = project(store);
            Files.writeString(project.resolve("Dockerfile"), "FROM " + name + "\nCOPY file /file\n");
            build(store, project).ok();
            allIsWell(store);

            // a layer that is gone: its image, and another on top of it, have it again
            Path base = layersOf(store, "team/base").getFirst();
            Command.of("rm", "-r", base.toString()).run().ok();
            damaged(store, "layer " + base.getFileName() + ": it is missing");
            assertThat(store.drydock("save", "-o", "/dev/null", name).run().err())
                    .contains("its layer " + base.getFileName() + " is missing from the store");
            Outcome repair = store.drydock("fsck", "--repair").run();
            assertThat(repair.out())
                    .contains("pulled " + registry.host() + "/team/base@sha256:")
                    .contains(" again");
            allIsWell(store);
            store.drydock("save", "-o", store.directory("out") + "/built.tar", "built")
                    .run()
                    .ok();

            // the ordinary command heals as well
            Command.of("rm", "-r", layersOf(store, "team/base").getFirst().toString())
                    .run()
                    .ok();
            assertThat(store.drydock("pull", name).run().ok().out()).contains("Downloaded newer image");
            store.drydock("save", "-o", store.directory("out") + "/base.tar", name)
                    .run()
                    .ok();
            store.drydock("fsck", "--repair").run();
            allIsWell(store);

            // documents, and the bytes that a layer came in
            String manifest = "SELECT manifest FROM images JOIN names ON image = id WHERE path = 'team/base'";
            for (String query : List.of("SELECT id FROM images", "SELECT digest FROM layer_blobs", manifest)) {
                String blob = sql(store, query).getFirst();
                flip(store.root().resolve("blobs/" + blob.replace(':', '/')));
                damaged(store, "blob " + blob + ": its bytes are others than its digest says");
                assertThat(store.drydock("fsck", "--repair").run().ok().out()).contains("repaired");
                allIsWell(store);
            }
        }
    }

    @Test
    void leftoversAreFoundAndGo() throws Exception {
        try (Store store = Store.create().withBusybox()) {
            Path stray = Files.createDirectories(store.root().resolve("layers/straylayr/fs"))
                    .resolveSibling("");
            Files.writeString(stray.resolve("fs/f"), "x");
            Files.writeString(store.root().resolve("blobs/sha256/" + "1".repeat(64)), "x");
            Files.createDirectories(store.root().resolve("tmp/nobodyhasit/x"));
            damaged(
                    store,
                    "leftover layers/straylayr: nothing refers to it",
                    "leftover blobs/sha256/" + "1".repeat(64) + ": nothing refers to it",
                    "leftover tmp/nobodyhasit: its process is gone");
            assertThat(store.drydock("fsck", "--repair").run().ok().out()).contains("3 problems, repaired");
            allIsWell(store);
        }
    }

    private static List<String> listing(Store store) throws Exception {
        return store
                .drydock(
                        "images", "--no-trunc", "--digests", "--format", "{{.Repository}}:{{.Tag}} {{.Digest}} {{.ID}}")
                .run()
                .ok()
                .lines()
                .stream()
                .sorted()
                .toList();
    }

    /** Cut at several lengths, gone, and with pages of garbage: images, names and what makes them come back. */
    @Test
    void aLostDatabaseIsMadeAgain() throws Exception {
        try (Store store = Store.create().withBusybox();
                Registry registry = Registry.start(store.directory("registry"))) {
            Path project = project(store);
            build(store, project).ok();
            String pushed = registry.host() + "/team/built:1";
            store.drydock("tag", "built", pushed).run().ok();
            store.drydock("push", "-q", pushed).run().ok();
            Path archive = store.directory("out").resolve("built.tar");
            store.drydock("save", "-o", archive.toString(), "built").run().ok();
            store.drydock("rmi", "-f", "built", pushed).run().ok();
            store.drydock("prune", "-af").run().ok();
            store.drydock("pull", "-q", pushed).run().ok();
            store.drydock("load", "-q", "-i", archive.toString()).run().ok();
            Files.writeString(project.resolve("Dockerfile"), "FROM " + pushed + "\nCOPY file /again\n");
            store.drydock("build", "-q", "-t", "second", ".").in(project).run().ok();
            store.drydock("build", "-q", "-t", "second", "--label", "a=b", ".")
                    .in(project)
                    .run()
                    .ok();
            store.drydock("tag", "second", "other.example:5000/deep/path:v1.0-x")
                    .run()
                    .ok();
            allIsWell(store);
            List<String> before = listing(store);
            Path database = store.root().resolve("drydock.db");
            sql(store, "PRAGMA wal_checkpoint(TRUNCATE)");
            byte[] whole = Files.readAllBytes(database);
            Random random = new Random(5);
            for (int kind = 0; kind < 6; kind++) {
                byte[] bytes = whole.clone();
                switch (kind) {
                    case 0 -> bytes = new byte[0];
                    case 1 -> bytes = java.util.Arrays.copyOf(whole, 4096);
                    case 2 -> bytes = java.util.Arrays.copyOf(whole, whole.length / 2);
                    case 3 -> random.nextBytes(bytes);
                    default -> {
                        byte[] garbage = new byte[4096];
                        for (int page = 1; page < whole.length / 4096; page += kind - 3) {
                            random.nextBytes(garbage);
                            System.arraycopy(garbage, 0, bytes, page * 4096, 4096);
                        }
                    }
                }
                Files.write(database, bytes);
                String what = "kind " + kind;
                Outcome named = store.drydock("fsck").run();
                assertThat(named.exit()).as(what + named).isOne();
                assertThat(named.err()).as(what).contains("fsck --repair");
                Outcome repair = store.drydock("fsck", "--repair").run();
                assertThat(repair.exit()).as(what + repair).isZero();
                assertThat(repair.out())
                        .as(what)
                        .contains("database made again: 2 images, 5 names; the build cache is lost")
                        .doesNotContain("lost: ");
                assertThat(listing(store)).as(what).isEqualTo(before);
                allIsWell(store);
                Outcome again = store.drydock("build", "-q", "-t", "third", ".")
                        .in(project)
                        .run();
                assertThat(again.exit()).as(what + again).isZero();
                Path saved = store.directory("out").resolve("again.tar");
                store.drydock("save", "-o", saved.toString(), "built", "second", pushed)
                        .run()
                        .ok();
                store.drydock("rmi", "third").run().ok();
            }
            Files.delete(database);
            assertThat(store.drydock("images").run().err())
                    .contains("use store's database " + database + ": it is missing, but the store has images");
            // without the copy of the names the images are there, and can be named again
            Files.delete(store.root().resolve("names"));
            Outcome repair = store.drydock("fsck", "--repair").run().ok();
            assertThat(repair.out()).contains(" 0 names", "no copy of the names was left");
            assertThat(store.drydock("images", "-aq").run().ok().lines()).hasSize(2);
        }
    }

    @Test
    void aDamagedDatabaseIsNamed() throws Exception {
        try (Store store = Store.create().withBusybox()) {
            Path database = store.root().resolve("drydock.db");
            sql(store, "PRAGMA wal_checkpoint(TRUNCATE)");
            byte[] whole = Files.readAllBytes(database);

            Files.write(database, java.util.Arrays.copyOf(whole, whole.length / 2));
            for (String command : List.of("images", "fsck", "df")) {
                Outcome outcome = store.drydock(command).run();
                assertThat(outcome.exit()).as(outcome.toString()).isOne();
                assertThat(outcome.err())
                        .startsWith("Error: use store's database " + database + ": it is damaged")
                        .contains("hint: ");
            }
            Files.writeString(database, "this is no database".repeat(500));
            assertThat(store.drydock("images").run().err())
                    .startsWith("Error: use store's database " + database + ": it is not a database");

            Files.write(database, whole);
            assertThat(store.drydock("images", "-q").run().ok().lines()).hasSize(1);
            // an index that lost its entries
            sql(
                    store,
                    "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX names_by_image ON"
                            + " names(path)' WHERE name = 'names_by_image'");
            damaged(store, "database drydock.db: row 1 missing from index names_by_image");
            store.drydock("fsck", "--repair").run().ok();
            allIsWell(store);
        }
    }
}
