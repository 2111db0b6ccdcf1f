package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.e2e.Command.Outcome;
import dev.drydock.house.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A disk that fills up at fifty different points of commands: a clear error, nothing half visible, and all is well after. */
class DiskFullIT {
    private static final int POINTS = Integer.getInteger("drydock.full", "true".equals(System.getenv("CI")) ? 50 : 20);
    /** Of them; the others are on a loop device. */
    private static final int ON_MEMORY = POINTS / 10 * 5;

    private static final int KINDS = 5;
    private static final long DISK = 64L << 20;

    private Store store;
    private Path disk;
    private Path project;
    private Path archive;
    private String remote;

    @BeforeAll
    static void needs() {
        Requires.root();
        Requires.program("busybox");
        Requires.program("runc");
        Requires.program("docker-registry");
        Requires.program("sqlite3");
    }

    /** Where what is written takes room at once. */
    @Test
    void fullMemoryLosesNothing() throws Exception {
        onDisk(ON_MEMORY, List.of("mount", "-t", "tmpfs", "-o", "size=" + DISK, "tmpfs"));
    }

    /** A file system on a loop device, with a journal, and with blocks that are given out only when they are written back. */
    @Test
    void aFullFileSystemLosesNothing() throws Exception {
        Requires.program("mkfs.ext4");
        Requires.program("losetup");
        Path image = Files.createTempFile("drydock-disk-", ".img");
        try {
            Command.of("truncate", "-s", Long.toString(DISK), image.toString())
                    .run()
                    .ok();
            Command.of("mkfs.ext4", "-q", "-F", "-m", "0", image.toString())
                    .run()
                    .ok();
            onDisk(POINTS - ON_MEMORY, List.of("mount", "-o", "loop", image.toString()));
            assertThat(Command.of("losetup", "-j", image.toString()).run().ok().out())
                    .as("loop devices")
                    .isEmpty();
        } finally {
            Files.delete(image);
        }
    }

    private void onDisk(int points, List<String> mount) throws Exception {
        try (Store made = Store.create().withBusybox();
                Registry registry = Registry.start(made.directory("registry"))) {
            store = made;
            disk = store.directory("disk");
            project = store.directory("project");
            remote = registry.host() + "/big:1";
            archive = project.resolve("big.tar");
            prepare();
            List<String> words = new ArrayList<>(mount);
            words.add(disk.toString());
            new Command(words).run().ok();
            try {
                fill(points);
            } finally {
                Command.of("umount", disk.toString()).run().ok();
            }
        }
    }

    /** An image that takes some megabytes, at a registry and in an archive. */
    private void prepare() throws Exception {
        byte[] noise = new byte[3 << 20];
        new java.util.Random(1).nextBytes(noise);
        Files.write(project.resolve("noise"), noise);
        Files.writeString(project.resolve("Dockerfile"), "FROM busybox:1.37\nCOPY noise /noise\n");
        store.drydock("build", "-q", "-t", remote, project.toString()).run().ok();
        store.drydock("push", "-q", remote).run().ok();
        store.drydock("save", "-o", archive.toString(), remote).run().ok();
        Files.writeString(
                project.resolve("Dockerfile"),
                "FROM busybox:1.37\nCOPY noise /noise\nRUN cat /noise > /again && head -c 500000 /dev/zero > /zeros\n");
    }

    private Command at(String... words) {
        return store.drydock(words)
                .with("DRYDOCK_ROOT", disk.resolve("store").toString())
                .with("DRYDOCK_STORE_CEILING", "off");
    }

    private Command command(int kind) throws Exception {
        return switch (kind) {
            case 0 -> at("build", "-t", "built", project.toString());
            case 1 -> at("load", "-i", archive.toString());
            case 2 -> at("pull", remote);
            case 3 -> at("tag", "busybox:1.37", "another:name");
            default -> at("prune", "-f");
        };
    }

    private void fill(int points) throws Exception {
        at("import", store.busyboxTar().toString(), "busybox:1.37").run().ok();
        at("prune", "-f").run().ok();
        int failures = 0;
        for (int point = 0; point < points; point++) {
            int kind = point % KINDS;
            int step = point / KINDS;
            long free = kind < 3 ? step * 700_000L : step * 8_192L;
            if (kind == 4) {
                at("build", "-q", "-t", "other", project.toString()).run().ok();
                at("rmi", "other").run().ok();
            }
            if (kind == 2) {
                at("rmi", "-f", remote).run().ok();
            }
            List<String> before = images();
            long used = used();
            ballast(free);
            Outcome full = command(kind).run();
            Files.delete(disk.resolve("ballast"));
            if (full.exit() != 0) {
                failures++;
                assertThat(full.err())
                        .as("point %d: %s", point, full)
                        .containsAnyOf("no space left on device", "No space left on device")
                        .contains("hint: ")
                        .doesNotContain("bug");
                assertThat(images()).as("point %d: %s", point, full).isEqualTo(before);
                assertThat(used() - used)
                        .as("point %d: %s, given back", point, full)
                        .isLessThan(1_500_000);
                command(kind).run().ok();
            }
            if (kind == KINDS - 1) {
                Outcome fsck = at("fsck").run();
                assertThat(fsck.exit()).as("point %d: %s", point, fsck).isZero();
                at("rmi", "-f", "built", remote, "another:name").run().ok();
                at("builder", "prune", "-af").run().ok();
            }
        }
        assertThat(failures).as("points at which the disk was full").isGreaterThan(points / 4);
    }

    /** Images and names, as the database has them: quicker than to ask drydock. */
    private List<String> images() throws Exception {
        return Command.of(
                        "sqlite3",
                        disk.resolve("store/drydock.db").toString(),
                        "SELECT id FROM images WHERE listed = 1; SELECT path, tag, digest, image FROM names")
                .run()
                .ok()
                .lines();
    }

    private long used() throws Exception {
        Command.of("sync", "-f", disk.toString()).run().ok();
        return Files.getFileStore(disk).getTotalSpace()
                - Files.getFileStore(disk).getUnallocatedSpace();
    }

    /** Leaves so many bytes. */
    private void ballast(long free) throws Exception {
        Command.of("sync", "-f", disk.toString()).run().ok();
        Path file = disk.resolve("ballast");
        long size = Files.getFileStore(disk).getUsableSpace() - free;
        // A file system with a journal keeps some blocks for its own lists of what is given out.
        Outcome filled = fallocate(size, file);
        for (long own = 64 << 10; filled.exit() != 0 && own <= 1 << 20; own += 64 << 10) {
            Files.delete(file);
            filled = fallocate(size - own, file);
        }
        filled.ok();
    }

    private static Outcome fallocate(long size, Path file) throws Exception {
        return Command.of("fallocate", "-l", Long.toString(Math.max(4096, size)), file.toString())
                .run();
    }
}
