package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.e2e.Command.Outcome;
import dev.drydock.house.Requires;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person reads when the host lacks something: a runtime, rights, space, a store that can be used. */
class HostErrorsIT {
    private static Store store;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        Requires.program("runc");
        Requires.program("busybox");
        Requires.program("unshare");
        store = Store.create().withBusybox();
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    /** Runs drydock at the end of a shell script, which sees the words as its arguments. */
    private static Command under(String script, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", script, "sh"));
        all.addAll(store.drydock(words).words());
        return new Command(all).with("DRYDOCK_ROOT", store.root().toString()).with("NO_COLOR", "1");
    }

    private static Path project(String dockerfile) throws Exception {
        Path project = Files.createTempDirectory(store.directory("projects"), "p");
        Files.writeString(project.resolve("Dockerfile"), dockerfile);
        return project;
    }

    private static String failure(Outcome outcome) {
        assertThat(outcome.exit()).as(outcome.toString()).isEqualTo(1);
        assertThat(outcome.err())
                .doesNotContain("\tat ")
                .doesNotContain("Exception")
                .contains("\nhint: ");
        return outcome.err();
    }

    @Test
    void noRuntimeInstalled() throws Exception {
        String hide = "for each in runc crun; do"
                + " if p=$(command -v $each); then mount --bind /dev/null \"$(readlink -f \"$p\")\"; fi; done; exec \"$@\"";
        Path project = project("FROM busybox:1.37\nRUN echo without a runtime\n");
        String text =
                failure(under(hide, "build", "--isolation=oci", ".").in(project).run());
        assertThat(text)
                .contains("Dockerfile:2\n")
                .contains(
                        "ERROR: failed to build: failed to solve: run step: no OCI runtime found: looked for runc and crun")
                .contains("hint: Install one with `apt-get install runc`, or build with --isolation=chroot.");
        assertThat(under(hide, "build", ".").in(project).run().ok().err())
                .contains("RUN steps are isolated by chroot and namespaces alone");
    }

    @Test
    void aPathOfLinksIsAsGood() throws Exception {
        Path links = store.directory("links");
        for (String place : List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin")) {
            try (var programs = Files.list(Path.of(place))) {
                for (Path program : programs.toList()) {
                    Path link = links.resolve(program.getFileName());
                    if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                        Files.createSymbolicLink(link, program);
                    }
                }
            }
        }
        Path project = project("FROM busybox:1.37\nRUN echo through links\n");
        Outcome outcome = store.drydock("build", "--isolation=oci", ".")
                .with("PATH", links.toString())
                .in(project)
                .run()
                .ok();
        assertThat(outcome.err()).doesNotContain("failed");
    }

    /** Where user namespaces are allowed, the launcher enters one, in which root has what it lacks outside. */
    @Test
    void rootWithoutTheCapabilityToMount() throws Exception {
        Path project = project("FROM busybox:1.37\nRUN echo a namespace helps\n");
        String drop = "exec setpriv --bounding-set -sys_admin \"$@\"";
        under(drop, "build", ".").in(project).run().ok();
        String script = "exec unshare --user --map-root-user sh -c '"
                + "echo 0 > /proc/sys/user/max_user_namespaces && " + drop + "' sh \"$@\"";
        Path refused = project("FROM busybox:1.37\nRUN echo never\n");
        String text = failure(under(script, "build", ".").in(refused).run());
        assertThat(text).contains("root lacks the capability CAP_SYS_ADMIN").contains("--privileged");
    }

    /** In a user namespace of its own, in which no other may be made, as a user who is not root there. */
    @Test
    void neitherRootNorUserNamespaces() throws Exception {
        String script = "exec unshare --user --map-user=1000 --map-group=1000 --keep-caps sh -c '"
                + "echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --ambient-caps -all --inh-caps -all \"$@\"'"
                + " sh \"$@\"";
        Path run = project("FROM busybox:1.37\nRUN echo never\n");
        String text = failure(under(script, "build", ".").in(run).run());
        assertThat(text)
                .contains("this process is neither root nor root of a user namespace: "
                        + "user namespaces are switched off (sysctl user.max_user_namespaces is 0)")
                .contains("hint: Run as root, or switch them on: `sudo sysctl -w user.max_user_namespaces=15000`.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"images", "build", "import"})
    void aStoreThatCannotBeUsed(String command) throws Exception {
        String[] words = switch (command) {
            case "build" ->
                new String[] {"build", project("FROM busybox:1.37\n").toString()};
            case "import" -> new String[] {"import", store.busyboxTar().toString(), "x"};
            default -> new String[] {"images"};
        };
        Path directory = Files.createTempDirectory(store.directory("stores"), "s");
        Path file = Files.writeString(directory.resolve("file"), "not a directory\n");
        for (Path root : List.of(file, file.resolve("below"))) {
            assertThat(failure(at(root, words).run()))
                    .contains("open store " + root + ": " + file + " is not a directory\n")
                    .contains("--root DIR");
        }
        String readOnly = "mount -t tmpfs -o ro tmpfs '" + directory + "' && exec \"$@\"";
        for (Path root : List.of(directory, directory.resolve("below"))) {
            assertThat(failure(under(readOnly, rooted(root, words)).run()))
                    .contains("open store " + root + ": read-only file system");
        }
        Path foreign = directory.resolve("foreign");
        at(foreign, "images").run().ok();
        for (String mode : List.of("0700", "0755")) {
            Command.of("chmod", mode, foreign.toString()).run().ok();
            String user = "chmod 0711 '" + store.root().getParent() + "' && exec setpriv --reuid 65534 --regid 65534 "
                    + "--clear-groups --no-new-privs env HOME=/nonexistent \"$@\"";
            assertThat(failure(under(user, rooted(foreign, words)).run()))
                    .contains("open store " + foreign + ": ")
                    .contains("permission denied");
        }
    }

    private static String[] rooted(Path root, String... words) {
        List<String> all = new ArrayList<>(List.of("--root", root.toString()));
        all.addAll(List.of(words));
        return all.toArray(String[]::new);
    }

    private static Command at(Path root, String... words) {
        return store.drydock(rooted(root, words));
    }

    @Test
    void aStoreOfANewerVersionIsLeftAlone() throws Exception {
        Path root = store.directory("newer");
        at(root, "images").run().ok();
        Path database = root.resolve("drydock.db");
        byte[] bytes = Files.readAllBytes(database);
        bytes[63] = 99; // user_version is the big-endian number at 60
        Files.write(database, bytes);
        for (String[] words : new String[][] {
            {"images"}, {"tag", "a", "b"}, {"build", project("FROM a\n").toString()}
        }) {
            assertThat(failure(at(root, words).run()))
                    .contains("open store " + root + ": it was written by a newer drydock (schema 99, this one knows ")
                    .contains("--root DIR");
        }
        assertThat(Files.readAllBytes(database)).isEqualTo(bytes);
    }

    @Test
    void aDamagedDatabaseIsNamed() throws Exception {
        Path root = store.directory("damaged");
        at(root, "images").run().ok();
        Files.writeString(root.resolve("drydock.db"), "this is no database\n".repeat(1000));
        for (String[] words : new String[][] {
            {"images"}, {"build", project("FROM busybox:1.37\n").toString()}
        }) {
            assertThat(failure(at(root, words).run()))
                    .contains("use store's database " + root.resolve("drydock.db") + ": it is not a database");
        }
    }

    @Test
    void aDamagedBlobIsNamed() throws Exception {
        Path root = store.directory("blobs");
        at(root, "import", store.busyboxTar().toString(), "busybox:1.37").run().ok();
        try (var files = Files.walk(root.resolve("blobs"))) {
            for (Path blob : files.filter(Files::isRegularFile).toList()) {
                Files.write(blob, new byte[] {'{'});
            }
        }
        Path archive = root.resolveSibling("damaged.tar");
        Outcome outcome =
                at(root, "save", "-o", archive.toString(), "busybox:1.37").run();
        assertThat(outcome.exit()).as(outcome.toString()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("sha256:")
                .contains("hint: ")
                .doesNotContain("\tat ")
                .doesNotContain("has a bug");
        assertThat(archive).doesNotExist();
    }

    @Test
    void aFullDiskInARunAndInACopy() throws Exception {
        Path disk = store.directory("disk");
        Command.of("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", disk.toString())
                .run()
                .ok();
        try {
            Path root = disk.resolve("store");
            at(root, "import", store.busyboxTar().toString(), "busybox:1.37")
                    .run()
                    .ok();
            long before = used(disk);

            Path project = project("FROM busybox:1.37\nRUN dd if=/dev/zero of=/big bs=1M count=200\n");
            assertThat(failure(at(root, "build", ".").in(project).run()))
                    .contains("No space left on device")
                    .contains("hint: No space is left on the store's file system");
            assertThat(used(disk) - before).isLessThan(1 << 20);

            Files.write(
                    project.resolve("big"), "0123456789abcdef".repeat(1 << 22).getBytes(StandardCharsets.US_ASCII));
            Files.writeString(project.resolve("Dockerfile"), "FROM busybox:1.37\nCOPY big /\n");
            assertThat(failure(at(root, "build", ".").in(project).run()))
                    .contains("/big: no space left on device")
                    .contains("Dockerfile:2\n");
            assertThat(used(disk) - before).isLessThan(1 << 20);

            // the step succeeds and leaves no room for the image
            Files.writeString(
                    project.resolve("Dockerfile"),
                    "FROM busybox:1.37\nRUN dd if=/dev/zero of=/big bs=1k count=200000 2> /dev/null; true\n");
            assertThat(failure(at(root, "build", "-t", "full", ".").in(project).run()))
                    .contains("no space left on device");
            assertThat(at(root, "images", "-q", "full").run().ok().out()).isEmpty();
            assertThat(used(disk) - before).isLessThan(1 << 20);

            Files.writeString(project.resolve("Dockerfile"), "FROM busybox:1.37\nRUN echo fits > /file\n");
            at(root, "build", "-t", "fits", ".").in(project).run().ok();
        } finally {
            Command.of("umount", disk.toString()).run().ok();
        }
    }

    private static long used(Path disk) throws Exception {
        var file = Files.getFileStore(disk);
        return file.getTotalSpace() - file.getUnallocatedSpace();
    }
}
