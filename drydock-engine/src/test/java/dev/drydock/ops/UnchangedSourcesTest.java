package dev.drydock.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import dev.drydock.graph.FileAction.Copy;
import dev.drydock.graph.Op;
import dev.drydock.house.Requires;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.source.ContentManifests;
import dev.drydock.source.ContextScanner;
import dev.drydock.source.ContextTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large files and archives of the caller's whose times vouch for them are not read for a digest again: never a wrong one. */
final class UnchangedSourcesTest {
    private static final Instant OLD = Instant.parse("2020-01-02T03:04:05Z");
    private static final int LARGE = (1 << 20) + 7;
    private static final String CHANGED = ": the file changed while it was being used";

    @TempDir
    Path temp = Path.of("unset");

    private Path context = Path.of("unset");
    private int stores;

    @BeforeEach
    void prepare() throws IOException {
        Requires.root();
        context = Files.createDirectory(temp.resolve("context"));
    }

    private static byte[] large(int seed) {
        byte[] bytes = new byte[LARGE];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Writes a file with an old modification time, so that only its change time is young. */
    private Path write(String name, byte[] bytes) throws IOException {
        Path file = context.resolve(name);
        Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Files.setLastModifiedTime(file, FileTime.from(OLD));
        return file;
    }

    /** So that the file times of now can no longer be those of a later change. */
    private static void settle() throws InterruptedException {
        Thread.sleep(60);
    }

    private static byte[] archive(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry("f");
            entry.setModTime(FileTime.from(OLD));
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private static Op.Files add(String source) {
        return new Op.Files(List.of(new Copy(
                0, 1, 0, source, "/x/", null, null, true, true, true, true, true, true, -1, List.of(), List.of(), false,
                List.of())));
    }

    /** The context, scanned, with the content that a key of these paths is made of. */
    private ContextTree digested(String... paths) throws InterruptedException {
        ContextTree tree = new ContextScanner(temp.resolve("stat")).scan("context", context, List.of(), List.of());
        for (String path : paths) {
            tree.contentDigest(tree.lstat(path).orElseThrow());
        }
        return tree;
    }

    private List<String> run(Op.Files op, ContextTree tree) throws InterruptedException {
        try (LayeredTree view = LayeredTree.of(made(op, tree))) {
            return TreeText.of(view);
        }
    }

    private Snapshot made(Op.Files op, ContextTree tree) throws InterruptedException {
        DirectoryLayers layers = new DirectoryLayers(temp.resolve("layers" + stores++));
        FilesRunner runner = new FilesRunner(layers, new ContentManifests(temp.resolve("m")), InstantSource.system());
        FileTree root = new FileTree.Layers(Snapshot.EMPTY.with(layers.draft().commit(Snapshot.EMPTY, Map.of())));
        List<FileTree> inputs = List.of(root, new FileTree.HostDirectory(tree));
        return ((FileTree.Layers) runner.run(op, inputs, new Silent()).getFirst()).snapshot();
    }

    @FunctionalInterface
    private interface Change {
        void make() throws IOException;
    }

    /** Counts how often the times of a file vouched for it, and makes a change after the first time. */
    private static ContextTree watched(ContextTree tree, AtomicInteger vouched, Change change) {
        return (ContextTree) Proxy.newProxyInstance(
                ContextTree.class.getClassLoader(), new Class<?>[] {ContextTree.class}, (_, method, arguments) -> {
                    try {
                        Object result = method.invoke(tree, arguments);
                        if (method.getName().equals("isUnchanged")
                                && Boolean.TRUE.equals(result)
                                && vouched.incrementAndGet() == 1) {
                            change.make();
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void nothing() {}

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatItsTimesVouchForIsCopiedUnread(boolean archived) throws IOException, InterruptedException {
        byte[] bytes = large(1);
        write("a", archived ? archive(bytes) : bytes);
        settle();
        AtomicInteger vouched = new AtomicInteger();
        Snapshot made = made(add("a"), watched(digested("/a"), vouched, UnchangedSourcesTest::nothing));
        Path top = made.layers().getLast().fs();
        assertThat(top.resolve(archived ? "x/f" : "x/a")).hasBinaryContent(bytes);
        assertThat(vouched).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChangeAfterTheDigestIsAFault(boolean archived) throws IOException, InterruptedException {
        write("a", archived ? archive(large(1)) : large(1));
        settle();
        ContextTree tree = digested("/a");
        write("a", archived ? archive(large(2)) : large(2)); // the same file, size and modification time
        assertThatThrownBy(() -> run(add("a"), tree))
                .isInstanceOf(UserFault.class)
                .hasMessage("read /a" + CHANGED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChangeWhileItIsCopiedIsAFault(boolean archived) throws IOException, InterruptedException {
        write("a", archived ? archive(large(1)) : large(1));
        settle();
        AtomicInteger vouched = new AtomicInteger();
        ContextTree tree = watched(digested("/a"), vouched, () -> write("a", archived ? archive(large(2)) : large(2)));
        assertThatThrownBy(() -> run(add("a"), tree))
                .isInstanceOf(UserFault.class)
                .hasMessage("read /a" + CHANGED);
        assertThat(vouched).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void timesThatAreTooYoungVouchForNothing(boolean archived) throws IOException, InterruptedException {
        Path file = write("a", archived ? archive(large(1)) : large(1));
        // A time to come: no clock can tell when it was set.
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(86_400)));
        settle();
        AtomicInteger vouched = new AtomicInteger();
        assertThat(run(add("a"), watched(digested("/a"), vouched, UnchangedSourcesTest::nothing)))
                .hasSize(2);
        assertThat(vouched).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anotherFileThatWasThereWhenTheDigestWasMadeVouchesForNothing(boolean archived)
            throws IOException, InterruptedException {
        Files.createDirectories(context.resolve("d"));
        Files.createDirectories(temp.resolve("other"));
        write("d/a", archived ? archive(large(1)) : large(1));
        Files.write(temp.resolve("other/a"), archived ? archive(large(2)) : large(2));
        settle();
        ContextTree tree = digested();
        // Neither file changes, not even by a rename of its own.
        Files.move(context.resolve("d"), temp.resolve("kept"));
        Files.move(temp.resolve("other"), context.resolve("d"));
        tree.contentDigest(tree.lstat("/d/a").orElseThrow());
        Files.move(context.resolve("d"), temp.resolve("other"));
        Files.move(temp.resolve("kept"), context.resolve("d"));
        assertThatThrownBy(() -> run(add("d/a"), tree))
                .isInstanceOf(UserFault.class)
                .hasMessage("read /d/a" + CHANGED);
        ContextTree again = digested("/d/a");
        assertThat(again.contentDigest(again.lstat("/d/a").orElseThrow()))
                .as("what the next build is told of the file")
                .isEqualTo(Digest.of(Files.readAllBytes(context.resolve("d/a"))));
    }

    @Test
    void anArchiveThatIsCutOffIsAFault() throws IOException, InterruptedException {
        byte[] whole = archive(large(1));
        write("a", Arrays.copyOf(whole, LARGE / 2));
        settle();
        assertThatThrownBy(() -> run(add("a"), digested("/a")))
                .isInstanceOf(UserFault.class)
                .hasMessage("extract /a: it ends in the middle of an entry");
    }

    @Test
    void theWaysToUnpackAgree() throws IOException, InterruptedException {
        Random random = new Random(7);
        int whole = 0;
        for (int round = 0; round < 40; round++) {
            byte[] bytes = randomArchive(random);
            write("a", bytes);
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(bytes);
            }
            write("b" + round, packed.toByteArray());
            settle();
            AtomicInteger vouched = new AtomicInteger();
            List<String> parts = outcome("a", watched(digested("/a"), vouched, UnchangedSourcesTest::nothing));
            assertThat(vouched).hasPositiveValue();
            List<String> stream = outcome("a", digested());
            assertThat(parts).as("round %d", round).isEqualTo(stream);
            assertThat(outcome("b" + round, digested("/b" + round)))
                    .as("compressed, round %d", round)
                    .isEqualTo(stream);
            Files.delete(context.resolve("a"));
            whole += stream.size() > 1 ? 1 : 0;
        }
        assertThat(whole).as("archives that could be unpacked").isGreaterThan(10);
    }

    private List<String> outcome(String source, ContextTree tree) throws InterruptedException {
        try {
            return run(add(source), tree);
        } catch (UserFault fault) {
            return List.of(fault.text());
        }
    }

    /** Few names, so that entries meet: over each other, over directories, through links, links to what was replaced. */
    private static byte[] randomArchive(Random random) throws IOException {
        List<String> names = List.of("a", "b", "d/0", "d/1", "e/0", "l/0", "l/1");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String last = "a";
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            put(tar, "a", '0', "", random);
            put(tar, "l", '2', "d", random);
            put(tar, "d", '5', "", random);
            for (int i = 0; i < 30; i++) {
                String name = names.get(random.nextInt(names.size()));
                switch (random.nextInt(12)) {
                    case 0 -> put(tar, random.nextBoolean() ? "d" : "e", '5', "", random);
                    case 1 -> put(tar, random.nextBoolean() ? "b" : "c", '2', "a", random);
                    case 2, 3 -> put(tar, "h" + i, '1', last, random);
                    case 4 -> put(tar, random.nextInt(20) == 0 ? "d" : name, '0', "", random);
                    default -> {
                        put(tar, name, '0', "", random);
                        last = name;
                    }
                }
            }
        }
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, String name, char type, String link, Random random)
            throws IOException {
        byte[] content = new byte[type == '0' ? random.nextInt(3) * random.nextInt(6000) : 0];
        Arrays.fill(content, (byte) ('a' + random.nextInt(26)));
        TarArchiveEntry entry = new TarArchiveEntry(name, (byte) type, true);
        entry.setMode(random.nextBoolean() ? 0755 : 04755);
        entry.setIds(random.nextInt(2), random.nextInt(2));
        entry.setModTime(FileTime.from(OLD.plusSeconds(random.nextInt(100))));
        entry.setSize(content.length);
        entry.setLinkName(link);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
