package dev.drydock.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeftoversTest {
    private Path directory;
    private Set<String> before;

    @BeforeEach
    void look() throws Exception {
        directory = Files.createTempDirectory(Leftovers.MARK);
        before = Leftovers.now();
    }

    @AfterEach
    void delete() throws Exception {
        Path store = directory.resolve("store");
        for (String name : new String[] {"tmp/left", "tmp", "drydock.db", ""}) {
            Files.deleteIfExists(store.resolve(name));
        }
        Files.deleteIfExists(directory.resolve("file"));
        Files.delete(directory);
    }

    @Test
    void nothingIsLeftByNothing() {
        assertThat(Leftovers.since(before)).isEmpty();
    }

    @Test
    void aChildIsSeen() throws Exception {
        Process child = new ProcessBuilder("sleep", "60").start();
        assertThat(Leftovers.since(before)).containsExactly("process " + child.pid() + " sleep 60");
        child.destroyForcibly().waitFor();
        assertThat(Leftovers.since(before)).isEmpty();
    }

    /** Its parent is dead, so it is nobody's child; its directory tells whose it is. */
    @Test
    void anOrphanIsSeen() throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 60 > /dev/null 2>&1 & echo $!")
                .directory(directory.toFile())
                .start();
        String pid =
                new String(parent.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII).strip();
        parent.waitFor();
        assertThat(Leftovers.since(before)).containsExactly("process " + pid + " sleep 60");
        ProcessHandle orphan = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        orphan.destroyForcibly();
        orphan.onExit().get();
    }

    @Test
    void anOpenFileAndALockAreSeen() throws Exception {
        Path file = directory.resolve("file");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(channel.tryLock()).isNotNull();
            assertThat(Leftovers.since(before))
                    .hasSize(2)
                    .anyMatch(line -> line.startsWith("lock POSIX WRITE "))
                    .anyMatch(line -> line.startsWith("open file ") && line.endsWith(" " + file));
        }
        assertThat(Leftovers.since(before)).isEmpty();
    }

    @Test
    void aMountIsSeenInWhateverNamespace() throws Exception {
        Requires.root();
        Process child = new ProcessBuilder(
                        "unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs . && echo up && exec sleep 600")
                .directory(directory.toFile())
                .start();
        try (var out = child.inputReader()) {
            assertThat(out.readLine()).isEqualTo("up");
            assertThat(Leftovers.since(before))
                    .anyMatch(line -> line.startsWith("mount ")
                            && line.contains(directory.getFileName().toString()));
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(Leftovers.since(before)).isEmpty();
    }

    @Test
    void unfinishedWorkOfAStoreIsSeen() throws Exception {
        Path left = Files.createDirectories(directory.resolve("store/tmp")).resolve("left");
        Files.createFile(directory.resolve("store/drydock.db"));
        Files.createFile(left);
        assertThat(Leftovers.since(before)).containsExactly("unfinished file " + left);
    }
}
