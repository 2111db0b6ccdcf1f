package dev.drydock.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import dev.drydock.graph.FileAction;
import dev.drydock.graph.FileAction.Copy;
import dev.drydock.graph.Op;
import dev.drydock.house.Requires;
import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.solver.InputRule;
import dev.drydock.source.ContentManifests;
import dev.drydock.source.ContextScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FilesRunnerTest {
    private static final Instant NOW = Instant.parse("2026-11-24T01:02:03Z");
    private static final Instant OLD = Instant.parse("2020-01-02T03:04:05Z");

    @TempDir
    Path temp = Path.of("unset");

    private Path context = Path.of("unset");
    private Path base = Path.of("unset");
    private DirectoryLayers layers = new DirectoryLayers(temp);
    private FilesRunner runner = new FilesRunner(layers, new ContentManifests(temp), InstantSource.fixed(NOW));
    private Snapshot root = Snapshot.EMPTY;

    @BeforeEach
    void prepare() throws IOException, InterruptedException {
        Requires.root();
        context = Files.createDirectory(temp.resolve("context"));
        layers = new DirectoryLayers(temp.resolve("layers"));
        runner = new FilesRunner(layers, new ContentManifests(temp.resolve("m")), InstantSource.fixed(NOW));
        LayerMaker.Draft draft = layers.draft();
        base = draft.directory();
        root = Snapshot.EMPTY.with(draft.commit(Snapshot.EMPTY, Map.of()));
    }

    private static Path write(Path file, String text, String mode) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setAttribute(file, "unix:mode", Integer.parseInt(mode, 8));
        Files.setLastModifiedTime(file, FileTime.from(OLD));
        return file;
    }

    private static Copy copy(String source, String dest) {
        return copy(0, 1, source, dest, null, null, List.of(), List.of());
    }

    private static Copy copy(
            int input,
            int secondary,
            String source,
            String dest,
            FileAction.@Nullable Owner owner,
            FileAction.@Nullable Mode mode,
            List<String> includes,
            List<String> excludes) {
        return new Copy(
                input, secondary, 0, source, dest, owner, mode, true, true, false, true, true, true, -1, includes,
                excludes, false, List.of());
    }

    private static Copy inner(int input, int secondary, String source, String dest) {
        return new Copy(
                input, secondary, -1, source, dest, null, null, true, true, false, true, true, true, -1, List.of(),
                List.of(), false, List.of());
    }

    private FileTree scanned(String... excludes) throws InterruptedException {
        return new FileTree.HostDirectory(
                new ContextScanner(temp.resolve("stat")).scan("context", context, List.of(excludes), List.of()));
    }

    private List<String> run(FileAction... actions) throws InterruptedException {
        return run(new FileTree.Layers(root), scanned(), actions);
    }

    private List<String> run(FileTree tree, FileTree source, FileAction... actions) throws InterruptedException {
        Snapshot result = ((FileTree.Layers)
                        runner.run(new Op.Files(List.of(actions)), List.of(tree, source), new Silent())
                                .getFirst())
                .snapshot();
        assertThat(result.layers()).hasSize(2);
        try (LayeredTree view = LayeredTree.of(result)) {
            return TreeText.of(view);
        }
    }

    /** Context: a, b, d/x, d/sub/y, d2/x, l -> a, dl -> d; base: /e (directory), /f (file), /el -> e. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a     | /new          | /new \"A\" 640",
                "a     | /new/         | /new/ 755; /new/a \"A\" 640",
                "a     | /n1/n2/       | /n1/ 755; /n1/n2/ 755; /n1/n2/a \"A\" 640",
                "a     | /n1/n2        | /n1/ 755; /n1/n2 \"A\" 640",
                "a     | /new/.        | /new/ 755; /new/a \"A\" 640",
                "a     | /e            | /e/a \"A\" 640",
                "a     | /e/           | /e/a \"A\" 640",
                "a     | /el           | /e/a \"A\" 640",
                "a     | /el/new       | /e/new \"A\" 640",
                "a     | /f            | /f \"A\" 640",
                "l     | /new          | /new \"A\" 640",
                "dl    | /new          | /new/ 755; /new/sub/ 700; /new/sub/y \"Y\" 644; /new/x \"X\" 600",
                "d     | /new          | /new/ 755; /new/sub/ 700; /new/sub/y \"Y\" 644; /new/x \"X\" 600",
                "d     | /e            | /e/sub/ 700; /e/sub/y \"Y\" 644; /e/x \"X\" 600",
                "d/    | /new/         | /new/ 755; /new/sub/ 700; /new/sub/y \"Y\" 644; /new/x \"X\" 600",
                "?     | /new/         | /new/ 755; /new/a \"A\" 640; /new/b \"B\" 4755; /new/l \"A\" 640;"
                        + " /new/sub/ 700; /new/sub/y \"Y\" 644; /new/x \"X\" 600",
                "d*    | /new          | /new/ 755; /new/sub/ 700; /new/sub/y \"Y\" 644; /new/x \"X\" 600",
                "*/x   | /new/         | /new/ 755; /new/x \"X2\" 644",
                "[ab]  | /new/         | /new/ 755; /new/a \"A\" 640; /new/b \"B\" 4755",
                "zz*   | /new/         | ",
                "../../a | /new        | /new \"A\" 640",
            })
    void thingsGoWhereBuildKitPutsThem(String source, String dest, @Nullable String added)
            throws IOException, InterruptedException {
        write(context.resolve("a"), "A", "100640");
        write(context.resolve("b"), "B", "104755");
        write(context.resolve("d/x"), "X", "100600");
        write(context.resolve("d/sub/y"), "Y", "100644");
        write(context.resolve("d2/x"), "X2", "100644");
        Files.setAttribute(context.resolve("d/sub"), "unix:mode", 0700);
        Files.createSymbolicLink(context.resolve("l"), Path.of("a"));
        Files.createSymbolicLink(context.resolve("dl"), Path.of("/d"));
        write(base.resolve("f"), "F", "100644");
        Files.createDirectory(base.resolve("e"));
        Files.setAttribute(base.resolve("e"), "unix:mode", 01711);
        Files.createSymbolicLink(base.resolve("el"), Path.of("/e"));
        List<String> expected = new ArrayList<>(List.of("/e/ 1711", "/el -> /e", "/f \"F\" 644"));
        if (added != null) {
            for (String line : added.split(";")) {
                if (line.strip().startsWith("/f ")) {
                    expected.removeIf(each -> each.startsWith("/f "));
                }
                expected.add(line.strip());
            }
        }
        assertThat(run(copy(source, dest))).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void aDirectoryDoesNotReplaceAFile() throws IOException {
        write(context.resolve("d/x/y"), "Y", "100644");
        write(base.resolve("f"), "F", "100644");
        write(base.resolve("e/x"), "F", "100644");
        assertThatThrownBy(() -> run(copy("d", "/e")))
                .isInstanceOf(UserFault.class)
                .hasMessage("cannot copy to non-directory: /e/x");
        assertThatThrownBy(() -> run(copy("d", "/f"))).hasMessage("cannot copy to non-directory: /f");
    }

    @Test
    void aFileDoesNotReplaceADirectoryInsideATree() throws IOException {
        write(context.resolve("d/x"), "X", "100644");
        Files.createDirectories(base.resolve("e/x"));
        assertThatThrownBy(() -> run(copy("d", "/e")))
                .isInstanceOf(UserFault.class)
                .hasMessage("cannot replace to directory /e/x with file");
    }

    @Test
    void alwaysReplaceReplacesBothWays() throws IOException, InterruptedException {
        write(context.resolve("d/x"), "X", "100644");
        write(context.resolve("d/y/z"), "Z", "100644");
        write(base.resolve("e/x/deep"), "old", "100644");
        write(base.resolve("e/y"), "old", "100644");
        Copy action = new Copy(
                0, 1, 0, "/d", "/e", null, null, true, true, false, true, true, true, -1, List.of(), List.of(), true,
                List.of());
        assertThat(run(action)).containsExactly("/e/ 755", "/e/x \"X\" 644", "/e/y/ 755", "/e/y/z \"Z\" 644");
    }

    @Test
    void linksInsideADirectoryAreReplacedAndNotFollowed() throws IOException, InterruptedException {
        write(context.resolve("d/x"), "X", "100644");
        Files.createSymbolicLink(context.resolve("d/link"), Path.of("/anywhere"));
        write(base.resolve("e/target"), "T", "100644");
        Files.createSymbolicLink(base.resolve("e/x"), Path.of("target"));
        assertThat(run(copy("d", "/e")))
                .containsExactly("/e/ 755", "/e/link -> /anywhere", "/e/target \"T\" 644", "/e/x \"X\" 644");
    }

    @Test
    void ownersModesAndExcludesApply() throws IOException, InterruptedException {
        write(context.resolve("d/x"), "X", "100600");
        write(context.resolve("d/run.sh"), "R", "100755");
        write(context.resolve("d/x.log"), "L", "100644");
        write(base.resolve("etc/passwd"), "root:x:0:0::/:/bin/sh\napp:x:1001:2002::/:/bin/sh\n", "100644");
        write(base.resolve("etc/group"), "staff:x:50:\n", "100644");
        FileAction.Owner app = new FileAction.Owner(new FileAction.Id.Name("app", 0), null);
        List<String> named =
                run(copy(0, 1, "/d", "/new/sub", app, new FileAction.Mode.Octal(0750), List.of(), List.of("*.log")));
        assertThat(named)
                .filteredOn(line -> line.startsWith("/new"))
                .containsExactly(
                        "/new/ 750 1001:2002",
                        "/new/sub/ 750 1001:2002",
                        "/new/sub/run.sh \"R\" 750 1001:2002",
                        "/new/sub/x \"X\" 750 1001:2002");
        FileAction.Owner group = new FileAction.Owner(new FileAction.Id.Number(7), new FileAction.Id.Name("staff", 0));
        List<String> symbolic = run(
                copy(0, 1, "/d", "/s/", group, new FileAction.Mode.Symbolic("go=rX,u+w"), List.of(), List.of("*.log")));
        assertThat(symbolic)
                .filteredOn(line -> line.startsWith("/s"))
                .containsExactly("/s/ 755 7:50", "/s/run.sh \"R\" 755 7:50", "/s/x \"X\" 644 7:50");
        FileAction.Owner nobody = new FileAction.Owner(new FileAction.Id.Name("none", 0), null);
        assertThatThrownBy(() -> run(copy(0, 1, "/d", "/n", nobody, null, List.of(), List.of())))
                .isInstanceOf(UserFault.class)
                .hasMessage("change owner to none: no such user in /etc/passwd of the image");
    }

    @Test
    void includedPathsComeWithTheirParents() throws IOException, InterruptedException {
        write(context.resolve("a/b/c.txt"), "C", "100644");
        write(context.resolve("a/b/d.txt"), "D", "100644");
        Files.setAttribute(context.resolve("a"), "unix:mode", 0711);
        assertThat(run(copy(0, 1, "/", "/to/", null, null, List.of("a/b/c.txt"), List.of())))
                .containsExactly("/to/ 755", "/to/a/ 711", "/to/a/b/ 755", "/to/a/b/c.txt \"C\" 644");
    }

    @Test
    void severalActionsMakeOneLayer() throws IOException, InterruptedException {
        write(context.resolve("a"), "A", "100644");
        write(base.resolve("gone/x"), "x", "100644");
        assertThat(run(
                        new FileAction.MakeFile(
                                Op.NO_INPUT, -1, "/hello", 0644, new FileAction.Data("hi".getBytes()), null, -1),
                        inner(0, 2, "/hello", "/etc/"),
                        inner(3, 1, "/a", "/etc/hello2"),
                        new FileAction.MakeDirectory(4, -1, "/w/o/r", 0755, true, null, 0),
                        new FileAction.Symlink(5, -1, "/link", "w", null, -1),
                        new FileAction.Remove(6, 0, "/gone", false, false)))
                .contains("/etc/hello \"hi\" 644", "/etc/hello2 \"A\" 644", "/w/o/r/ 755", "/link -> w")
                .noneMatch(line -> line.startsWith("/gone"));
    }

    @Test
    void aRemovedDirectoryThatComesBackIsEmpty() throws IOException, InterruptedException {
        write(base.resolve("d/old"), "x", "100644");
        assertThat(run(
                        new FileAction.Remove(0, -1, "/d", false, false),
                        new FileAction.MakeDirectory(2, 0, "/d", 0700, false, null, -1)))
                .containsExactly("/d/ 700");
    }

    @Test
    void timesAreTheSources() throws IOException, InterruptedException {
        write(context.resolve("d/sub/x"), "X", "100644");
        FileTime early = FileTime.from(Instant.parse("2019-01-01T00:00:00Z"));
        Files.setLastModifiedTime(context.resolve("d/sub"), early);
        Files.setLastModifiedTime(context.resolve("d"), early);
        FileTree.Layers first = (FileTree.Layers) runner.run(
                        new Op.Files(List.of(copy("d", "/n/d"))),
                        List.of(new FileTree.Layers(root), scanned()),
                        new Silent())
                .getFirst();
        Path top = first.snapshot().layers().getLast().fs();
        assertThat(Files.getLastModifiedTime(top.resolve("n")).toInstant()).isEqualTo(NOW);
        assertThat(Files.getLastModifiedTime(top.resolve("n/d"))).isEqualTo(early);
        assertThat(Files.getLastModifiedTime(top.resolve("n/d/sub"))).isEqualTo(early);
        assertThat(Files.getLastModifiedTime(top.resolve("n/d/sub/x")).toInstant())
                .isEqualTo(OLD);
    }

    @Test
    void hardLinksOfOneCopyStayTogether() throws IOException, InterruptedException {
        write(context.resolve("d/one"), "1", "100644");
        Files.createLink(context.resolve("d/two"), context.resolve("d/one"));
        run(copy("d", "/n"));
        Path made = temp.resolve("layers/test0001/n");
        assertThat(Files.getAttribute(made.resolve("one"), "unix:ino"))
                .isEqualTo(Files.getAttribute(made.resolve("two"), "unix:ino"));
    }

    @Test
    void aFileThatChangedSinceTheScanIsAFault() throws IOException, InterruptedException {
        write(context.resolve("a"), "A", "100644");
        FileTree tree = scanned();
        runner.contentDigest(new Op.Files(List.of(copy("a", "/x"))), tree, List.of(Selection.of("/a")));
        write(context.resolve("a"), "B", "100644");
        assertThatThrownBy(() -> run(new FileTree.Layers(root), tree, copy("a", "/x")))
                .isInstanceOf(UserFault.class)
                .hasMessage("read /a: the file changed while it was being used");
    }

    @Test
    void aMissingSourceNamesItsNeighbourOrWhatHidesIt() throws IOException, InterruptedException {
        write(context.resolve("hello.txt"), "A", "100644");
        Op.Files op = new Op.Files(List.of(copy("/helo.txt", "/x")));
        FileTree tree = scanned("*.md");
        assertThatThrownBy(() -> runner.contentDigest(op, tree, List.of(Selection.of("/helo.txt"))))
                .isInstanceOfSatisfying(UserFault.class, fault -> {
                    assertThat(fault.text())
                            .matches("failed to calculate checksum of ref [a-z0-9]{25}::[a-z0-9]{25}: "
                                    + "\"/helo.txt\": not found");
                    assertThat(fault.hints()).containsExactly("Did you mean \"hello.txt\"?");
                });
        assertThatThrownBy(() -> runner.contentDigest(op, tree, List.of(Selection.of("/README.md"))))
                .isInstanceOfSatisfying(
                        UserFault.class,
                        fault -> assertThat(fault.hints()).containsExactly("The build context holds hello.txt."));
        write(context.resolve("README.md"), "R", "100644");
        assertThatThrownBy(() -> runner.contentDigest(op, tree, List.of(Selection.of("/README.md"))))
                .isInstanceOfSatisfying(
                        UserFault.class,
                        fault -> assertThat(fault.hints())
                                .containsExactly("The ignore pattern \"*.md\" hides it: take that out, or add a line"
                                        + " \"!README.md\" below it."));
    }

    private static Copy add(String source, String dest, FileAction.@Nullable Owner owner) {
        return new Copy(
                0, 1, 0, source, dest, owner, null, true, true, true, true, true, true, -1, List.of(), List.of(), false,
                List.of());
    }

    private static void archive(Path file, TarArchiveEntry... entries) throws IOException {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
            for (TarArchiveEntry entry : entries) {
                entry.setModTime(FileTime.from(OLD));
                byte[] bytes = entry.isFile() && !entry.isLink() && !entry.isSymbolicLink() && !entry.isFIFO()
                        ? entry.getName().getBytes()
                        : new byte[0];
                entry.setSize(bytes.length);
                tar.putArchiveEntry(entry);
                tar.write(bytes);
                tar.closeArchiveEntry();
            }
        }
        Files.setAttribute(file, "unix:mode", 0644);
    }

    private static TarArchiveEntry entry(String name, char type, int mode, int id, String link) {
        TarArchiveEntry entry = new TarArchiveEntry(name, (byte) type, true);
        entry.setMode(mode);
        entry.setIds(id, id);
        entry.setLinkName(link);
        return entry;
    }

    @Test
    void anArchiveIsUnpackedOverWhatIsThere() throws IOException, InterruptedException {
        write(base.resolve("d/file-for-dir"), "old", "100600");
        write(base.resolve("d/dir-for-file/x"), "old", "100600");
        write(base.resolve("d/merged/kept"), "kept", "100600");
        write(base.resolve("real/x"), "real", "100600");
        write(base.resolve("d/inside/old"), "old", "100644");
        Files.createSymbolicLink(base.resolve("d/link"), Path.of("/inside"));
        archive(
                context.resolve("a"),
                entry("./", '5', 0700, 9, ""),
                entry("file-for-dir/", '5', 0711, 1, ""),
                entry("dir-for-file", '0', 04755, 2, ""),
                entry("merged/", '5', 0750, 3, ""),
                entry("merged/again", '1', 04755, 2, "dir-for-file"),
                entry("merged/kept-too", '1', 0644, 4, "merged/kept"),
                entry("../../up", '0', 0644, 0, ""),
                entry("link/x", '0', 0640, 0, ""),
                entry("made/for/it", '2', 0777, 5, "../anywhere"),
                entry("pipe", '6', 0600, 6, ""),
                entry("up", '0', 0600, 7, ""));
        assertThat(run(add("a", "/d", null)))
                .containsExactly(
                        "/d/ 755",
                        "/d/dir-for-file \"dir-for-file\" 4755 2:2",
                        "/d/file-for-dir/ 711 1:1",
                        "/d/inside/ 755",
                        "/d/inside/old \"old\" 644",
                        "/d/inside/x \"link/x\" 640",
                        "/d/link -> /inside",
                        "/d/made/ 755",
                        "/d/made/for/ 755",
                        "/d/made/for/it -> ../anywhere 5:5",
                        "/d/merged/ 750 3:3",
                        "/d/merged/again \"dir-for-file\" 4755 2:2",
                        "/d/merged/kept \"kept\" 644 4:4",
                        "/d/merged/kept-too \"kept\" 644 4:4",
                        "/d/pipe FIFO 600 6:6",
                        "/d/up \"up\" 600 7:7",
                        "/real/ 755",
                        "/real/x \"real\" 600");
        assertThat(Files.readString(base.resolve("d/merged/kept"))).isEqualTo("kept");
        assertThat(Files.getAttribute(base.resolve("d/merged/kept"), "unix:mode"))
                .isEqualTo(0100600);
    }

    @Test
    void anArchiveMakesNothingWhereALinkLeadsNowhere() throws IOException {
        Files.createDirectory(base.resolve("d"));
        Files.createSymbolicLink(base.resolve("d/link"), Path.of("/inside"));
        archive(context.resolve("a"), entry("link/x", '0', 0640, 0, ""));
        assertThatThrownBy(() -> run(add("a", "/d", null)))
                .isInstanceOf(UserFault.class)
                .hasMessage("open /link/x: no such file or directory");
    }

    @Test
    void chownGoesForAllOfAnArchiveButDirectoriesItDoesNotName() throws IOException, InterruptedException {
        archive(context.resolve("a"), entry("x/y", '0', 0600, 1, ""), entry("z", '2', 0777, 1, "x"));
        FileAction.Owner owner = new FileAction.Owner(new FileAction.Id.Number(5), new FileAction.Id.Number(6));
        assertThat(run(add("a", "/n/d/", owner)))
                .containsExactly(
                        "/n/ 755 5:6", "/n/d/ 755 5:6", "/n/d/x/ 755", "/n/d/x/y \"x/y\" 600 5:6", "/n/d/z -> x 5:6");
    }

    @Test
    void whatIsNoArchiveIsCopied() throws IOException, InterruptedException {
        write(context.resolve("empty.tar"), "", "100644");
        write(context.resolve("text.tar.gz"), "text", "100644");
        Files.write(context.resolve("zeros.tar"), new byte[10240]);
        assertThat(run(add("*", "/x/", null)))
                .hasSize(4)
                .contains("/x/ 755", "/x/empty.tar \"\" 644", "/x/text.tar.gz \"text\" 644")
                .anyMatch(line -> line.startsWith("/x/zeros.tar "));
    }

    @Test
    void aDamagedArchiveIsAFault() throws IOException {
        archive(context.resolve("a"), entry("one", '0', 0600, 0, ""), entry("two", '0', 0600, 0, ""));
        byte[] bytes = Files.readAllBytes(context.resolve("a"));
        bytes[1024 + 3] ^= 1;
        Files.write(context.resolve("a"), bytes);
        assertThatThrownBy(() -> run(add("a", "/x/", null)))
                .isInstanceOf(UserFault.class)
                .hasMessage("extract /a: a header's checksum is wrong");
    }

    @Test
    void rootsAreNamedByKeyAndSourcesByContent() {
        assertThat(runner.recipe(new Op.Files(List.of(copy("/a", "/b"))), new Silent())
                        .inputs())
                .satisfiesExactly(
                        root -> assertThat(root).isInstanceOf(InputRule.ByKey.class),
                        source -> assertThat(source).isInstanceOf(InputRule.ByContent.class));
    }
}
