package dev.drydock.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import dev.drydock.house.Requires;
import dev.drydock.linux.Directory;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.snapshot.Overlay;
import dev.drydock.snapshot.PendingLayer;
import dev.drydock.snapshot.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerUnpackerTest {
    @TempDir
    Path temp;

    private LayerStore store;
    private Path tmp;

    @BeforeEach
    void open() throws Exception {
        Requires.root();
        store = new LayerStore(temp);
        tmp = Files.createDirectory(temp.resolve("tmp"));
    }

    private Layer unpack(byte[] tar, Snapshot parents, UnpackRules rules) throws Exception {
        try (PendingLayer pending = store.begin(tmp)) {
            LayerBuilder builder = new LayerBuilder(pending, parents);
            LayerUnpacker.unpack("test.tar", new Trickle(tar), pending, parents, builder, rules);
            return builder.commit(Instant.EPOCH);
        }
    }

    /** Gives few bytes at a time and never knows of more, as a pipe does. */
    private static final class Trickle extends InputStream {
        private final InputStream in;

        Trickle(byte[] bytes) {
            in = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() throws java.io.IOException {
            return in.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws java.io.IOException {
            return in.read(bytes, offset, Math.min(length, 777));
        }
    }

    private static final class Tar {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8");

        Tar() {
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
        }

        Tar file(String name, String text) throws Exception {
            TarArchiveEntry entry = new TarArchiveEntry(name, true);
            entry.setSize(text.length());
            entry.setMode(0644);
            return put(entry, text);
        }

        Tar directory(String name, int mode) throws Exception {
            TarArchiveEntry entry = new TarArchiveEntry(name + "/", true);
            entry.setMode(mode);
            return put(entry, "");
        }

        Tar link(String name, byte type, String target) throws Exception {
            TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
            entry.setLinkName(target);
            return put(entry, "");
        }

        Tar put(TarArchiveEntry entry, String text) throws Exception {
            entry.setModTime(1_000_000L);
            entry.setUserId(entry.getLongUserId());
            out.putArchiveEntry(entry);
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.closeArchiveEntry();
            return this;
        }

        byte[] bytes() throws Exception {
            out.close();
            return bytes.toByteArray();
        }
    }

    private static List<String> paths(Layer layer) {
        return LayerIndex.of(layer).stream().map(LayerEntry::path).toList();
    }

    @Test
    void importOfGnuTarGivesTheTreeBack() throws Exception {
        Requires.program("tar");
        Path tree = Files.createDirectory(temp.resolve("tree"));
        RandomTree.make(tree, new Random(7), 300);
        for (String format : List.of("gnu", "pax")) {
            byte[] tar = run(List.of("tar", "--format=" + format, "-C", tree.toString(), "-c", "."), new byte[0]);
            Layer layer = unpack(tar, Snapshot.EMPTY, UnpackRules.layer());
            assertThat(RandomTree.describe(layer.fs())).as(format).isEqualTo(RandomTree.describe(tree));
        }
    }

    @Test
    void ourStreamIsUnpackedByGnuTarToTheSameTree() throws Exception {
        Requires.program("tar");
        try (PendingLayer pending = store.begin(tmp)) {
            RandomTree.make(pending.fs(), new Random(8), 300);
            String before = RandomTree.describe(pending.fs());
            Layer layer = LayerDiff.commit(pending, Snapshot.EMPTY, List.of(), LayerTimes.of(Instant.EPOCH));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            TarWriter.write(layer, out);
            Path copy = Files.createDirectory(temp.resolve("copy"));
            run(
                    List.of("tar", "-C", copy.toString(), "-xp", "--numeric-owner", "--warning=no-timestamp"),
                    out.toByteArray());
            assertThat(RandomTree.describe(copy)).isEqualTo(before);
            Layer again = unpack(out.toByteArray(), Snapshot.EMPTY, UnpackRules.layer());
            assertThat(again.diffId()).isEqualTo(layer.diffId());
            assertThat(again.tarSize()).isEqualTo(layer.tarSize());
        }
    }

    private static byte[] run(List<String> command, byte[] input) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread feeder = Thread.ofPlatform().start(() -> {
            try (var to = process.getOutputStream()) {
                to.write(input);
            } catch (java.io.IOException e) {
                throw new AssertionError(e);
            }
        });
        byte[] output = process.getInputStream().readAllBytes();
        feeder.join();
        assertThat(process.waitFor()).isZero();
        return output;
    }

    @ParameterizedTest
    @CsvSource({"gzip,-c", "zstd,-cq", "xz,-c", "bzip2,-c"})
    void compressionIsRecognisedByContent(String program, String flag) throws Exception {
        Requires.program(program);
        byte[] tar = new Tar().file("f", "hello".repeat(10_000)).bytes();
        byte[] compressed = run(List.of(program, flag), tar);
        Layer layer = unpack(compressed, Snapshot.EMPTY, UnpackRules.layer());
        assertThat(layer.size()).isEqualTo(50_000);
        byte[] broken = compressed.clone();
        broken[broken.length / 2] ^= 0x55;
        assertThatThrownBy(() -> unpack(
                        java.util.Arrays.copyOf(broken, broken.length * 2 / 3), Snapshot.EMPTY, UnpackRules.layer()))
                .isInstanceOf(UserFault.class)
                .hasMessageStartingWith("unpack test.tar: ");
        Path file = Files.write(temp.resolve("x"), compressed);
        assertThat(ArchiveStream.isArchive(file)).isTrue();
        assertThat(ArchiveStream.isArchive(Files.write(temp.resolve("y"), new byte[10_240])))
                .isFalse();
        assertThat(tmp).isEmptyDirectory();
    }

    @Test
    void gzipMembersAreReadToTheLastOne() throws Exception {
        byte[] tar = new Tar().file("f", "x".repeat(100_000)).bytes();
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        for (int at = 0; at < tar.length; at += 30_000) {
            try (GZIPOutputStream member = new GZIPOutputStream(members)) {
                member.write(tar, at, Math.min(30_000, tar.length - at));
            }
        }
        assertThat(unpack(members.toByteArray(), Snapshot.EMPTY, UnpackRules.layer())
                        .size())
                .isEqualTo(100_000);
    }

    @Test
    void namesCannotLeaveTheRoot() throws Exception {
        Path outside = Files.writeString(temp.resolve("outside"), "safe");
        assertThatThrownBy(() -> unpack(
                        new Tar().file("a/../../../outside", "evil").bytes(), Snapshot.EMPTY, UnpackRules.layer()))
                .isInstanceOf(UserFault.class)
                .hasMessage("unpack test.tar: the entry a/../../../outside would leave the root");
        Layer layer = unpack(
                new Tar()
                        .link("up", TarConstants.LF_SYMLINK, "../../../..")
                        .link("abs", TarConstants.LF_SYMLINK, temp.toString())
                        .file("up/one", "1")
                        .file("abs/outside", "2")
                        .file("/three", "3")
                        .file("./a/./b/../four", "4")
                        .bytes(),
                Snapshot.EMPTY,
                UnpackRules.layer());
        assertThat(outside).hasContent("safe");
        assertThat(layer.fs().resolve("one")).hasContent("1");
        assertThat(layer.fs().resolve(temp.toString().substring(1) + "/outside"))
                .hasContent("2");
        assertThat(paths(layer)).contains("one", "three", "a/four", "up", "abs");
    }

    @Test
    void hardLinkMustNameAnEarlierEntry() throws Exception {
        for (String target : List.of("/etc/passwd", "missing", "../x")) {
            assertThatThrownBy(() -> unpack(
                            new Tar().link("l", TarConstants.LF_LINK, target).bytes(),
                            Snapshot.EMPTY,
                            UnpackRules.layer()))
                    .isInstanceOf(UserFault.class);
        }
        Layer layer = unpack(
                new Tar()
                        .file("z", "zz")
                        .link("a", TarConstants.LF_LINK, "z")
                        .link("b", TarConstants.LF_LINK, "a")
                        .file("z", "new")
                        .bytes(),
                Snapshot.EMPTY,
                UnpackRules.layer());
        LayerIndex index = LayerIndex.of(layer);
        assertThat(index.find("a").orElseThrow().link()).isEmpty();
        assertThat(index.find("b").orElseThrow().link()).isEqualTo("a");
        assertThat(index.find("b").orElseThrow().content()).isEqualTo(Digest.of("zz".getBytes()));
        assertThat(index.find("z").orElseThrow().link()).isEmpty();
        assertThat(layer.fs().resolve("z")).hasContent("new");
    }

    @Test
    void laterEntriesReplaceEarlierOnes() throws Exception {
        Layer layer = unpack(
                new Tar()
                        .directory("d", 0700)
                        .file("d/x", "x")
                        .directory("d", 0755)
                        .file("f", "one")
                        .directory("f", 0755)
                        .file("f/y", "y")
                        .directory("g", 0755)
                        .file("g/z", "z")
                        .file("g", "now a file")
                        .bytes(),
                Snapshot.EMPTY,
                UnpackRules.layer());
        assertThat(paths(layer)).containsExactly("d", "d/x", "f", "f/y", "g");
        assertThat(LayerIndex.of(layer).find("d").orElseThrow().mode()).isEqualTo(0755);
        assertThat(layer.fs().resolve("g")).hasContent("now a file");
    }

    @Test
    void whiteoutsTakeOverlayFormInLayersAndArePlainInArchives() throws Exception {
        Snapshot base = Snapshot.EMPTY.with(unpack(
                new Tar()
                        .directory("d", 0750)
                        .file("d/a", "a")
                        .file("d/b", "b")
                        .file("e", "e")
                        .bytes(),
                Snapshot.EMPTY,
                UnpackRules.layer()));
        byte[] tar = new Tar()
                .file("d/.wh.a", "")
                .file(".wh.e", "")
                .file("n/.wh..wh..opq", "")
                .bytes();
        Layer layer = unpack(tar, base, UnpackRules.layer());
        assertThat(paths(layer)).containsExactly("d", "d/a", "e", "n");
        assertThat(LayerIndex.of(layer).find("d/a").orElseThrow().type()).isEqualTo(LayerEntry.Type.WHITEOUT);
        assertThat(LayerIndex.of(layer).find("d").orElseThrow().mode()).isEqualTo(0750);
        try (Directory fs = Directory.open(layer.fs())) {
            assertThat(fs.stat("d/a").isWhiteout()).isTrue();
            assertThat(Overlay.isOpaque(fs.xattrs("n"))).isFalse();
        }
        Layer plain = unpack(tar, base, UnpackRules.archive("opt/x", new UnpackRules.Owner(5, 6), 9));
        assertThat(paths(plain)).contains("opt/x/d/.wh.a", "opt/x/.wh.e", "opt/x/n/.wh..wh..opq");
        LayerEntry made = LayerIndex.of(plain).find("opt/x/d").orElseThrow();
        assertThat(made.uid()).isEqualTo(5);
        assertThat(made.gid()).isEqualTo(6);
        assertThat(made.mtimeNs()).isEqualTo(9);
    }

    @Test
    void linksOfLowerLayersAreFollowed() throws Exception {
        Snapshot base = Snapshot.EMPTY.with(unpack(
                new Tar()
                        .directory("usr/lib", 0711)
                        .link("lib", TarConstants.LF_SYMLINK, "usr/lib")
                        .bytes(),
                Snapshot.EMPTY,
                UnpackRules.layer()));
        Layer layer = unpack(new Tar().file("lib/x", "x").bytes(), base, UnpackRules.archive("", null, 0));
        assertThat(paths(layer)).containsExactly("usr", "usr/lib", "usr/lib/x");
        assertThat(LayerIndex.of(layer).find("usr/lib").orElseThrow().mode()).isEqualTo(0711);
    }

    @Test
    void longNamesBigOwnersAndCapabilitiesSurvive() throws Exception {
        String longName = "d".repeat(90) + "/" + "e".repeat(120) + "/größe-" + "f".repeat(150);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] capability = {1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        try (PendingLayer pending = store.begin(tmp);
                Directory fs = Directory.open(pending.fs())) {
            Files.createDirectories(pending.fs().resolve(longName.substring(0, longName.lastIndexOf('/'))));
            Files.writeString(pending.fs().resolve("x"), "x");
            fs.rename("x", fs, longName); // a name that the JDK cannot spell in every locale
            fs.chown(longName, 3_000_000, 4_000_000);
            fs.xattrs(longName).set(Xattr.CAPABILITY, capability);
            fs.chmod(longName, 04755);
            Layer layer = LayerDiff.commit(pending, Snapshot.EMPTY, List.of(), LayerTimes.of(Instant.EPOCH));
            TarWriter.write(layer, out);
            Layer back = unpack(out.toByteArray(), Snapshot.EMPTY, UnpackRules.layer());
            assertThat(back.diffId()).isEqualTo(layer.diffId());
            LayerEntry entry = LayerIndex.of(back).find(longName).orElseThrow();
            assertThat(entry.uid()).isEqualTo(3_000_000);
            assertThat(entry.mode()).isEqualTo(04755);
            assertThat(entry.xattrs()).containsExactly(new Xattr(Xattr.CAPABILITY, capability));
            try (Directory unpacked = Directory.open(back.fs())) {
                assertThat(unpacked.xattrs(longName).get(Xattr.CAPABILITY)).contains(capability);
            }
        }
        var tar = new org.apache.commons.compress.archivers.tar.TarArchiveInputStream(
                new ByteArrayInputStream(out.toByteArray()), "UTF-8");
        tar.getNextEntry();
        tar.getNextEntry();
        TarArchiveEntry entry = tar.getNextEntry();
        assertThat(entry.getName()).isEqualTo(longName);
        assertThat(entry.getLongUserId()).isEqualTo(3_000_000);
    }
}
