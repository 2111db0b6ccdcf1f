package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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

    /** What Docker's and Kubernetes' filter keeps from a process without CAP_SYS_ADMIN, which Podman's does not. */
    private static String podFilter() throws Exception {
        Path file = store.directory("filter").resolve("seccomp.json");
        Files.writeString(file, """
                {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
                  {"names": ["unshare", "setns", "mount", "umount2", "pivot_root", "fsopen", "fsmount", "move_mount",
                    "open_tree", "mount_setattr"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1},
                  {"names": ["clone"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1,
                    "args": [{"index": 0, "value": 2114060288, "valueTwo": 268435456, "op": "SCMP_CMP_MASKED_EQ"}]},
                  {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}
                """);
        return "--security-opt=seccomp=" + file;
    }

    private static String launcher() {
        return Store.checkout()
                .resolve("drydock-cli/target/dist/drydock/bin/drydock")
                .toString();
    }

    /** Docker's default capabilities, of which Podman leaves out three. */
    private static final String DOCKER_CAPABILITIES = "--cap-add=MKNOD,NET_RAW,AUDIT_WRITE";

    @Test
    void aPodWithoutNamespacesAndMountsBuildsByChroot() throws Exception {
        Path home = store.directory("pod");
        Path project = Files.createDirectories(home.resolve("project"));
        Files.writeString(project.resolve("a.txt"), "A\n");
        Files.setLastModifiedTime(project.resolve("a.txt"), FileTime.fromMillis(1_000_000_000_000L));
        Files.writeString(project.resolve("Dockerfile"), PlainUserIT.DOCKERFILE);
        Path steps = Files.createDirectories(home.resolve("steps"));
        Files.writeString(steps.resolve("a.txt"), "of the context\n");
        Files.writeString(steps.resolve("Dockerfile"), """
                FROM busybox:1.37 AS made
                ENV A="b c'd"
                WORKDIR /work
                COPY a.txt /etc/hosts
                RUN mkdir /x && echo mine > /x/own && mkdir /tmp/kept && ln -s /x /link
                USER nobody:staff
                RUN echo "user $(id -u):$(id -g) groups $(id -G) in $(pwd) with $A $HOME"
                USER root
                RUN --mount=type=secret,id=file,uid=65534 --mount=type=secret,id=env,env=TOKEN \\
                    --mount=type=tmpfs,target=/x --mount=type=bind,target=/ctx,rw --mount=type=bind,target=/ro,source=a.txt \\
                    --mount=type=cache,target=/c/deep,uid=65534 --mount=type=cache,id=below,target=/x/below \\
                    echo "read $(cat /run/secrets/file) $TOKEN, $(cat /ctx/a.txt /ro)" && test ! -e /x/own && touch /x/new \\
                    && echo kept > /c/deep/f && echo below > /x/below/f && stat -c '%a %u' /run/secrets/file \\
                    && rm /ctx/a.txt && (grep -q localhost /etc/hosts || exit 1) && echo evil >> /etc/hosts
                RUN --mount=type=cache,target=/c/deep,uid=65534 --mount=type=cache,id=below,target=/link/below \\
                    echo "caches $(cat /c/deep/f /x/below/f)"
                RUN test ! -e /c && test ! -e /ctx && test ! -e /ro && test ! -e /run && test ! -e /x/below && cat /x/own \\
                    && test ! -e /x/new && echo no stubs
                RUN head -c 3 /dev/zero | wc -c && echo gone > /dev/null && ls /dev | grep -c random && ls /proc | wc -l
                RUN (setsid sleep 1000 & ) ; nohup sleep 1000 > /dev/null 2>&1 & echo left two
                RUN echo "files $(ulimit -Sn) $(ulimit -Hn)" && rm -r /tmp/kept && printf hello > /hello; chmod 4755 /hello
                FROM busybox:1.37
                RUN --mount=type=bind,from=made,target=/from --mount=type=bind,from=made,source=/x/own,target=/own \\
                    cat /from/hello /own && cat /from/etc/hosts && test ! -e /from/tmp/kept && stat -c ' %a' /from/hello
                """);
        Files.copy(store.busyboxTar(), home.resolve("busybox.tar"));
        Files.writeString(home.resolve("secret"), "planted-in-the-pod");
        Command.Outcome outcome = inContainer(
                        home, """
                        grep -q 'CapEff:.*[0189cd].....$' /proc/self/status
                        ! unshare -U true 2> /dev/null && ! unshare -m true 2> /dev/null
                        %1$s import %2$s/busybox.tar busybox:1.37
                        %1$s build --progress=plain %3$s -t same %2$s/project
                        T="t'ken" %1$s build --progress=plain --secret=id=file,src=%2$s/secret --secret=id=env,env=T \\
                          --ulimit=nofile=512:1024 -t steps %2$s/steps
                        ! ps -e -o args | grep '[s]leep 1000'
                        %1$s doctor
                        %1$s inspect --format '{{json .RootFS.Layers}}' same
                        """.formatted(launcher(), home, PlainUserIT.EPOCH), podFilter(), DOCKER_CAPABILITIES)
                .run()
                .ok();
        assertThat(outcome.err())
                .contains("RUN steps are isolated by chroot alone")
                .contains(" user 65534:50 groups 50 in /work with b c'd /home\n")
                .contains(" read planted-in-the-pod t'ken, of the context\n")
                .contains(" 400 65534\n")
                .contains(" caches kept\n")
                .contains(" below\n")
                .contains(" mine\n")
                .contains(" no stubs\n")
                .contains(" left two\n")
                .contains(" files 512 1024\n")
                .contains(" hellomine\n")
                .containsPattern("#18 [0-9.]+ of the context\n")
                .contains("  4755\n");
        assertThat(outcome.out()).containsPattern("lack  runtime +chroot, nothing mounted");
        try (Stream<Path> files = Files.walk(home.resolve("store"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("planted-in-the-pod");
            }
        }
        store.drydock("build", "--progress=plain", PlainUserIT.EPOCH, "-t", "same", project.toString())
                .run()
                .ok();
        assertThat(outcome.out())
                .contains(store.drydock("inspect", "--format", "{{json .RootFS.Layers}}", "same")
                        .run()
                        .ok()
                        .out());
        store.assertNothingLeft();
    }

    /** A build that is killed leaves no process of a step, and no byte of a secret, though nothing ends with a namespace. */
    @Test
    void aKilledBuildInAPodLeavesNoProcessAndNoSecret() throws Exception {
        Path home = store.directory("pod-killed");
        Path project = Files.createDirectories(home.resolve("project"));
        Files.writeString(project.resolve("Dockerfile"), """
                FROM busybox:1.37
                USER nobody
                RUN --mount=type=secret,id=a,uid=65534 (setsid sleep 1000 &) ; (sleep 1000 &) ; cat /run/secrets/a | wc -c; sleep 1000
                """);
        Files.writeString(home.resolve("secret"), "planted-in-the-pod");
        Files.copy(store.busyboxTar(), home.resolve("busybox.tar"));
        for (String signal : List.of("KILL", "TERM")) {
            inContainer(home, """
                            %1$s import %2$s/busybox.tar busybox:1.37
                            %1$s build --progress=plain --secret=id=a,src=%2$s/secret %2$s/project 2> %2$s/log.%3$s &
                            until grep -q ' 18$' %2$s/log.%3$s || ! kill -0 $!; do sleep 0.1; done
                            test $(ps -e -o args | grep -c '[s]leep 1000') = 3
                            grep -rlq planted-in-the-pod %2$s/store
                            kill -%3$s $!
                            wait $! || :
                            tries=0
                            while ps -e -o args | grep '[s]leep 1000' && [ $tries -lt 1200 ]; do tries=$((tries + 1)); sleep 0.1; done
                            ! ps -e -o args | grep '[s]leep 1000'
                            tries=0
                            while grep -rl planted-in-the-pod %2$s/store && [ $tries -lt 1200 ]; do tries=$((tries + 1)); sleep 0.1; done
                            ! grep -rl planted-in-the-pod %2$s/store
                            """.formatted(launcher(), home, signal), podFilter(), DOCKER_CAPABILITIES)
                    .run()
                    .ok();
        }
        store.assertNothingLeft();
    }

    /** What a pod cannot do is said, with what would mend it. */
    @Test
    void whatAPodCannotDoIsSaid() throws Exception {
        Path home = store.directory("pod-refused");
        Path project = Files.createDirectories(home.resolve("project"));
        Files.copy(store.busyboxTar(), home.resolve("busybox.tar"));
        Files.writeString(project.resolve("network"), "FROM busybox:1.37\nRUN --network=none true\n");
        Files.writeString(project.resolve("run"), "FROM busybox:1.37\nRUN true\n");
        Files.writeString(project.resolve("twice"), """
                FROM busybox:1.37
                RUN --mount=type=cache,id=a,target=/a --mount=type=cache,id=a,target=/b true
                """);
        Files.writeString(project.resolve("file"), "FROM busybox:1.37\nCOPY file /\n");
        String script = """
                %1$s import %2$s/busybox.tar busybox:1.37 > /dev/null
                %1$s build -q -f %2$s/project/file %2$s/project > /dev/null
                ! %1$s build -f %2$s/project/%3$s %2$s/project
                """;
        assertThat(inContainer(home, script.formatted(launcher(), home, "network"), podFilter(), DOCKER_CAPABILITIES)
                        .run()
                        .ok()
                        .err())
                .contains("run step: --network=none: this container may not make namespaces")
                .contains("hint: ");
        assertThat(inContainer(home, script.formatted(launcher(), home, "twice"), podFilter(), DOCKER_CAPABILITIES)
                        .run()
                        .ok()
                        .err())
                .contains("mount target /b: the same cache is at another place of this step");
        for (String lost : List.of("MKNOD", "SYS_CHROOT")) {
            assertThat(inContainer(home, script.formatted(launcher(), home, "run"), podFilter(), "--cap-drop=" + lost)
                            .run()
                            .ok()
                            .err())
                    .contains("run step: root lacks the capability CAP_SYS_ADMIN, which mounts and namespaces need")
                    .contains("CAP_" + lost);
        }
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
