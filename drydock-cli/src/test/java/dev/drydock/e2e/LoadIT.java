package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.e2e.Command.Outcome;
import dev.drydock.house.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives from other tools, and our own, loaded into a store that has nothing. */
class LoadIT {
    private Store store;
    private Path archive;

    @BeforeEach
    void open() throws Exception {
        Requires.root();
        Requires.program("skopeo");
        store = Store.create().withBusybox();
        archive = store.directory("files").resolve("busybox.tar");
        store.drydock("save", "-o", archive.toString(), "busybox:1.37").run().ok();
    }

    @AfterEach
    void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    private String id() throws Exception {
        return store.drydock("images", "-q", "--no-trunc", "busybox:1.37")
                .run()
                .ok()
                .out();
    }

    private void loads(Path file) throws Exception {
        String before = id();
        store.drydock("rmi", "busybox:1.37").run().ok();
        Outcome loaded = store.drydock("load", "-i", file.toString()).run().ok();
        assertThat(loaded.out()).as(file.toString()).isEqualTo("Loaded image: busybox:1.37\n");
        assertThat(id()).as(file.toString()).isEqualTo(before);
        Path context = store.directory("context");
        Files.writeString(context.resolve("Dockerfile"), "FROM busybox:1.37\nRUN echo " + file.getFileName() + "\n");
        store.drydock("build", "-q", context.toString()).run().ok();
        store.drydock("save", "-o", archive + ".again", "busybox:1.37").run().ok();
        Command.of("skopeo", "inspect", "docker-archive:" + archive + ".again")
                .run()
                .ok();
    }

    @Test
    void ourOwnInEveryCompression() throws Exception {
        loads(archive);
        for (List<String> how : List.of(
                List.of("gzip", ".gz"), List.of("zstd", ".zst"), List.of("xz", ".xz"), List.of("bzip2", ".bz2"))) {
            Requires.program(how.getFirst());
            Path packed = Path.of(archive + how.getLast());
            Command.of("sh", "-c", how.getFirst() + " -c < " + archive + " > " + packed)
                    .run()
                    .ok();
            loads(packed);
        }
    }

    @Test
    void whatSkopeoWrites() throws Exception {
        for (String format : List.of("docker-archive", "oci-archive")) {
            Path file = Path.of(archive + "." + format);
            Command.of(
                            "skopeo",
                            "--insecure-policy",
                            "copy",
                            "-q",
                            "docker-archive:" + archive,
                            format + ":" + file + ":docker.io/library/busybox:1.37")
                    .run()
                    .ok();
            store.drydock("rmi", "busybox:1.37").run().ok();
            assertThat(store.drydock("load", "-i", file.toString()).run().ok().out())
                    .isEqualTo("Loaded image: busybox:1.37\n");
            // Skopeo writes a configuration of its own, so the ID is another; the files must be there.
            Path context = store.directory("context");
            Files.writeString(context.resolve("Dockerfile"), "FROM busybox:1.37\nRUN echo " + format + "\n");
            store.drydock("build", "-q", context.toString()).run().ok();
        }
    }

    @Test
    void whatPodmanAndBuildahWrite(@TempDir Path run) throws Exception { // podman takes 50 characters at most
        Requires.program("podman");
        Requires.program("buildah");
        Path peer = store.directory("peer");
        List<String> where = List.of("--root", peer + "/s", "--runroot", run.toString(), "--storage-driver", "vfs");
        peer("podman", where, "load", "-q", "-i", archive.toString());
        peer("podman", where, "tag", "busybox:1.37", "localhost/other:2");
        peer("podman", where, "save", "-q", "-m", "-o", archive + ".many", "busybox:1.37", "localhost/other:2");
        peer("podman", where, "save", "-q", "--format", "oci-archive", "-o", archive + ".oci", "localhost/other:2");
        peer("buildah", where, "push", "-q", "localhost/other:2", "docker-archive:" + archive + ".buildah:b/c:3");
        peer("buildah", where, "push", "-q", "localhost/other:2", "oci-archive:" + archive + ".bo:b/c:4");
        store.drydock("rmi", "busybox:1.37").run().ok();
        assertThat(loaded(".many"))
                .contains("Loaded image: busybox:1.37\n")
                .contains("Loaded image: localhost/other:2\n")
                .hasLineCount(2);
        assertThat(loaded(".oci")).isEqualTo("Loaded image: localhost/other:2\n");
        assertThat(loaded(".buildah")).contains("Loaded image: b/c:3\n");
        assertThat(loaded(".bo")).contains("Loaded image: b/c:4\n");

        store.drydock("save", "-o", archive + ".ours", "busybox:1.37", "b/c:3", "b/c:4")
                .run()
                .ok();
        peer("podman", where, "rmi", "-a", "-f");
        assertThat(peer("podman", where, "load", "-q", "-i", archive + ".ours"))
                .contains("busybox:1.37")
                .contains("b/c:3")
                .contains("b/c:4");
    }

    private String loaded(String suffix) throws Exception {
        return store.drydock("load", "-i", archive + suffix).run().ok().out();
    }

    private static String peer(String program, List<String> where, String... words) throws Exception {
        List<String> all = new java.util.ArrayList<>(List.of(program));
        all.addAll(where);
        all.addAll(List.of(words));
        return new Command(all).run().ok().out();
    }

    @Test
    void whatIsNoImageArchive() throws Exception {
        Outcome rootfs =
                store.drydock("load", "-i", store.busyboxTar().toString()).run();
        assertThat(rootfs.exit()).isEqualTo(1);
        assertThat(rootfs.err()).startsWith("unrecognized image format\nhint: A root file system is no image");
        Outcome garbage = store.drydock("load").stdin("garbage\n").run();
        assertThat(garbage.exit()).isEqualTo(1);
        assertThat(garbage.err()).contains("read image archive: ");
        byte[] whole = Files.readAllBytes(archive);
        Path half = Files.write(Path.of(archive + ".half"), java.util.Arrays.copyOf(whole, whole.length / 2));
        assertThat(store.drydock("load", "-i", half.toString()).run().err())
                .contains("read image archive: it ends in the middle of an entry");
    }
}
