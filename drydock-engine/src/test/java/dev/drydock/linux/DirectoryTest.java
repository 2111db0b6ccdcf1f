package dev.drydock.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.drydock.fault.EnvironmentFault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTest {
    @TempDir
    Path temp;

    private Directory directory;

    @BeforeEach
    void open() {
        directory = Directory.open(temp);
    }

    @AfterEach
    void close() {
        directory.close();
        directory.close();
    }

    @Test
    void fileIsMadeWithExactModeWrittenAndRead() {
        byte[] data = new byte[200_000];
        data[199_999] = 7;
        try (OpenFile file = directory.createFile("f", 0666)) {
            file.write(data, 0, data.length);
            file.setTime(1_234_567_890_123_456_789L);
        }
        FileStat stat = directory.stat("f");
        assertThat(stat.isRegular()).isTrue();
        assertThat(stat.permissions()).isEqualTo(0666);
        assertThat(stat.size()).isEqualTo(200_000);
        assertThat(stat.mtimeNs()).isEqualTo(1_234_567_890_123_456_789L);
        byte[] back = new byte[300_000];
        try (OpenFile file = directory.openFile("f")) {
            assertThat(file.read(back, 0, back.length)).isEqualTo(200_000);
            assertThat(file.read(back, 0, back.length)).isZero();
        }
        assertThat(back[199_999]).isEqualTo((byte) 7);
    }

    @Test
    void statAgreesWithTheJdk() throws Exception {
        Path file = Files.writeString(temp.resolve("x"), "hello");
        Files.createLink(temp.resolve("y"), file);
        FileStat stat = directory.stat("x");
        var jdk = Files.readAttributes(file, "unix:mode,uid,gid,ino,dev,nlink,size");
        assertThat(stat.mode()).isEqualTo(jdk.get("mode"));
        assertThat(stat.uid()).isEqualTo(jdk.get("uid"));
        assertThat(stat.gid()).isEqualTo(jdk.get("gid"));
        assertThat(stat.inode()).isEqualTo(jdk.get("ino"));
        assertThat(stat.links()).isEqualTo(jdk.get("nlink"));
        assertThat(stat.size()).isEqualTo(jdk.get("size"));
    }

    @Test
    void namesThatAreNotUtf8AreKept() {
        String name = PathBytes.decode(new byte[] {'a', (byte) 0xFF, (byte) 0xE9});
        directory.createFile(name, 0600).close();
        directory.createFile("größe-🚢", 0600).close();
        assertThat(directory.names()).containsExactlyInAnyOrder(name, "größe-🚢");
        assertThat(directory.find(name)).isPresent();
    }

    @Test
    void readingLeavesNoTraceInAFileOfOnesOwn() throws Exception {
        Path file = Files.writeString(temp.resolve("f"), "abc");
        // before the file was written: then the next reading would be noted
        FileTime longAgo = FileTime.fromMillis(1_000_000_000_000L);
        Files.setAttribute(file, "lastAccessTime", longAgo);
        try (OpenFile open = directory.openFile("f")) {
            assertThat(open.read(new byte[3], 0, 3)).isEqualTo(3);
        }
        assertThat(Files.getAttribute(file, "lastAccessTime")).isEqualTo(longAgo);
    }

    @Test
    void manyNamesAreAllListed() {
        for (int i = 0; i < 3000; i++) {
            directory
                    .createFile("a-rather-long-name-to-fill-the-buffer-" + i, 0600)
                    .close();
        }
        assertThat(directory.names()).hasSize(3000).doesNotHaveDuplicates();
        assertThat(directory.names()).hasSize(3000);
    }

    @Test
    void absentNameIsAValueAndStatOfItAFault() {
        assertThat(directory.find("nothing")).isEmpty();
        assertThatThrownBy(() -> directory.stat("nothing"))
                .isInstanceOf(EnvironmentFault.class)
                .hasMessage("stat " + temp + "/nothing: no such file or directory")
                .satisfies(e -> assertThat(LinuxError.is((EnvironmentFault) e, Errno.ENOENT))
                        .isTrue());
    }

    @Test
    void linksAndRenames() {
        directory.symlink("some/where", "s");
        assertThat(directory.readLink("s")).isEqualTo("some/where");
        directory.setTime("s", 5_000_000_001L);
        assertThat(directory.stat("s").mtimeNs()).isEqualTo(5_000_000_001L);
        directory.createFile("f", 0644).close();
        directory.link("f", directory, "g");
        assertThat(directory.stat("f").links()).isEqualTo(2);
        directory.makeDirectory("d", 01777);
        assertThat(directory.stat("d").permissions()).isEqualTo(01777);
        assertThat(directory.renameIfAbsent("f", directory, "g")).isFalse();
        assertThat(directory.renameIfAbsent("f", directory, "d/f")).isTrue();
        directory.exchange("s", directory, "g");
        assertThat(directory.readLink("g")).isEqualTo("some/where");
        assertThat(directory.makeDirectoryIfAbsent("d", 0755)).isFalse();
    }

    @Test
    void openBeneathRefusesLinksAndDots() {
        directory.makeDirectory("d", 0755);
        directory.makeDirectory("d/e", 0755);
        directory.symlink("d", "link");
        directory.openBeneath("d/e").close();
        for (String path : List.of("link/e", "../x", "/etc", "d/../..")) {
            assertThatThrownBy(() -> directory.openBeneath(path)).isInstanceOf(EnvironmentFault.class);
        }
    }

    @Test
    void attributesAreBytes() {
        directory.createFile("f", 0644).close();
        byte[] value = {(byte) 0xFF, 0, (byte) 0xFE, (byte) 0x80};
        directory.xattrs("f").set("user.test", value);
        assertThat(directory.xattrs("f").get("user.test")).contains(value);
        assertThat(directory.xattrs("f").names()).contains("user.test");
        try (OpenFile file = directory.openFile("f")) {
            assertThat(file.xattrs().get("user.test")).contains(value);
            file.xattrs().remove("user.test");
            file.xattrs().remove("user.test");
            assertThat(file.xattrs().get("user.test")).isEmpty();
        }
        directory.xattrs().set("user.d", value);
        assertThat(directory.xattrs("").get("user.d")).contains(value);
    }

    @Test
    void longAttributesAndManyOfThemAreReadWhole() {
        byte[] value = new byte[2000];
        java.util.Arrays.fill(value, (byte) 7);
        List<String> names = new ArrayList<>(List.of("user.long"));
        try (OpenFile file = directory.createFile("f", 0644)) {
            file.xattrs().set("user.long", value);
            for (int i = 0; i < 20; i++) {
                names.add("user.with.quite.a.long.name." + i);
                file.xattrs().set(names.getLast(), new byte[0]);
            }
            assertThat(file.xattrs().get("user.long")).contains(value);
            assertThat(file.xattrs().names()).containsAll(names);
        }
        assertThat(directory.xattrs("f").get("user.long")).contains(value);
        assertThat(directory.xattrs("f").names()).containsAll(names);
    }

    @Test
    void bytesAreCopiedWholeAndInParts() {
        try (OpenFile from = directory.createFile("from", 0644)) {
            from.write("hello".getBytes(StandardCharsets.US_ASCII), 0, 5);
        }
        try (OpenFile from = directory.openFile("from");
                OpenFile to = directory.createFile("to", 0644);
                OpenFile part = directory.createFile("part", 0644)) {
            assertThat(to.copyWhole(from, 5, new byte[8])).isEqualTo(5);
            assertThat(part.copyFrom(from, 3, 9, new byte[8])).isEqualTo(2);
            assertThat(part.copyFrom(from, 1, 3, new byte[2])).isEqualTo(3);
            assertThat(part.copyFrom(from, 5, 1, new byte[8])).isZero();
        }
        assertThat(temp.resolve("to")).hasContent("hello");
        assertThat(temp.resolve("part")).hasContent("loell");
    }

    @Test
    void treesDeeperThanAPathCanBeLongAreMadeWalkedAndRemoved() throws Exception {
        String name = "d".repeat(200);
        Directory here = directory.again();
        for (int i = 0; i < 60; i++) {
            here.makeDirectory(name, 0755);
            Directory next = here.openDirectory(name);
            here.close();
            here = next;
        }
        here.createFile("leaf", 0644).close();
        here.close();
        List<TreeEntry> entries = TreeWalk.list(directory);
        assertThat(entries).hasSize(61);
        assertThat(entries.getLast().path()).endsWith("/leaf").hasSize(60 * 201 + 4);
        directory.removeTree(name);
        assertThat(directory.names()).isEmpty();
        directory.removeTree(name);
    }

    @Test
    void walkIsSortedAndFiltered() throws Exception {
        for (String path : List.of("b", "a", "a/z", "a/y", "a-b", "c", "c/d")) {
            directory.makeDirectory(path, 0755);
        }
        directory.symlink("a", "link");
        assertThat(TreeWalk.list(directory))
                .extracting(TreeEntry::path)
                .containsExactly("a", "a/y", "a/z", "a-b", "b", "c", "c/d", "link");
        assertThat(TreeWalk.list(directory, (path, stat) -> switch (path) {
                    case "a" -> TreeWalk.Choice.SKIP;
                    case "c" -> TreeWalk.Choice.DESCEND;
                    default -> TreeWalk.Choice.KEEP;
                }))
                .extracting(TreeEntry::path)
                .containsExactly("a-b", "b", "c/d", "link");
    }

    /** More directories than one thread walks, before, within and after those that it does. */
    @Test
    void aLargeTreeIsListedAsASmallOneIs() throws Exception {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            for (String path : List.of("d%02d", "d%02d/a", "d%02d/a/skip", "d%02d/a/skip/x", "d%02d/b")) {
                String made = path.formatted(i);
                directory.makeDirectory(made, 0755);
                if (!made.contains("skip")) {
                    expected.add(made);
                }
            }
        }
        assertThat(TreeWalk.list(
                        directory,
                        (path, stat) -> path.endsWith("/skip") ? TreeWalk.Choice.SKIP : TreeWalk.Choice.KEEP))
                .extracting(TreeEntry::path)
                .containsExactlyElementsOf(expected);
        assertThat(TreeWalk.list(directory)).hasSize(150);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> TreeWalk.list(directory));
    }

    @Test
    void noSpaceIsSaidWithAHint() {
        EnvironmentFault fault = Errno.fault("write", "/x", Errno.ENOSPC);
        assertThat(fault).hasMessage("write /x: no space left on device");
        assertThat(fault.hints()).singleElement().asString().contains("--root DIR");
    }
}
