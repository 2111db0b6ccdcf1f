package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import dev.drydock.house.SystemCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps that try to get at the host, of root's and of a plain user's. Each attempt fails, and for the right reason. */
@ParameterizedClass
@EnumSource(Builder.Who.class)
class EscapeIT {
    private static Builder builder;
    private static int projects;

    @Parameter
    Builder.Who who;

    @BeforeParameterizedClassInvocation
    static void open(Builder.Who who) throws Exception {
        Requires.root();
        Requires.program("runc");
        Requires.program("crun");
        Requires.program("busybox");
        builder = Builder.create(who);
    }

    @AfterParameterizedClassInvocation
    static void close() throws Exception {
        if (builder != null) {
            builder.close();
        }
    }

    private Path project(String dockerfile) throws IOException, InterruptedException {
        return builder.write("escape" + projects++ + "/Dockerfile", "FROM busybox:1.37\n" + dockerfile)
                .getParent();
    }

    /** The build of a project, to which a test may have added files. */
    private static Command command(Path project, String... environment) throws IOException, InterruptedException {
        builder.own(project);
        return builder.drydock(
                environment.length == 0 ? Map.of() : Map.of(environment[0], environment[1]),
                "build",
                "--progress=plain",
                "--no-cache",
                project.toString());
    }

    /** What the steps of a build print, which succeeds. */
    private String build(String dockerfile) throws IOException, InterruptedException {
        return command(project(dockerfile)).run().ok().err();
    }

    /** Runs each command; none may succeed, and each must say the words that it is given with. */
    private void refused(Map<String, String> attempts) throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder("RUN <<'EOF'\n");
        int number = 0;
        for (String attempt : attempts.keySet()) {
            script.append("said=$( ( ")
                    .append(attempt)
                    .append(" ) 2>&1 ) && echo ESCAPED ")
                    .append(number);
            script.append("; echo attempt ").append(number++).append(": $said.\n");
        }
        String said = build(script.append("EOF\n").toString());
        assertThat(said).doesNotContainPattern("#[0-9]+ [0-9.]+ ESCAPED");
        number = 0;
        for (Map.Entry<String, String> attempt : attempts.entrySet()) {
            assertThat(said)
                    .as(attempt.getKey())
                    .containsPattern("(?m)#[0-9]+ [0-9.]+ attempt " + number++ + ": "
                            + (attempt.getValue().isEmpty() ? "\\.$" : ".*(" + attempt.getValue() + ")"));
        }
    }

    /** Pairs of a command and why it fails; empty for one that says nothing. */
    private static Map<String, String> attempts(String... pairs) {
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            all.put(pairs[i], pairs[i + 1]);
        }
        return all;
    }

    @Test
    void namespacesAndMountsAreRefused() throws Exception {
        refused(attempts(
                "mount -t tmpfs none /home", "Operation not permitted|permission denied",
                "mount --bind / /home", "Operation not permitted|permission denied",
                "mount -o remount,rw /proc/sys", "Operation not permitted|permission denied",
                "mount -t cgroup -o devices none /home", "Operation not permitted|permission denied",
                "umount /etc/hosts", "Operation not permitted",
                "unshare -m true", "Operation not permitted",
                "unshare -U true", "Operation not permitted",
                "unshare -n true", "Operation not permitted",
                "nsenter -t 1 -m true", "Operation not permitted",
                "chroot /proc/1/root/.. mount -t proc proc /proc", "Operation not permitted|permission denied"));
    }

    @Test
    void theKernelsSettingsAreRefused() throws Exception {
        refused(attempts(
                "echo '|/bin/sh' > /proc/sys/kernel/core_pattern", "Read-only file system",
                "echo 1 > /proc/sys/kernel/sysrq", "Read-only file system|nonexistent",
                "echo b > /proc/sysrq-trigger", "Read-only file system|nonexistent",
                "echo 0 > /proc/sys/vm/overcommit_memory", "Read-only file system",
                "hostname somebody", "Operation not permitted",
                "date -s 2001-01-01; test $(date +%Y) = 2001", "Operation not permitted",
                "swapoff -a && swapoff /home", "Operation not permitted|No such file",
                "insmod /bin/busybox", "Operation not permitted",
                "dmesg -c", "Operation not permitted",
                "head -c 1 /proc/kcore 2> /dev/null | grep .", "",
                "cat /proc/keys | grep .", "",
                "cat /proc/timer_list | grep .", "",
                "ls /sys/firmware | grep .", "",
                "touch /sys/x", "Read-only file system|Permission denied",
                "echo 1 > /sys/kernel/mm/transparent_hugepage/enabled", "Read-only file system|nonexistent directory",
                "echo /bin/sh > /sys/kernel/uevent_helper", "Read-only file system|Permission denied|nonexistent"));
    }

    @Test
    void devicesOfTheHostAreRefused() throws Exception {
        refused(attempts(
                "mknod /tmp/a b 254 0 && head -c 1 /tmp/a", "Operation not permitted",
                "mknod /tmp/b b 259 0 && head -c 1 /tmp/b", "Operation not permitted",
                "mknod /tmp/mem c 1 1 && head -c 1 /tmp/mem", "Operation not permitted",
                "mknod /tmp/kmsg c 1 11 && head -c 1 /tmp/kmsg", "Operation not permitted",
                "mknod /tmp/fuse c 10 229 && head -c 1 /tmp/fuse", "Operation not permitted",
                "test -e /dev/sda -o -e /dev/vda -o -e /dev/mem -o -e /dev/kmsg -o -e /dev/fuse", ""));
    }

    /** Made without the C library, so that nothing but the kernel's answer is seen: the program ends with it. */
    @Test
    void systemCallsThatReachTheKernelAreRefused() throws Exception {
        int denied = 1;
        int noProcess = 3;
        int missing = 38;
        Map<String, byte[]> programs = new LinkedHashMap<>();
        Map<String, Integer> wanted = new LinkedHashMap<>();
        record Call(String name, int amd64, int arm64, int errno, Object... arguments) {}
        for (Call call : List.of(
                new Call("keyctl", 250, 219, denied, 0, -3, 1),
                new Call("add_key", 248, 217, denied, "user", "escape", "x", 1, -3),
                new Call("request_key", 249, 218, denied, "user", "escape", 0, -3),
                new Call("bpf", 321, 280, denied, 0, new byte[128], 128),
                new Call("mount", 165, 40, denied, "none", "/home", "tmpfs", 0, 0),
                new Call("mount-new", 430, 430, denied, "tmpfs", 0),
                new Call("open-tree", 428, 428, denied, -100, "/", 1),
                new Call("pivot_root", 155, 41, denied, "/", "/home"),
                new Call("unshare-user", 272, 97, denied, 0x10000000),
                new Call("unshare-mount", 272, 97, denied, 0x20000),
                new Call("clone-user", 56, 220, denied, 0x10000011, 0, 0, 0, 0),
                new Call("clone3", 435, 435, missing, new byte[64], 64),
                new Call("setns", 308, 268, denied, 0, 0),
                new Call("open_by_handle_at", 304, 265, denied, 0, new byte[136], 0),
                new Call("userfaultfd", 323, 282, denied, 0),
                new Call("io_uring_setup", 425, 425, denied, 8, new byte[128]),
                new Call("perf_event_open", 298, 241, denied, new byte[128], 0, -1, -1, 0),
                new Call("init_module", 175, 105, denied, "x", 1, ""),
                new Call("finit_module", 313, 273, denied, 0, "", 0),
                new Call("kexec_load", 246, 104, denied, 0, 0, 0, 0),
                new Call("reboot", 169, 142, denied, 0xfee1dead, 672274793, 0x01234567, 0),
                new Call("syslog", 103, 116, denied, 3, new byte[16], 16),
                new Call("swapon", 167, 224, denied, "/home", 0),
                new Call("acct", 163, 89, denied, "/home/acct"),
                new Call("settimeofday", 164, 170, denied, new byte[16], 0),
                new Call("socket-alg", 41, 198, denied, 38, 5, 0),
                new Call("socket-vsock", 41, 198, denied, 40, 1, 0),
                // the first process of the host, and its own launcher, are not in its namespace
                new Call(
                        "ptrace-host",
                        101,
                        117,
                        noProcess,
                        16,
                        ProcessHandle.current().pid()),
                new Call(
                        "kill-host", 62, 129, noProcess, ProcessHandle.current().pid(), 0))) {
            programs.put(
                    call.name(),
                    SystemCall.number(Map.of("amd64", call.amd64(), "aarch64", call.arm64()), call.arguments()));
            wanted.put(call.name(), call.errno());
        }
        Path project =
                project("COPY calls /calls\nRUN for call in /calls/*; do $call; echo ${call#/calls/} said $?; done\n");
        Path calls = Files.createDirectory(project.resolve("calls"));
        for (Map.Entry<String, byte[]> program : programs.entrySet()) {
            Path file = Files.write(calls.resolve(program.getKey()), program.getValue());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        for (String runtime : List.of("runc", "crun")) {
            String said =
                    command(project, "DRYDOCK_RUNTIME", runtime).run().ok().err();

            wanted.forEach(
                    (name, errno) -> assertThat(said).as(runtime).contains(" " + name + " said " + errno + "\n"));
        }
    }

    /** A step with a network of its own does not see the host's abstract sockets, which have no permissions. */
    @Test
    void abstractSocketsOfTheHostAreOutOfReach() throws Exception {
        Requires.program("python3");
        String name = "drydock-escape-" + ProcessHandle.current().pid();
        Process listener = Command.of(
                        "python3",
                        "-c",
                        "import socket, time; s = socket.socket(socket.AF_UNIX); s.bind('\\0" + name
                                + "'); s.listen(); print('up', flush=True); time.sleep(600)")
                .start();
        try (var lines = listener.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("up");
            assertThat(Files.readString(Path.of("/proc/net/unix"))).contains("@" + name);
            for (String network : List.of("none", "default")) {
                String said =
                        build("RUN --network=" + network + " grep -c '@" + name + "' /proc/net/unix; echo done\n");
                // a plain user who may not open /dev/net/tun has no other network than the host's, and is told so
                boolean host = who == Builder.Who.PLAIN_USER && said.contains("on the host's network");
                assertThat(said)
                        .as(network)
                        .containsPattern("#[0-9]+ [0-9.]+ " + (host && network.equals("default") ? 1 : 0) + "\n");
            }
        } finally {
            listener.destroyForcibly().waitFor();
        }
    }

    /** The host's root is not behind any process that a step sees, nor can one be stopped, traced or read. */
    @Test
    void processesAreNoWayToTheHost() throws Exception {
        Path marker = builder.write("behind/marker", "of the host");
        refused(attempts(
                "cat /proc/1/root" + marker, "No such file",
                "cat /proc/*/root" + marker, "No such file",
                "cat /proc/*/cwd" + marker, "No such file",
                "chroot /proc/1/root cat " + marker, "No such file",
                "cd /proc/1/cwd && cat ../../../../../.." + marker, "No such file",
                "kill -STOP " + ProcessHandle.current().pid(), "No such process",
                "cat /proc/" + ProcessHandle.current().pid() + "/environ", "No such file"));
    }

    /** The runtime's own descriptors, through which old runtimes gave the host's directories away (CVE-2024-21626). */
    @Test
    void directoriesOfTheRuntimeAreOutOfReach() throws Exception {
        Path marker = Files.writeString(builder.directory("host").resolve("marker"), "of the host");
        StringBuilder dockerfile = new StringBuilder();
        for (int fd = 3; fd < 12; fd++) {
            dockerfile
                    .append("FROM busybox:1.37 AS fd")
                    .append(fd)
                    .append("\nWORKDIR /proc/self/fd/")
                    .append(fd);
            dockerfile
                    .append("\nRUN cat ../../../../../../../..")
                    .append(marker)
                    .append("; ls -a . .. ; true\n");
        }
        dockerfile.append("FROM busybox:1.37\n");
        for (int fd = 3; fd < 12; fd++) {
            dockerfile
                    .append("COPY --from=fd")
                    .append(fd)
                    .append(" /etc/passwd /")
                    .append(fd)
                    .append('\n');
        }
        Command.Outcome outcome = command(project(dockerfile.toString())).run();
        assertThat(outcome.err()).doesNotContainPattern("#[0-9]+ [0-9.]+ of the host");
    }

    /** A step cannot write to the runtime that started it (CVE-2019-5736), even when it is made to run it. */
    @Test
    void theRuntimeIsNotOverwritten() throws Exception {
        for (String runtime : List.of("runc", "crun")) {
            Path binary = Requires.program(runtime).toRealPath();
            byte[] before = Files.readAllBytes(binary);
            Command.Outcome outcome =
                    command(project("""
                            RUN printf '#!/proc/self/exe\\n' > /evil && chmod 755 /evil
                            RUN for i in 1 2 3 4 5; do for exe in /proc/[0-9]*/exe; do \\
                                (echo evil > $exe) 2>&1 | sed 's/^/refused: /'; done; done; true
                            RUN ["/evil"]
                            """), "DRYDOCK_RUNTIME", runtime).run();

            assertThat(outcome.err()).contains("refused: ");
            assertThat(Files.readAllBytes(binary)).as(runtime).isEqualTo(before);
        }
    }

    /**
     * One step exchanges a directory of a shared cache with a link to the host's while another mounts in it (CVE-2021-30465,
     * and CVE-2025-31133 for places that are masked).
     */
    @Test
    void mountTargetsThatBecomeLinksStayInTheRoot() throws Exception {
        Path outside = builder.directory("raced");
        Files.writeString(outside.resolve("marker"), "of the host");
        StringBuilder dockerfile = new StringBuilder("""
                FROM busybox:1.37 AS race
                RUN --mount=type=cache,id=race,target=/r mkdir -p /r/a /r/t; ln -sfn %1$s /r/l; i=0; \\
                    while [ $i -lt 4000 ]; do mv -T /r/t /r/s; mv -T /r/l /r/t; mv -T /r/t /r/l; mv -T /r/s /r/t; i=$((i+1)); done
                """.formatted(outside));
        for (int i = 0; i < 6; i++) {
            dockerfile.append("FROM busybox:1.37 AS mount").append(i).append('\n');
            dockerfile.append(
                    "RUN --mount=type=cache,id=race,target=/r --mount=type=tmpfs,target=/r/t/m echo hello > /r/t/m/new;"
                            + " cat /r/t/marker; true\n");
        }
        dockerfile.append("FROM busybox:1.37\nCOPY --from=race /etc/passwd /r\n");
        for (int i = 0; i < 6; i++) {
            dockerfile
                    .append("COPY --from=mount")
                    .append(i)
                    .append(" /etc/passwd /m")
                    .append(i)
                    .append('\n');
        }
        // a mount that meets the link in its way may fail, which fails the build
        Command.Outcome outcome = command(project(dockerfile.toString())).run();
        assertThat(outcome.err()).contains("[race 2/2] RUN").doesNotContainPattern("#[0-9]+ [0-9.]+ of the host");
        try (var files = Files.list(outside)) {
            assertThat(files).containsExactly(outside.resolve("marker"));
        }
    }

    /** What an image has in place of {@code /dev/null} and {@code /proc} is not what the runtime masks paths with. */
    @Test
    void imagesCannotUndoWhatIsMasked() throws Exception {
        Path project = project("""
                COPY dev /dev
                RUN (echo x > /proc/sys/kernel/core_pattern) 2>&1; cat /proc/keys /proc/timer_list | wc -c; ls -l /dev/null
                """);
        Files.createDirectory(project.resolve("dev"));
        Files.createSymbolicLink(project.resolve("dev/null"), Path.of("/proc/sys/kernel/core_pattern"));
        String said = command(project).run().ok().err();
        assertThat(said)
                .contains("core_pattern: Read-only file system")
                .containsPattern("#[0-9]+ [0-9.]+ 0\n")
                .containsPattern("crw-rw-rw- .* /dev/null");
        Path linked = project("COPY proc /\nRUN echo ran in $(ls /tmp)\n");
        Files.createDirectory(linked.resolve("proc"));
        Files.createSymbolicLink(linked.resolve("proc/proc"), Path.of("/tmp"));
        Command.Outcome refused = command(linked).run();
        assertThat(refused.exit()).as(refused.toString()).isNotZero();
    }

    /** The first process that a step sees is its own, and the runtime's is not within reach. */
    @Test
    void processesOfTheHostAreOutOfSight() throws Exception {
        String said = build("""
                RUN <<'EOF'
                echo pid $$
                ls -d /proc/[0-9]* | wc -l
                ls /proc/1/root | tr '\\n' ' '
                readlink /proc/self/exe
                kill -0 2 2>&1
                for fd in /proc/self/fd/* /proc/1/fd/*; do readlink $fd; done | grep -v -e pipe: -e /dev/null -e /proc/ -e 'fd/'; true
                EOF
                """);
        assertThat(said)
                .contains(" pid 1\n")
                .contains(" bin dev etc home proc root sys tmp usr var /bin/busybox\n")
                .doesNotContain(builder.store().toString());
    }

    /** Links that the image or an earlier step made are followed inside the step's root only. */
    @Test
    void mountTargetsThatAreLinksStayInTheRoot() throws Exception {
        Path outside = builder.directory("outside");
        String said = build("""
                RUN mkdir -p %1$s && ln -s %1$s /abs && ln -s ../../../../../../../../..%1$s /rel
                RUN --mount=type=cache,target=/abs/cache --mount=type=tmpfs,target=/rel/mem \\
                    touch /abs/cache/x /rel/mem/x && ls %1$s && echo mounted inside
                """.formatted(outside));
        assertThat(said).contains("mounted inside");
        try (var files = Files.list(outside)) {
            assertThat(files).isEmpty();
        }
    }

    /** A path out of the context, or out of a stage, is no source for a mount. */
    @Test
    void bindSourcesStayInTheirTree() throws Exception {
        Path outside = builder.directory("secrets-of-the-host");
        Files.writeString(outside.resolve("file"), "of the host");
        for (String dockerfile : List.of(
                "RUN --mount=type=bind,source=../../../../../../" + outside + ",target=/m cat /m/file\n",
                "RUN ln -s " + outside + " /link\nFROM busybox:1.37\n"
                        + "RUN --mount=type=bind,from=0,source=/link,target=/m cat /m/file\n")) {
            Command.Outcome outcome = command(project(dockerfile)).run();
            assertThat(outcome.exit()).as(outcome.toString()).isNotZero();
            assertThat(outcome.err()).doesNotContain(" of the host\n");
        }
    }

    @Test
    void theStepsOwnFilesAreReadOnly() throws Exception {
        refused(attempts(
                "echo evil >> /etc/hosts", "Read-only file system",
                "echo evil >> /etc/resolv.conf", "Read-only file system",
                "rm /etc/hosts", "busy",
                "mv /etc/resolv.conf /etc/other", "busy",
                "echo -1000 > /proc/1/oom_score_adj", "Permission denied|Invalid argument|write error"));
    }
}
