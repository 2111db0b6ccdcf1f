package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds inside a container that Podman runs with the capabilities and the system call filter that it gives everybody. */
class NestedIT {
    @TempDir
    private static Path runDirectory; // podman takes 50 characters at most

    private static Store store;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        for (String program : List.of("podman", "runc", "busybox")) {
            Requires.program(program);
        }
        store = Store.create().withBusybox();
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    /** This machine's own root file system, which the container may write to as much as it likes. */
    private static Command inContainer(Path home, String script, String... flags) {
        String checkout = Store.checkout().toString();
        String java = Path.of(System.getProperty("java.home")).toString();
        List<String> words = new ArrayList<>(
                List.of("podman", "--root", store.root().resolveSibling("peer").toString()));
        words.addAll(
                List.of("--runroot", runDirectory.toString(), "--runtime", "runc", "--cgroup-manager", "cgroupfs"));
        words.addAll(List.of("run", "--rm", "--network", "none"));
        words.addAll(List.of("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096"));
        words.addAll(List.of(
                "-v", home + ":" + home, "-v", checkout + ":" + checkout + ":ro", "-v", java + ":" + java + ":ro"));
        words.addAll(List.of(flags));
        words.addAll(List.of("--env", "DRYDOCK_ROOT=" + home + "/store", "--env", "JAVA_HOME=" + java));
        words.addAll(List.of("--env", "NO_COLOR=1", "--rootfs", "/:O", "sh", "-ec", script));
        return new Command(words);
    }

    @Test
    void aContainerWithDefaultsBuildsInAUserNamespace() throws Exception {
        Path home = store.directory("nested");
        Path project = Files.createDirectories(home.resolve("project"));
        Files.writeString(project.resolve("Dockerfile"), """
                FROM busybox:1.37
                RUN echo ran as $(id -u) && chown nobody:staff /home && touch /new
                USER nobody
                RUN --mount=type=cache,target=/c,uid=65534 --mount=type=tmpfs,target=/m touch /c/x /m/x && id -u
                """);
        Files.copy(store.busyboxTar(), home.resolve("busybox.tar"));
        String drydock = Store.checkout()
                .resolve("drydock-cli/target/dist/drydock/bin/drydock")
                .toString();
        Command.Outcome outcome =
                inContainer(home, """
                grep -q 'CapEff:.*[0189cd].....$' /proc/self/status
                %1$s import %2$s/busybox.tar busybox:1.37
                %1$s build --progress=plain -t nested %2$s/project
                %1$s doctor
                %1$s images -q
                """.formatted(drydock, home)).run().ok();
        assertThat(outcome.err())
                .contains("RUN steps are isolated by chroot and namespaces alone")
                .contains("and /proc shows every process around the build.")
                .contains(" ran as 0\n")
                .containsPattern("#[0-9]+ [0-9.]+ 65534\n");
        assertThat(outcome.out())
                .containsPattern("ok    user +root of a user namespace with [0-9]+ IDs")
                .containsPattern("lack  runtime +chroot");
        store.assertNothingLeft();
    }
}
