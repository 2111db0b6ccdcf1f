package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real tools take what Drydock makes. */
class ToolsIT {
    private static Store store;
    private static Path archive;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        for (String program : List.of("runc", "busybox", "podman", "umoci", "skopeo")) {
            Requires.program(program);
        }
        store = Store.create().withBusybox();
        Path project = store.directory("tools");
        Files.writeString(project.resolve("Dockerfile"), """
                FROM busybox:1.37
                RUN rm /etc/group && echo made > /made
                COPY --chmod=755 hello.sh /
                USER nobody
                CMD ["/hello.sh"]
                """);
        Files.writeString(project.resolve("hello.sh"), "#!/bin/sh\necho hello from $(id -u) && cat /made && ls /etc\n");
        store.drydock("build", "-t", "tools:1", "-t", "registry.example.com/team/tools:2", ".")
                .in(project)
                .run()
                .ok();
        archive = project.resolve("tools.tar");
        store.drydock("save", "-o", archive.toString(), "tools:1", "registry.example.com/team/tools:2")
                .run()
                .ok();
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    @Test
    void skopeoReadsBothFormsOfTheArchive() throws Exception {
        String docker = Command.of("skopeo", "inspect", "docker-archive:" + archive + ":tools:1")
                .run()
                .ok()
                .out();
        assertThat(docker).contains("\"Architecture\"").contains("\"Layers\"");
        String config = Command.of("skopeo", "inspect", "--config", "docker-archive:" + archive + ":tools:1")
                .run()
                .ok()
                .out();
        assertThat(config).contains("/hello.sh").contains("buildkit.dockerfile.v0");
        Path layout = store.directory("layout");
        Command.of("tar", "-xf", archive.toString(), "-C", layout.toString())
                .run()
                .ok();
        assertThat(layout.resolve("oci-layout")).exists();
        assertThat(Files.readString(layout.resolve("index.json"))).contains("io.containerd.image.name");
        Command.of("skopeo", "copy", "-q", "oci:" + layout + ":1", "dir:" + store.directory("dir"))
                .run()
                .ok();
    }

    @Test
    void umociUnpacksIt() throws Exception {
        Path layout = store.directory("umoci");
        Command.of(
                        "skopeo",
                        "copy",
                        "-q",
                        "docker-archive:" + archive + ":tools:1",
                        "oci:" + layout.resolve("l") + ":x")
                .run()
                .ok();
        Path bundle = layout.resolve("bundle");
        Command.of("umoci", "unpack", "--image", layout.resolve("l") + ":x", bundle.toString())
                .run()
                .ok();
        assertThat(bundle.resolve("rootfs/made")).hasContent("made");
        assertThat(bundle.resolve("rootfs/etc/group")).doesNotExist();
    }

    @Test
    void podmanLoadsAndRunsIt(@TempDir Path run) throws Exception { // podman takes 50 characters at most
        Path peer = store.directory("podman");
        List<String> podman = List.of(
                "podman",
                "--root",
                peer + "/store",
                "--runroot",
                run.toString(),
                "--storage-driver",
                "vfs",
                "--runtime",
                "runc",
                "--cgroup-manager",
                "cgroupfs");
        String load = String.join(" ", podman) + " load";
        Command.of("sh", "-c", "cat " + archive + " | " + load).run().ok();
        List<String> words = new java.util.ArrayList<>(podman);
        words.addAll(List.of(
                "run",
                "--rm",
                "--network",
                "none",
                "--ulimit",
                "nofile=1024:1024",
                "--ulimit",
                "nproc=1024:1024",
                "localhost/tools:1"));
        Command.Outcome outcome = new Command(words).run();
        assertThat(outcome.exit()).as(outcome.toString()).isZero();
        assertThat(outcome.out())
                .contains("hello from 65534")
                .contains("made")
                .contains("passwd")
                .doesNotContain("group");
    }

    @Test
    void savedTwiceItIsTheSameBytes() throws Exception {
        Path again = store.directory("again").resolve("again.tar");
        store.drydock("save", "-o", again.toString(), "tools:1", "registry.example.com/team/tools:2")
                .run()
                .ok();
        assertThat(Files.mismatch(archive, again)).isEqualTo(-1);
    }
}
