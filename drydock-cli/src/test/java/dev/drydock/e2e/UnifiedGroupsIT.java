package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Control groups of version 2 alone, on any host whose kernel has them: in a mount namespace in which nothing else is at
 * their place. Controllers that the host has bound to version 1 are not there, as on hosts that delegate few.
 */
class UnifiedGroupsIT {
    private static final String ALONE =
            "umount -l /sys/fs/cgroup 2> /dev/null || :; mount -t cgroup2 none /sys/fs/cgroup";

    private static Store store;
    private int projects;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        for (String program : List.of("runc", "busybox", "unshare")) {
            Requires.program(program);
        }
        Requires.that(
                alone("test -e /sys/fs/cgroup/cgroup.controllers").run().exit() == 0,
                "needs a kernel and a root that can mount control groups of version 2");
        store = Store.create().withBusybox();
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    private static Command alone(String script) {
        return Command.of("unshare", "--mount", "--propagation", "private", "sh", "-ec", ALONE + "\n" + script);
    }

    /** A build that sees nothing but version 2; its process is the first of the namespace. */
    private Command build(String dockerfile, String... flags) throws IOException {
        Path project = store.directory("unified" + projects++);
        Files.writeString(project.resolve("Dockerfile"), "FROM busybox:1.37\n" + dockerfile);
        List<String> words = new ArrayList<>(List.of("build", "--no-cache", "--progress=plain"));
        words.addAll(List.of(flags));
        words.add(project.toString());
        return drydock(words.toArray(String[]::new));
    }

    private static Command drydock(String... arguments) {
        Command plain = store.drydock(arguments);
        List<String> words = new ArrayList<>(
                List.of("unshare", "--mount", "--propagation", "private", "sh", "-ec", ALONE + "\nexec \"$@\"", "sh"));
        words.addAll(plain.words());
        return plain.instead(words).with("DRYDOCK_RUNTIME", "runc");
    }

    @Test
    void aStepHasAGroupOfItsOwnWhileItRuns() throws Exception {
        assertThat(drydock("doctor").run().out()).containsPattern("ok    control groups +version 2\n");
        Path note = store.directory("watched").resolve("err");
        Process build = build("""
                        RUN grep -c ' /sys/fs/cgroup cgroup2 ro,' /proc/mounts
                        RUN touch /sys/fs/cgroup/x 2>&1; cat /proc/self/cgroup; echo begun; sleep 600
                        """).errorTo(note).start();
        RunningBuild.awaitText(build, note, " begun\n");
        String group = "ls -d /sys/fs/cgroup/drydock-" + build.pid() + "-*";
        assertThat(alone(group + "; cat /sys/fs/cgroup/drydock-" + build.pid() + "-*/cgroup.procs | wc -l")
                        .run()
                        .ok()
                        .lines())
                .hasSize(2)
                .satisfies(
                        lines -> assertThat(Integer.parseInt(lines.getLast())).isGreaterThan(0));
        String said = Files.readString(note);
        assertThat(said)
                .containsPattern("#[0-9]+ [0-9.]+ 1\n")
                .contains("/sys/fs/cgroup/x: Read-only file system")
                .contains(" 0::/\n");
        build.destroy();
        build.waitFor();
        assertThat(alone(group).run().exit()).isNotZero();
        store.assertNothingLeft();
    }

    @Test
    void theGroupOfAKilledBuildIsTakenAwayByTheNext() throws Exception {
        Path note = store.directory("killed").resolve("err");
        Process build = build("RUN echo begun; sleep 600\n").errorTo(note).start();
        RunningBuild.awaitText(build, note, " begun\n");
        RunningBuild.kill(build);
        build("RUN true\n").run().ok();
        assertThat(alone("ls -d /sys/fs/cgroup/drydock-" + build.pid() + "-*")
                        .run()
                        .exit())
                .isNotZero();
        store.assertNothingLeft();
    }

    @Test
    void aParentIsTakenAndLimitsAreKeptOrItIsSaid() throws Exception {
        String parent = "/drydock-it-" + ProcessHandle.current().pid();
        try {
            build("RUN true\n", "--cgroup-parent=" + parent).run().ok();
            assertThat(alone("ls -d /sys/fs/cgroup" + parent + "/*/").run().exit())
                    .as("only the parent stays")
                    .isNotZero();
        } finally {
            alone("rmdir /sys/fs/cgroup" + parent).run().ok();
        }
        boolean memory =
                alone("grep -qw memory /sys/fs/cgroup/cgroup.controllers").run().exit() == 0;
        Command.Outcome limited = build(
                        "RUN dd if=/dev/zero of=/dev/null bs=200M count=1\n", "--memory=32m", "--memory-swap=32m")
                .run();
        if (memory) {
            assertThat(limited.err()).contains("exit code: 137\n");
        } else {
            assertThat(limited.ok().err())
                    .contains(
                            "[internal] RUN steps are not limited (memory, memory-swap): this host's control groups have"
                                    + " no controller for that\n");
        }
        store.assertNothingLeft();
    }
}
