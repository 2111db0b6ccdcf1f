package dev.drydock.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.images.KeptNames.Kept;
import dev.drydock.metadata.Database;
import dev.drydock.metadata.Database.Durability;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copy of the names: what is appended to it, and what damage and sudden ends leave of it. */
class NamesCopyTest {
    @TempDir
    Path root;

    private static String digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static String image(String id) {
        return "image " + id + " " + digest("m" + id) + " 0 -";
    }

    private static String name(String path) {
        return "name docker.io library/" + path + " latest -";
    }

    private List<Kept> read(String... lines) throws IOException {
        Files.write(root.resolve(Database.NAMES), List.of(lines));
        return KeptNames.read(root);
    }

    @Test
    void namesBelongToTheImageAboveThem() throws Exception {
        List<Kept> kept = read("drydock names 1 7", image(digest("a")), name("one"), name("two"), image(digest("b")));

        assertThat(kept).extracting(each -> each.id().toString()).containsExactly(digest("a"), digest("b"));
        assertThat(kept.getFirst().names()).containsExactly(ImageRef.parse("one:latest"), ImageRef.parse("two:latest"));
        assertThat(kept.getLast().names()).isEmpty();
    }

    @Test
    void namesOfAnImageThatCannotBeReadAreNoOtherImages() throws Exception {
        String good = image(digest("a"));
        for (String damaged : List.of(image("sha256:0"), image(digest("b")) + " x", "imag", "", "image")) {
            List<Kept> kept = read(
                    "drydock names 1 7", good, name("one"), damaged, name("two"), image(digest("c")), name("three"));

            assertThat(kept).as(damaged).hasSize(2);
            assertThat(kept.getFirst().names()).as(damaged).containsExactly(ImageRef.parse("one:latest"));
            assertThat(kept.getLast().names()).as(damaged).containsExactly(ImageRef.parse("three:latest"));
        }
    }

    @Test
    void aNameThatCannotBeReadIsMissingAlone() throws Exception {
        List<Kept> kept = read(
                image(digest("a")),
                "name docker.io x",
                name("two"),
                "name docker.io library/x latest sha256:0",
                name("four"));

        assertThat(kept.getFirst().names())
                .containsExactly(ImageRef.parse("two:latest"), ImageRef.parse("four:latest"));
    }

    private Path file() {
        return root.resolve(Database.NAMES);
    }

    private String text() throws IOException {
        return Files.readString(file());
    }

    private static List<String> names(Kept image) {
        return image.names().stream().map(ImageRef::toString).sorted().toList();
    }

    /** What the copy says is what the store says. */
    private void isLike(TestStore store) {
        Map<Digest, List<String>> expected = new HashMap<>();
        for (StoredImage image : store.images.list()) {
            expected.put(
                    image.id(),
                    Stream.concat(image.names().stream(), image.digests().stream())
                            .map(ImageRef::toString)
                            .sorted()
                            .toList());
        }
        Map<Digest, List<String>> told = new HashMap<>();
        for (Kept image : KeptNames.read(root)) {
            assertThat(told.put(image.id(), names(image))).as("once").isNull();
            assertThat(image.layers()).hasSize(1);
        }
        assertThat(told).isEqualTo(expected);
    }

    @Test
    void whatChangesIsAppended() throws Exception {
        try (TestStore store = new TestStore(root)) {
            Digest one = store.put("aa1111", 5, "one:1");
            store.put("bb2222", 5, "two:1");
            store.put("cc3333", 5, "three:1");
            String before = text();
            isLike(store);

            store.images.tag("one:1", ImageRef.parse("also:1"));
            store.garbage.names().refresh();
            assertThat(text()).startsWith(before);
            assertThat(text().substring(before.length()))
                    .contains("image " + one)
                    .containsOnlyOnce("image ")
                    .contains("name docker.io library/one 1 -", "name docker.io library/also 1 -");
            isLike(store);

            store.images.tag("two:1", ImageRef.parse("one:1")); // it moves: two images have changed
            store.images.remove("three:1", ImageStore.Force.NO); // with it the image
            assertThat(text()).startsWith(before).contains("\ngone ");
            isLike(store);

            String done = text();
            store.garbage.names().refresh();
            assertThat(text()).as("nothing new").isEqualTo(done);
        }
    }

    /** A process that dies between a change and its copy leaves a number that nobody else can account for. */
    @Test
    void whatOthersChangedIsNotForgotten() throws Exception {
        try (TestStore store = new TestStore(root)) {
            store.put("aa1111", 5, "one:1");
            try (TestStore other = new TestStore(root)) {
                store.images.tag("one:1", ImageRef.parse("mine:1"));
                other.images.tag("one:1", ImageRef.parse("theirs:1"));
                store.garbage.names().refresh();
                isLike(store);
                other.garbage.names().refresh();
                isLike(store);
                other.images.tag("one:1", ImageRef.parse("theirs:2"));
                store.images.tag("one:1", ImageRef.parse("mine:2"));
                other.garbage.names().refresh();
                store.garbage.names().refresh();
                isLike(store);
            }
        }
    }

    @Test
    void aCopyWhoseEndIsNotWholeIsMadeAnew() throws Exception {
        try (TestStore store = new TestStore(root)) {
            store.put("aa1111", 5, "one:1");
            store.images.tag("one:1", ImageRef.parse("two:1"));
            store.garbage.names().refresh();
            String whole = text();
            for (int cut = 0; cut < whole.length(); cut += 7) {
                Files.writeString(file(), whole.substring(0, cut));
                KeptNames.read(root);
                store.images.tag("one:1", ImageRef.parse("cut:" + cut));
                store.garbage.names().refresh();
                isLike(store);
                assertThat(text().substring(1)).as("begun anew").doesNotContain("\nthen ");
            }
        }
    }

    /** Cut off anywhere, the addition is there as a whole or not at all. */
    @Test
    void anAdditionThatWasCutOffDoesNotCount() throws Exception {
        try (TestStore store = new TestStore(root)) {
            store.put("aa1111", 5, "one:1", "two:1");
            List<Kept> before = KeptNames.read(root);
            int start = text().length();
            store.images.tag("one:1", ImageRef.parse("three:1"));
            store.garbage.names().refresh();
            String whole = text();
            List<Kept> after = KeptNames.read(root);
            for (int cut = start; cut < whole.length(); cut++) {
                Files.writeString(file(), whole.substring(0, cut));
                assertThat(KeptNames.read(root)).isIn(before, after);
            }
            assertThat(after).isNotEqualTo(before);
        }
    }

    @Test
    void aDamagedEndOfAnAdditionSpoilsNothing() throws Exception {
        String end = "done 8 100";
        List<Kept> kept = read(
                "drydock names 1 7",
                image(digest("a")),
                name("one"),
                "done 7 100",
                "then 8",
                image(digest("a")),
                name("two"),
                "dxne 8 100",
                "then 9",
                "gone " + digest("nobody"),
                end);
        assertThat(names(kept.getFirst())).containsExactly("docker.io/library/two:latest");
    }

    /** As versions wrote it that appended nothing. */
    @Test
    void aCopyWithoutAnEndIsReadAndMadeAnew() throws Exception {
        try (TestStore store = new TestStore(root)) {
            Digest one = store.put("aa1111", 5, "one:1");
            Files.writeString(file(), text().replaceAll("done .*\n", ""));
            assertThat(KeptNames.read(root))
                    .singleElement()
                    .extracting(Kept::id)
                    .isEqualTo(one);
            store.images.tag("one:1", ImageRef.parse("two:1"));
            store.garbage.names().refresh();
            assertThat(text()).doesNotContain("\nthen ").containsPattern("\ndone [0-9]+ [0-9]+\n$");
            isLike(store);
        }
    }

    @Test
    void itDoesNotGrowForEver() throws Exception {
        try (TestStore store = new TestStore(root)) {
            store.put("aa1111", 5, "one:1");
            long longest = 0;
            for (int i = 0; i < 600; i++) {
                store.images.tag("one:1", ImageRef.parse("two:" + i % 3));
                store.garbage.names().refresh();
                longest = Math.max(longest, Files.size(file()));
            }
            assertThat(longest).isGreaterThan(32 << 10).isLessThan(80 << 10);
            isLike(store);
        }
    }

    @Test
    void aDatabaseThatIsLockedForTooLongLeavesItAsItIs() throws Exception {
        try (TestStore store = new TestStore(root)) {
            store.put("aa1111", 5, "one:1");
            store.images.tag("one:1", ImageRef.parse("two:1"));
            String before = text();
            store.database.write(Durability.SOON, tx -> tx.first("PRAGMA busy_timeout = 0", row -> row.text(1)));
            try (TestStore other = new TestStore(root)) {
                other.database.write(Durability.SOON, _ -> {
                    store.garbage.names().refresh();
                    return null;
                });
            }
            assertThat(text()).isEqualTo(before);
            store.garbage.names().refresh();
            isLike(store);
        }
    }

    /** It lies where a process's unfinished business lies until it is whole. */
    @Test
    void nothingLiesBesideIt() throws Exception {
        try (TestStore store = new TestStore(root)) {
            Files.writeString(root.resolve("names.new"), "an earlier version was killed");
            store.garbage.sweep();
            assertThat(root.resolve("names.new")).doesNotExist();
            Path tmp = Files.createDirectory(root.resolve("blocked"));
            Files.createDirectories(tmp.resolve("names/is-a-directory"));
            store.put("aa1111", 5, "one:1");
            Files.delete(file());
            store.images.tag("one:1", ImageRef.parse("two:1"));
            new NamesCopy(store.database, root, () -> tmp).refresh();
            assertThat(file()).doesNotExist();
            assertThat(root.resolve("names.new")).doesNotExist();
            store.garbage.names().refresh();
            isLike(store);
        }
    }
}
