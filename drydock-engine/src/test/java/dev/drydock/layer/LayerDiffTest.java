package dev.drydock.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.snapshot.Overlay;
import dev.drydock.snapshot.PendingLayer;
import dev.drydock.snapshot.Snapshot;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerDiffTest {
    private static final String EMPTY_LAYER = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

    @TempDir
    Path temp;

    private LayerStore store;
    private Path tmp;

    @BeforeEach
    void open() throws Exception {
        store = new LayerStore(temp);
        tmp = Files.createDirectory(temp.resolve("tmp"));
    }

    private interface Filling {
        void fill(Path root, Directory fs) throws Exception;
    }

    private Layer commit(Snapshot parents, Filling filling, String... stubs) throws Exception {
        try (PendingLayer pending = store.begin(tmp);
                Directory fs = Directory.open(pending.fs())) {
            filling.fill(pending.fs(), fs);
            return LayerDiff.commit(pending, parents, List.of(stubs), LayerTimes.of(Instant.EPOCH));
        }
    }

    private static List<String> names(Layer layer) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter.write(layer, out);
        assertThat(Digest.of(out.toByteArray())).isEqualTo(layer.diffId());
        assertThat(layer.tarSize()).isEqualTo(out.size());
        List<String> names = new ArrayList<>();
        try (var tar = new TarArchiveInputStream(new java.io.ByteArrayInputStream(out.toByteArray()))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }

    private Snapshot base() throws Exception {
        return Snapshot.EMPTY.with(commit(Snapshot.EMPTY, (root, fs) -> {
            Files.createDirectories(root.resolve("etc/conf.d"));
            write(root.resolve("etc/passwd"), "root", 1);
            write(root.resolve("etc/conf.d/a"), "a", 2);
            write(root.resolve("etc/conf.d/b"), "b", 3);
        }));
    }

    private static void write(Path file, String text, long second) throws Exception {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(second, 5)));
    }

    @Test
    void emptyDiffIsTheWellKnownEmptyLayer() throws Exception {
        Layer layer = commit(Snapshot.EMPTY, (root, fs) -> {});
        assertThat(layer.diffId()).hasToString(EMPTY_LAYER);
        assertThat(layer.tarSize()).isEqualTo(1024);
        assertThat(layer.id().value()).matches("[a-z2-7]{9}");
        assertThat(tmp).isEmptyDirectory();
    }

    @Test
    void commitWithTheSameFilesGivesTheSameDiffId() throws Exception {
        Filling filling = (root, fs) -> write(root.resolve("f"), "x".repeat(1_000_000), 7);
        assertThat(commit(Snapshot.EMPTY, filling).diffId())
                .isEqualTo(commit(Snapshot.EMPTY, filling).diffId());
    }

    @Test
    void directoriesWhoseTimeAloneChangedAndFilesRewrittenAsTheyWereAreDropped() throws Exception {
        Layer layer = commit(base(), (root, fs) -> {
            Files.createDirectories(root.resolve("etc/conf.d"));
            write(root.resolve("etc/passwd"), "root", 1);
            write(root.resolve("etc/conf.d/b"), "b", 3);
        });
        assertThat(layer.diffId()).hasToString(EMPTY_LAYER);
        assertThat(layer.fs()).isEmptyDirectory();
    }

    @Test
    void whatChangedStaysWithItsDirectories() throws Exception {
        Layer layer = commit(base(), (root, fs) -> {
            Files.createDirectories(root.resolve("etc/conf.d"));
            write(root.resolve("etc/passwd"), "toor", 1);
            write(root.resolve("etc/conf.d/a"), "a", 2);
            write(root.resolve("etc/conf.d/b"), "b", 4);
            Files.setLastModifiedTime(root.resolve("etc/conf.d"), FileTime.from(Instant.ofEpochSecond(99)));
        });
        assertThat(names(layer)).containsExactly("etc/", "etc/conf.d/", "etc/conf.d/b", "etc/passwd");
        assertThat(Files.getLastModifiedTime(layer.fs().resolve("etc/conf.d")).toMillis())
                .isEqualTo(99_000);
        assertThat(layer.size()).isEqualTo(5);
    }

    @Test
    void changedModeOfADirectoryStays() throws Exception {
        Layer layer = commit(base(), (root, fs) -> fs.makeDirectory("etc", 0700));
        assertThat(names(layer)).containsExactly("etc/");
    }

    @Test
    void deletionsAreMarkedOnlyWhereSomethingIsDeleted() throws Exception {
        Requires.root();
        Layer layer = commit(base(), (root, fs) -> {
            fs.makeDirectory("etc", 0755);
            Overlay.makeWhiteout(fs, "etc/passwd");
            Overlay.makeWhiteout(fs, "etc/never-was");
            fs.makeDirectory("etc/conf.d", 0755);
            Overlay.setOpaque(fs.xattrs("etc/conf.d"));
            fs.makeDirectory("new", 0755);
            Overlay.setOpaque(fs.xattrs("new"));
        });
        assertThat(names(layer))
                .containsExactly(
                        "etc/", "etc/conf.d/", "etc/conf.d/.wh.a", "etc/conf.d/.wh.b", "etc/.wh.passwd", "new/");
        try (Directory fs = Directory.open(layer.fs())) {
            assertThat(fs.find("etc/never-was")).isEmpty();
            assertThat(Overlay.isOpaque(fs.xattrs("new"))).isFalse();
            assertThat(Overlay.isOpaque(fs.xattrs("etc/conf.d"))).isFalse();
            assertThat(fs.stat("etc/conf.d/a").isWhiteout()).isTrue();
        }
    }

    @Test
    void whatADirectoryMadeAgainRepeatsIsLeftOut() throws Exception {
        Requires.root();
        Snapshot base = base();
        Layer layer = commit(base, (root, fs) -> {
            fs.makeDirectory("etc", 0755);
            Overlay.setOpaque(fs.xattrs("etc"));
            fs.makeDirectory("etc/conf.d", 0755);
            write(root.resolve("etc/passwd"), "root", 1);
        });
        assertThat(names(layer)).containsExactly("etc/", "etc/conf.d/", "etc/conf.d/.wh.a", "etc/conf.d/.wh.b");
        Layer next = commit(base.with(layer), (root, fs) -> {
            fs.makeDirectory("etc", 0755);
            fs.makeDirectory("etc/conf.d", 0755);
            write(root.resolve("etc/conf.d/a"), "a", 2);
        });
        assertThat(names(next)).containsExactly("etc/", "etc/conf.d/", "etc/conf.d/a");
    }

    @Test
    void stubsGoIfTheyAreEmptyAndNotTheParents() throws Exception {
        Layer layer = commit(
                base(),
                (root, fs) -> {
                    Files.createDirectories(root.resolve("root/.cache/pip"));
                    write(root.resolve("full"), "x", 1);
                    write(root.resolve("empty"), "", 1);
                },
                "/root/.cache",
                "/root/.cache/pip",
                "/full",
                "empty",
                "/nothing",
                "/root");
        assertThat(names(layer)).containsExactly("full");
    }

    @Test
    void hardLinksAreLinksAndStayTogether() throws Exception {
        Layer layer = commit(base(), (root, fs) -> {
            write(root.resolve("b"), "bytes", 1);
            Files.createLink(root.resolve("a"), root.resolve("b"));
            Files.createDirectories(root.resolve("etc"));
            Files.createLink(root.resolve("etc/passwd"), root.resolve("b"));
        });
        assertThat(names(layer)).containsExactly("a", "b", "etc/", "etc/passwd");
        LayerIndex index = LayerIndex.of(layer);
        assertThat(index.find("a").orElseThrow().link()).isEmpty();
        assertThat(index.find("b").orElseThrow().link()).isEqualTo("a");
        assertThat(index.find("etc/passwd").orElseThrow().content()).isEqualTo(Digest.of("bytes".getBytes()));
        assertThat(layer.size()).isEqualTo(5);
    }

    @Test
    void builderGivesTheLayerThatADiffGives() throws Exception {
        Filling filling = (root, fs) -> {
            Files.createDirectories(root.resolve("app/src"));
            write(root.resolve("app/src/z"), "zzz", 1);
            Files.createLink(root.resolve("app/link"), root.resolve("app/src/z"));
            fs.symlink("src/z", "app/s");
            fs.setTime("app/s", 1);
            fs.setTime("app/src", 1);
            fs.setTime("app", 1);
        };
        Layer diff = commit(Snapshot.EMPTY, filling);
        try (PendingLayer pending = store.begin(tmp);
                Directory fs = Directory.open(pending.fs())) {
            filling.fill(pending.fs(), fs);
            FileStat stat = fs.stat("app/src/z");
            LayerBuilder builder = new LayerBuilder(pending, Snapshot.EMPTY);
            builder.add(LayerEntry.file(
                    "app/src/z",
                    stat.permissions(),
                    stat.uid(),
                    stat.gid(),
                    3,
                    stat.mtimeNs(),
                    List.of(),
                    Digest.of("zzz".getBytes())));
            builder.add(LayerEntry.of("app/link", stat, "app/src/z"));
            builder.add(LayerEntry.symlink("app/s", "src/z", stat.uid(), stat.gid(), 1));
            Layer built = builder.commit(Instant.EPOCH);
            assertThat(built.diffId()).isEqualTo(diff.diffId());
            assertThat(LayerIndex.of(built)).containsExactlyElementsOf(LayerIndex.of(diff));
        }
    }

    @Test
    void storeFindsListsAndRemoves() throws Exception {
        Layer one = commit(Snapshot.EMPTY, (root, fs) -> write(root.resolve("a"), "a", 1));
        Layer two = commit(Snapshot.EMPTY, (root, fs) -> {});
        assertThat(store.find(one.id())).contains(one);
        assertThat(store.all()).containsExactlyInAnyOrder(one, two);
        store.sync();
        store.remove(one.id(), tmp);
        store.remove(one.id(), tmp);
        assertThat(store.find(one.id())).isEmpty();
        assertThat(Set.copyOf(store.all())).containsExactly(two);
        assertThat(tmp).isEmptyDirectory();
        assertThat(new LayerStore(temp.resolve("other")).all()).isEmpty();
        assertThat(LayerStore.overlayLower(two)).isEqualTo(two.id() + "/fs");
    }
}
