package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The process of a step: who it is, where it is, what it may use, what is heard of it, and how it ends. */
class ProcessIT {
    private static Store store;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        Requires.program("runc");
        Requires.program("busybox");
        store = Store.create().withBusybox();
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    private static Command build(String dockerfile, String... flags) throws IOException {
        return store.buildAnew(store.project(dockerfile), flags);
    }

    /** Supplementary groups are those of the image's group file, and only where USER names no group. */
    @Test
    void itIsItsUserInItsDirectory() throws Exception {
        String say = "RUN echo \"$(id -u):$(id -g):$(id -G) $HOME $(pwd) $(hostname)\"\n";
        String said = build("""
                        RUN echo 'app:x:1000:1001::/home/app:/bin/sh' >> /etc/passwd \\
                            && printf 'app:x:1001:\\nextra:x:1002:nobody,app\\nlast:x:1003:app\\n' >> /etc/group
                        WORKDIR /srv/a b
                        %1$sUSER app
                        WORKDIR below
                        %1$sUSER app:extra
                        %1$sUSER 1000
                        %1$sUSER 4321:last
                        %1$sUSER 4321
                        %1$s""".formatted(say)).run().ok().err();
        assertThat(said.lines()
                        .filter(line -> line.endsWith(" buildkitsandbox"))
                        .map(line -> line.replaceFirst("^\\S+ \\S+ ", "")))
                .containsExactly(
                        "0:0:0 /root /srv/a b buildkitsandbox",
                        "1000:1001:1001 1002 1003 /home/app /srv/a b/below buildkitsandbox",
                        "1000:1002:1002 /home/app /srv/a b/below buildkitsandbox",
                        "1000:1001:1001 1002 1003 /home/app /srv/a b/below buildkitsandbox",
                        "4321:1003:1003 / /srv/a b/below buildkitsandbox",
                        "4321:0:0 / /srv/a b/below buildkitsandbox");
    }

    @Test
    void whateverItPrintsIsHeard() throws Exception {
        int length = 300_000;
        String said = build("RUN head -c " + length
                        + " /dev/zero | tr '\\0' x; echo; printf 'bytes \\377\\200\\000 end\\n';"
                        + " printf '10%%\\r50%%\\r100%%\\n'; printf 'caf\\303' && sleep 0.1 && printf '\\251\\n';"
                        + " printf 'no newline'\n")
                .run()
                .ok()
                .err();
        assertThat(said)
                .contains("x".repeat(length) + "\n")
                .contains(" bytes \uFFFD\uFFFD\0 end\n")
                .contains("100%\n")
                .contains(" café\n")
                .contains(" no newline\n");
    }

    /** The end of the command is the end of the step, for those whom it left running, too. */
    @Test
    void whatItLeavesBehindEndsWithIt() throws Exception {
        String said = build("""
                        RUN sleep 600 & setsid sh -c 'trap "" TERM HUP INT; sleep 600 & sleep 600' & \\
                            (sh -c 'sleep 600 & exit' ); nohup sleep 600 > /dev/null 2>&1 & echo left four
                        RUN ps | grep -c '[s]leep' || true
                        """).run().ok().err();
        assertThat(said).contains(" left four\n").containsPattern("#[0-9]+ [0-9.]+ 0\n");
        store.assertNothingLeft();
    }

    /** Whoever ends without a parent is nobody's for long: the first process of the step takes what is left of it. */
    @Test
    void orphansThatEndAreReaped() throws Exception {
        for (String isolation : List.of("oci", "chroot")) {
            String said = build("""
                            RUN i=0; while [ $i -lt 200 ]; do (sh -c 'exit 3' &); i=$((i+1)); done; sleep 1; \
                                zombies() { grep -l '^State:.Z' /proc/[0-9]*/status 2> /dev/null | wc -l; }; \
                                while [ $(zombies) != 0 ] && [ $i -lt 1000 ]; do sleep 0.1; i=$((i+1)); done; \
                                echo zombies $(zombies)
                            """, "--isolation=" + isolation).run().ok().err();
            assertThat(said).as(isolation).contains(" zombies 0\n");
            store.assertNothingLeft();
        }
    }

    /** A command that misses a file, or may not read one, was started all the same. */
    @Test
    void whatACommandSaysIsNotTakenForTheRuntimes() throws Exception {
        for (String[] each : new String[][] {
            {"cat /nothing", "No such file or directory"},
            {"mkdir /mine", "Permission denied"},
            {"echo x: exec format error >&2; false", "exec format error"}
        }) {
            var failed = build("USER nobody\nRUN " + each[0] + "\n").run();
            assertThat(failed.exit()).isEqualTo(1);
            assertThat(failed.err()).contains(each[1]).doesNotContain("hint:");
        }
    }

    /** Signals keep their meaning, and what is said of them is what helps. */
    @Test
    void howItEndsIsItsExitCode() throws Exception {
        String died = build("RUN trap 'echo caught; exit 7' TERM; kill -TERM $$\n")
                .run()
                .err();
        assertThat(died).contains(" caught\n").contains("did not complete successfully: exit code: 7\n");
        String killed = build("RUN sh -c 'kill -SEGV $$'; exit $?\n").run().err();
        assertThat(killed).contains("exit code: 139\n").contains("hint: SIGSEGV ended the command.\n");
    }

    @Test
    void aStepThatReachesItsMemoryLimitIsToldSo() throws Exception {
        for (String flag : List.of("--resource=memory=32m", "--memory=32m")) {
            var outcome = build("RUN dd if=/dev/zero of=/dev/null bs=200M count=1\n", flag, "--memory-swap=32m")
                    .run();
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.err())
                    .contains("exit code: 137\n")
                    .contains(
                            "hint: SIGKILL ended the command, as the kernel does when a step reaches its memory limit:"
                                    + " --resource memory=32m.\n");
        }
    }

    @Test
    void limitsAreTheControlGroups() throws Exception {
        Path note = store.directory("limits").resolve("err");
        Process build = build(
                        "RUN echo begun && sleep 600\n",
                        "--resource=cpu-quota=50000,memory=64m",
                        "--cpu-period=100000",
                        "--cpu-quota=7",
                        "--resource",
                        "cpuset-cpus=0")
                .errorTo(note)
                .start();
        RunningBuild.awaitText(build, note, " begun\n");
        boolean unified = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
        String quota = unified ? read(build, "", "cpu.max") : read(build, "cpu", "cpu.cfs_quota_us");
        String memory = unified ? read(build, "", "memory.max") : read(build, "memory", "memory.limit_in_bytes");
        String cpus = unified ? read(build, "", "cpuset.cpus") : read(build, "cpuset", "cpuset.cpus");
        build.destroy();
        build.waitFor();
        assertThat(List.of(quota, memory, cpus)).containsExactly(unified ? "50000 100000" : "50000", "67108864", "0");
        store.assertNothingLeft();
    }

    private static String read(Process build, String controller, String file) throws IOException {
        Path top = Path.of("/sys/fs/cgroup", controller);
        try (DirectoryStream<Path> groups = Files.newDirectoryStream(top, "drydock-" + build.pid() + "-*")) {
            for (Path group : groups) {
                return Files.readString(group.resolve(file)).strip();
            }
        }
        return "no group below " + top;
    }

    /** Limits are no part of the key: a step that had less makes the same image. */
    @Test
    void limitsAreNoPartOfTheKey() throws Exception {
        Path project = store.directory("keyed");
        Files.writeString(project.resolve("Dockerfile"), "FROM busybox:1.37\nRUN echo keyed\n");
        store.drydock("build", "--resource=memory=64m", project.toString())
                .run()
                .ok();
        assertThat(store.drydock("build", "--progress=plain", project.toString())
                        .run()
                        .ok()
                        .err())
                .contains("CACHED\n\n");
    }

    @Test
    void aLimitThatIsNoneSaysSo() throws Exception {
        for (String[] flag : new String[][] {
            {"memory", "must be a key=value pair"},
            {"memory=much", "invalid size: 'much'"},
            {"disk=1g", "unknown resource \"disk\""},
            {"cpu-quota=x", "strconv.ParseInt: parsing \"x\": invalid syntax"},
            {"cpuset-cpus=a", "must be a list like 0-3 or 0,1"}
        }) {
            var outcome = build("RUN true\n", "--resource=" + flag[0]).run();
            assertThat(outcome.exit()).isEqualTo(125);
            assertThat(outcome.err())
                    .startsWith("invalid argument \"" + flag[0] + "\" for \"--resource\" flag: ")
                    .contains(flag[1]);
        }
    }

    @Test
    void whereNothingCanBeLimitedItIsSaid() throws Exception {
        try (PlainUser user = PlainUser.create(PlainUser.Ids.ONE)) {
            Path tar = user.home().resolve("busybox.tar");
            Files.copy(store.busyboxTar(), tar);
            user.write("project/Dockerfile", "FROM busybox:1.37\nRUN true\n");
            String launcher = store.drydock().words().getFirst();
            user.run(launcher, "import", tar.toString(), "busybox:1.37").run().ok();
            String said = user.run(
                            launcher,
                            "build",
                            "--progress=plain",
                            "--resource=memory=64m",
                            user.home().resolve("project").toString())
                    .run()
                    .ok()
                    .err();
            assertThat(said)
                    .contains(
                            "[internal] RUN steps are not limited (memory): this user's steps have no control groups\n");
        }
    }
}
