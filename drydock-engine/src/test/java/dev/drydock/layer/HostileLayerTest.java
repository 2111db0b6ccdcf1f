package dev.drydock.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import dev.drydock.linux.Directory;
import dev.drydock.linux.PathBytes;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.Overlay;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers as an enemy or a broken tool writes them: nothing gets out of the root, and what makes sense is unpacked. */
class HostileLayerTest {
    @TempDir
    Path temp;

    private UnpackingStore store;

    @BeforeEach
    void open() throws Exception {
        Requires.root();
        store = new UnpackingStore(temp);
    }

    private static List<String> paths(Layer layer) {
        return LayerIndex.of(layer).stream().map(LayerEntry::path).toList();
    }

    private static LayerEntry entry(Layer layer, String path) {
        return LayerIndex.of(layer).find(path).orElseThrow();
    }

    @Test
    void absoluteNamesStayInside() throws Exception {
        Layer layer = store.unpack(new RawTar()
                .file("//etc//passwd", "mine")
                .file("/../../x".replace("..", "."), "x")
                .done());

        assertThat(layer.fs().resolve("etc/passwd")).hasContent("mine");
        assertThat(paths(layer)).containsExactly("etc", "etc/passwd", "x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"..", "../outside", "a/../../outside", "/../outside", "a/b/../../../outside", "./../outside"})
    void namesThatClimbOutAreRefused(String name) {
        store.refused(new RawTar().file(name, "evil").done(), "would leave the root");
        store.refused(new RawTar().file("f", "f").link(name + "/l", '1', "f").done(), "would leave the root");
        store.refused(new RawTar().link("l", '1', name).done(), "would leave the root");
    }

    @Test
    void filesThroughLinksLandInsideTheRoot() throws Exception {
        Layer layer = store.unpack(new RawTar()
                .link("up", '2', "../../../../../..")
                .link("abs", '2', temp.toString())
                .link("chain", '2', "up/up/abs")
                .file("up/one", "1")
                .file("abs/outside", "2")
                .file("chain/three", "3")
                .link("abs/hard", '1', "up/one")
                .done());

        String inside = temp.toString().substring(1);
        assertThat(layer.fs().resolve("one")).hasContent("1");
        assertThat(layer.fs().resolve(inside).resolve("outside")).hasContent("2");
        assertThat(layer.fs().resolve(inside).resolve("three")).hasContent("3");
        assertThat(layer.fs().resolve(inside).resolve("hard")).hasContent("1");
        store.refused(
                new RawTar()
                        .link("a", '2', "b")
                        .link("b", '2', "a")
                        .file("a/x", "x")
                        .done(),
                "too many");
    }

    @Test
    void aLinkIsReplacedAndNotWrittenThrough() throws Exception {
        Layer layer = store.unpack(new RawTar()
                .link("l", '2', store.outside.toString())
                .file("l", "over it")
                .link("d", '2', temp.toString())
                .directory("d", 0700)
                .file("d/outside", "in it")
                .done());

        assertThat(Files.isSymbolicLink(layer.fs().resolve("l"))).isFalse();
        assertThat(layer.fs().resolve("l")).hasContent("over it");
        assertThat(layer.fs().resolve("d/outside")).hasContent("in it");
    }

    @Test
    void hardLinksNameEarlierEntriesOfTheLayer() throws Exception {
        store.refused(new RawTar().link("l", '1', "/etc/passwd").done(), "does not stand before it");
        store.refused(new RawTar().link("l", '1', store.outside.toString()).done(), "does not stand before it");
        store.refused(new RawTar().directory("d", 0755).link("l", '1', "d").done(), "does not stand before it");
        Layer layer = store.unpack(new RawTar()
                .link("s", '2', store.outside.toString())
                .link("h", '1', "s")
                .file("f", "f")
                .link("f", '1', "f")
                .done());

        assertThat(Files.readSymbolicLink(layer.fs().resolve("h"))).isEqualTo(store.outside);
        assertThat(layer.fs().resolve("f")).hasContent("f");
    }

    @Test
    void devicesAreMadeAsTheyAre() throws Exception {
        Layer layer = store.unpack(new RawTar()
                .device("null", '3', 1, 3)
                .device("disk", '4', 7, 300)
                .link("pipe", '6', "")
                .done());

        LayerEntry device = entry(layer, "null");
        assertThat(device.type()).isEqualTo(LayerEntry.Type.CHAR_DEVICE);
        assertThat(List.of(device.major(), device.minor())).containsExactly(1, 3);
        assertThat(entry(layer, "disk").minor()).isEqualTo(300);
        assertThat(entry(layer, "pipe").type()).isEqualTo(LayerEntry.Type.FIFO);
        // What an overlay takes for a deletion cannot be smuggled in.
        store.refused(new RawTar().device("etc", '3', 0, 0).done(), "0:0, which mean a deletion");
    }

    @Test
    void whatCannotBeSmuggledInAsAttributesOfTheOverlay() throws Exception {
        Layer layer = store.unpack(new RawTar()
                .pax("SCHILY.xattr.trusted.overlay.opaque", "y", "SCHILY.xattr.user.overlay.redirect", "/x")
                .directory("d", 0755)
                .pax("SCHILY.xattr.trusted.overlay.redirect", "/x", "SCHILY.xattr.user.mine", "value")
                .file("f", "f")
                .done());

        try (Directory fs = Directory.open(layer.fs())) {
            assertThat(Overlay.isOpaque(fs.xattrs("d"))).isFalse();
            assertThat(fs.xattrs("d").names()).noneMatch(name -> name.contains("overlay"));
            assertThat(fs.xattrs("f").names()).noneMatch(name -> name.contains("overlay"));
            assertThat(fs.xattrs("f").get("user.mine"))
                    .hasValueSatisfying(value -> assertThat(value).isEqualTo(RawTar.bytes("value")));
        }
    }

    @Test
    void modesTimesAndCapabilitiesStay() throws Exception {
        byte[] capability = {1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        Layer layer = store.unpack(new RawTar()
                .entry("su", '0', 04755, 1, "", new byte[3])
                .directory("sticky", 01777)
                .entry("old", '0', 0644, -86_400, "", new byte[1])
                .pax("mtime", "-1.5")
                .file("older", "x")
                .header(
                        RawTar.bytes("pax"),
                        'x',
                        0644,
                        0,
                        "",
                        RawTar.record("SCHILY.xattr.security.capability", capability).length,
                        new byte[0])
                .content(RawTar.record("SCHILY.xattr.security.capability", capability))
                .file("cap", "x")
                .done());

        assertThat(entry(layer, "su").mode()).isEqualTo(04755);
        assertThat(Files.getAttribute(layer.fs().resolve("su"), "unix:mode")).isEqualTo(0104755);
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(layer.fs().resolve("sticky"))))
                .isEqualTo("rwxrwxrwx");
        assertThat(Files.getLastModifiedTime(layer.fs().resolve("old")))
                .isEqualTo(FileTime.from(Instant.ofEpochSecond(-86_400)));
        assertThat(Files.getLastModifiedTime(layer.fs().resolve("older")))
                .isEqualTo(FileTime.from(Instant.ofEpochSecond(-2, 500_000_000)));
        try (Directory fs = Directory.open(layer.fs())) {
            assertThat(fs.xattrs("cap").get(Xattr.CAPABILITY))
                    .hasValueSatisfying(value -> assertThat(value).isEqualTo(capability));
        }
    }

    @Test
    void whiteoutsInAnyOrder() throws Exception {
        Layer layer = store.unpack(new RawTar()
                .file("a/.wh.gone", "") // of nothing: lower layers may have it
                .file("a/kept", "k")
                .file("a/.wh.kept", "") // about lower layers only
                .file("b/new", "n")
                .file("b/.wh..wh..opq", "") // after what it must not hide
                .file(".wh.c", "")
                .file("c/again", "c")
                .file("d/x", "x")
                .file(".wh.d", "")
                .file(".wh..wh.aufs", "") // the bookkeeping of another file system
                .file(".wh..wh.plnk/1.2", "")
                .file(".wh..wh..opq", "")
                .done());

        assertThat(paths(layer)).contains("a/gone", "a/kept", "b/new", "c/again", "d/x");
        assertThat(paths(layer)).noneMatch(path -> path.contains(".wh."));
        assertThat(entry(layer, "a/gone").type()).isEqualTo(LayerEntry.Type.WHITEOUT);
        assertThat(layer.fs().resolve("a/kept")).hasContent("k");
        for (String opaque : List.of("b", "c", "d")) {
            assertThat(entry(layer, opaque).opaque()).as(opaque).isTrue();
        }
        assertThat(layer.fs().resolve("d/x")).hasContent("x");
        store.refused(new RawTar().file("x/.wh.", "").done(), "impossible name");
        store.refused(new RawTar().file(".wh...", "").done(), "impossible name");
        store.refused(new RawTar().file(".wh..", "").done(), "impossible name");
    }

    @Test
    void aFileOverADirectoryAndBack() throws Exception {
        Layer layer = store.unpack(new RawTar()
                .file("x/y/z", "deep")
                .file("x/y", "flat")
                .directory("x/y", 0711)
                .file("x/y/z", "again")
                .file("x/y/z", "and again")
                .done());

        assertThat(layer.fs().resolve("x/y/z")).hasContent("and again");
        assertThat(entry(layer, "x/y").mode()).isEqualTo(0711);
    }

    @Test
    void namesAreBytes() throws Exception {
        byte[] latin = {'c', 'a', 'f', (byte) 0xE9};
        Layer layer = store.unpack(new RawTar()
                .header(latin, '0', 0644, 0, "", 0, new byte[0])
                .pax("path", "größe/\u65e5\u672c")
                .file("short", "pax")
                .entry("././@LongLink", 'L', 0, 0, "", RawTar.bytes("g".repeat(200) + "\0"))
                .file("g", "gnu")
                .entry("././@LongLink", 'K', 0, 0, "", RawTar.bytes("t".repeat(300) + "\0"))
                .link("link", '2', "t")
                .done());

        assertThat(paths(layer)).contains(PathBytes.decode(latin), "größe/\u65e5\u672c", "g".repeat(200));
        assertThat(entry(layer, "link").link()).isEqualTo("t".repeat(300));
        store.refused(
                new RawTar()
                        .header(RawTar.bytes("pax"), 'x', 0644, 0, "", 14, new byte[0])
                        .content(RawTar.bytes("14 path=a\0b..\n".substring(0, 14)))
                        .file("x", "x")
                        .done(),
                "");
        store.refused(
                new RawTar()
                        .file("n".repeat(99) + "/" + "m", "x")
                        .pax("path", "n".repeat(300))
                        .file("x", "")
                        .done(),
                "");
    }

    @Test
    void whatIsTooLargeToBeTrueIsRefusedBeforeItIsRead() {
        store.refused(
                new RawTar()
                        .header(RawTar.bytes("pax"), 'x', 0644, 0, "", 1L << 33, new byte[0])
                        .done(),
                "extended header");
        store.refused(
                new RawTar()
                        .header(RawTar.bytes("L"), 'L', 0, 0, "", 2 << 20, new byte[0])
                        .done(),
                "extended header");
        store.refused(new RawTar().pax("size", "-5").file("x", "").done(), "negative size");
        store.refused(
                new RawTar()
                        .header(RawTar.bytes("x"), '0', 0644, 0, "", Long.MIN_VALUE, new byte[0])
                        .done(),
                "");
    }

    @Test
    void aSizeBeyondEightGibibytesIsRead() throws Exception {
        // The header's number in base 256; the bytes end early, which is what is said then.
        store.refused(
                new RawTar()
                        .header(RawTar.bytes("big"), '0', 0644, 0, "", (8L << 30) + 1, new byte[0])
                        .raw(new byte[2048])
                        .open(),
                "ends in the middle of an entry");
        TarReader tar = new TarReader(new ByteArrayInputStream(new RawTar()
                .header(RawTar.bytes("big"), '0', 0644, 0, "", (8L << 30) + 1, new byte[0])
                .open()));
        assertThat(tar.next().size()).isEqualTo((8L << 30) + 1);
        tar = new TarReader(new ByteArrayInputStream(new RawTar()
                .pax("size", String.valueOf(9L << 30))
                .file("big", "")
                .open()));
        assertThat(tar.next().size()).isEqualTo(9L << 30);
    }

    @Test
    void whatIsCutOffIsRefusedAndWhatComesAfterTheEndIsPassedOver() throws Exception {
        byte[] whole = new RawTar().file("a", "x".repeat(3000)).file("b", "y").done();
        for (int length : new int[] {100, 512, 700, 2000, 3583}) {
            store.refused(java.util.Arrays.copyOf(whole, length), "");
        }
        byte[] garbage = RawTar.bytes("garbage ".repeat(1000));
        byte[] followed = new RawTar().raw(whole).raw(garbage).open();
        Layer layer = store.unpack(followed);
        assertThat(paths(layer)).containsExactly("a", "b");
        assertThat(layer.diffId()).as("covers every byte of the stream").isEqualTo(Digest.of(followed));
        // Two archives one after the other: the first one's end is the end.
        assertThat(paths(store.unpack(new RawTar().raw(whole).file("c", "c").done())))
                .containsExactly("a", "b");
    }

    @Test
    void linksInHiddenPlacesAreNotFollowedOut() throws Exception {
        // A directory that becomes a link while it is open, and a whiteout through a link.
        Layer layer = store.unpack(new RawTar()
                .file("d/one", "1")
                .link("d", '2', temp.toString())
                .file("d/outside", "inside")
                .file("d/.wh.outside2", "")
                .done());

        assertThat(Files.isSymbolicLink(layer.fs().resolve("d"))).isTrue();
        assertThat(Files.exists(temp.resolve("outside2"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        assertThat(layer.fs().resolve(temp.toString().substring(1)).resolve("outside"))
                .hasContent("inside");
    }
}
