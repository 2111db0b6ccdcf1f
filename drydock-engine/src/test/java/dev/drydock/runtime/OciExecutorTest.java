package dev.drydock.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.drydock.event.BuildEvent;
import dev.drydock.graph.Op;
import dev.drydock.house.Eventually;
import dev.drydock.house.SystemCall;
import dev.drydock.snapshot.LaterRemoval;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real runtimes in a root of busybox. */
final class OciExecutorTest {
    /** For a runtime that hangs. One that does not must get a step going within this time, on a busy machine, too. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final Programs programs = new Programs(System.getenv());
    private final Host host = Host.current();

    @TempDir
    private Path directory;

    private BusyboxRoot root;

    @BeforeEach
    void root() throws IOException {
        TestHost.requireRootAndBusybox();
        root = new BusyboxRoot(directory);
    }

    private OciExecutor executor(OciRuntime.Kind kind) {
        return OciExecutor.with(TestHost.runtime(kind), host, programs, directory);
    }

    /** What a step wrote and how it ended. */
    private record Run(int code, String out, String err) {}

    private static Run run(Executor executor, ProcessSpec spec) throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = executor.run(
                        spec,
                        (stream, bytes, length) ->
                                (stream == BuildEvent.Stream.OUT ? out : err).write(bytes, 0, length))
                .code();
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @EnumSource(OciRuntime.Kind.class)
    void theStreamsAndTheExitCodeAreTheProcesses(OciRuntime.Kind kind) throws Exception {
        try (OciExecutor executor = executor(kind)) {
            Run run = run(executor, root.shell("echo one; echo two >&2; exit 7"));
            assertThat(run).isEqualTo(new Run(7, "one\n", "two\n"));
            assertThat(run(executor, root.shell("hostname; pwd; echo $$")).out())
                    .isEqualTo("buildkitsandbox\n/\n1\n");
            assertLeftNothing();
        }
    }

    @ParameterizedTest
    @EnumSource(OciRuntime.Kind.class)
    void aSignalDeathIs128AndItsNumber(OciRuntime.Kind kind) throws Exception {
        try (OciExecutor executor = executor(kind)) {
            assertThat(run(executor, root.shell("sh -c 'kill -9 $$'; exit $?")).code())
                    .isEqualTo(137);
        }
    }

    @ParameterizedTest
    @EnumSource(OciRuntime.Kind.class)
    void aMissingProgramIsTheRuntimesMessageAndCodeOne(OciRuntime.Kind kind) throws Exception {
        try (OciExecutor executor = executor(kind)) {
            Run run = run(
                    executor,
                    root.process(List.of("nosuchcmd", "x"), List.of(), Op.Network.DEFAULT, Op.Security.SANDBOX));
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).contains("nosuchcmd").contains("not found in $PATH");
            assertLeftNothing();
        }
    }

    @ParameterizedTest
    @EnumSource(OciRuntime.Kind.class)
    void theSandboxHoldsDockersCapabilitiesAndNoHostDevice(OciRuntime.Kind kind) throws Exception {
        try (OciExecutor executor = executor(kind)) {
            Run run = run(
                    executor,
                    root.shell("grep -E '^(CapEff|Seccomp|NoNewPrivs):' /proc/self/status;"
                            + " mknod /tmp/disk b 254 0 && echo made; head -c1 /tmp/disk;"
                            + " unshare -m true; head -c1 /proc/kcore | wc -c"));
            assertThat(run.out()).isEqualTo("""
                    CapEff:\t00000000a80425fb
                    NoNewPrivs:\t0
                    Seccomp:\t2
                    made
                    0
                    """);
            assertThat(run.err()).contains("/tmp/disk: Operation not permitted").contains("unshare");
        }
    }

    @ParameterizedTest
    @EnumSource(OciRuntime.Kind.class)
    void insecureHasEveryCapabilityAndNoFilter(OciRuntime.Kind kind) throws Exception {
        try (OciExecutor executor = executor(kind)) {
            Run run = run(
                    executor,
                    root.process(
                            List.of("/bin/sh", "-c", "grep -E '^(CapEff|Seccomp):' /proc/self/status"),
                            List.of(),
                            Op.Network.DEFAULT,
                            Op.Security.INSECURE));
            assertThat(run.out())
                    .contains(String.format("CapEff:\t%016x", host.capabilities()))
                    .contains("Seccomp:\t0");
        }
    }

    @ParameterizedTest
    @EnumSource(OciRuntime.Kind.class)
    void networkNoneHasNoInterfaceButLoopback(OciRuntime.Kind kind) throws Exception {
        try (OciExecutor executor = executor(kind)) {
            ProcessSpec spec =
                    root.process(List.of("/bin/ls", "/sys/class/net"), List.of(), Op.Network.NONE, Op.Security.SANDBOX);
            assertThat(run(executor, spec).out()).isEqualTo("lo\n");
        }
    }

    @ParameterizedTest
    @EnumSource(OciRuntime.Kind.class)
    void changesGoToTheUpperDirectoryOnly(OciRuntime.Kind kind) throws Exception {
        try (OciExecutor executor = executor(kind)) {
            ProcessSpec spec = root.shell("echo new > /tmp/file; rm /bin/wc; mkdir -p /a/b");
            assertThat(run(executor, spec).code()).isZero();
            assertThat(spec.upper().resolve("tmp/file")).hasContent("new\n");
            assertThat(spec.upper().resolve("a/b")).isDirectory();
            assertThat(Files.exists(spec.upper().resolve("bin/wc"))).isTrue();
            assertThat(Files.isRegularFile(spec.upper().resolve("bin/wc"))).isFalse();
            assertThat(Files.isSymbolicLink(spec.lowers().getFirst().resolve("bin/wc")))
                    .isTrue();
        }
    }

    @Test
    void aRootOf120LayersIsMounted() throws Exception {
        for (int i = 1; i < 120; i++) {
            Path layer = root.layer();
            Files.writeString(layer.resolve("n"), i + "\n");
            Files.writeString(layer.resolve("only" + i), "");
        }
        try (OciExecutor executor = executor(TestHost.anyKind())) {
            Run run = run(executor, root.shell("cat /n; ls / | grep -c only"));
            assertThat(run).isEqualTo(new Run(0, "119\n119\n", ""));
        }
    }

    @ParameterizedTest
    @EnumSource(OciRuntime.Kind.class)
    void treesFilesAndMemoryAreMounted(OciRuntime.Kind kind) throws Exception {
        Path first = Files.createDirectories(directory.resolve("t1/fs/sub"));
        Path second = Files.createDirectories(directory.resolve("t2/fs/sub"));
        Files.writeString(first.resolve("a"), "a1\n");
        Files.writeString(first.resolve("b"), "b1\n");
        Files.writeString(second.resolve("b"), "b2\n");
        Path file = Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost\n");
        List<Path> trees = List.of(first.getParent(), second.getParent());
        Path scratch = directory.resolve("scratch");
        try (OciExecutor executor = executor(kind)) {
            ProcessSpec spec = root.shell(
                    "cat /one/a /both/a /both/b /file /etc/hosts; touch /both/x; touch /one/x; echo c > /both/sub;"
                            + " echo new > /rw/b && cat /rw/b; touch /mem/x && grep -c ' /mem tmpfs' /proc/mounts",
                    new ProcessSpec.Bind.Tree("/one", List.of(first.getParent()), "/sub", null),
                    new ProcessSpec.Bind.Tree("/both", trees, "/sub", null),
                    new ProcessSpec.Bind.Tree("/file", trees, "/sub/b", null),
                    new ProcessSpec.Bind.Tree("/rw", trees, "/sub", scratch),
                    new ProcessSpec.Bind.HostPath("/etc/hosts", file, true),
                    new ProcessSpec.Bind.Tmpfs("/mem", 1 << 20));
            Run run = run(executor, spec);
            assertThat(run.out()).isEqualTo("a1\na1\nb2\nb2\n127.0.0.1 localhost\nnew\n1\n");
            assertThat(run.err()).contains("/both/x: Read-only").contains("/one/x: Read-only");
            assertThat(first.resolve("b")).hasContent("b1");
            assertThat(second.resolve("b")).hasContent("b2");
            assertThat(Files.exists(first.resolve("x"))).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(OciRuntime.Kind.class)
    void interruptingTheThreadEndsTheStepAndLeavesNothing(OciRuntime.Kind kind) throws Exception {
        try (OciExecutor executor = executor(kind)) {
            ProcessSpec spec = root.shell("sleep 1000 & trap '' TERM INT; echo up; sleep 1000");
            CountDownLatch up = new CountDownLatch(1);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread step = Thread.ofVirtual().start(() -> {
                try {
                    executor.run(spec, (stream, bytes, length) -> up.countDown());
                } catch (InterruptedException e) {
                    thrown.set(e);
                }
            });
            assertThat(up.await(2, TimeUnit.MINUTES)).isTrue();
            step.interrupt();
            assertThat(step.join(Duration.ofMinutes(2))).isTrue();
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
            assertLeftNothing();
        }
    }

    @Test
    void backgroundProcessesEndWithTheStep() throws Exception {
        try (OciExecutor executor = executor(TestHost.anyKind())) {
            long start = System.nanoTime();
            assertThat(run(executor, root.shell("sleep 1000 & echo done")).out())
                    .isEqualTo("done\n");
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start))
                    .isLessThan(500);
        }
    }

    @Test
    void twoStepsRunAtOnce() throws Exception {
        try (OciExecutor executor = executor(TestHost.anyKind())) {
            List<Thread> threads = new ArrayList<>();
            CountDownLatch good = new CountDownLatch(4);
            for (int i = 0; i < 4; i++) {
                ProcessSpec spec = root.shell("echo " + i);
                String wanted = i + "\n";
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        if (run(executor, spec).equals(new Run(0, wanted, ""))) {
                            good.countDown();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(good.getCount()).isZero();
        }
    }

    /** A runtime that does nothing, one that talks first, and one that does not end after the step has. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "exec sleep 1000",
                "echo cannot think >&2; sleep 1000 & wait",
                "real \"$@\"; echo cannot think >&2; exec sleep 1000"
            })
    void aRuntimeThatHangsIsGivenUp(String does) throws Exception {
        OciRuntime real = TestHost.runtime(OciRuntime.Kind.RUNC);
        Path hangs = directory.resolve("runc");
        Files.writeString(
                hangs, "#!/bin/sh\n" + does.replace("real", real.binary().toString()) + "\n");
        Files.setPosixFilePermissions(hangs, PosixFilePermissions.fromString("rwxr-xr-x"));
        OciRuntime runtime = new OciRuntime(hangs, OciRuntime.Kind.RUNC, "runc 0.0", false);
        try (OciExecutor executor = OciExecutor.with(
                Rung.of(runtime, RootMount.OVERLAY), host, StepFilter.of(host), programs, directory, PATIENCE)) {
            var fault =
                    assertThrows(dev.drydock.fault.EnvironmentFault.class, () -> run(executor, root.shell("echo ran")));
            assertThat(fault.text())
                    .startsWith("run step: runc 0.0 hangs: ")
                    .contains(does.contains("think") ? "its last words: cannot think" : "nor ended");
            assertThat(fault.hints()).anyMatch(hint -> hint.contains("DRYDOCK_RUNTIME"));
        }
        assertLeftNothing();
    }

    /** However long it says nothing. */
    @ParameterizedTest
    @EnumSource(OciRuntime.Kind.class)
    void aSilentStepIsNoHangingRuntime(OciRuntime.Kind kind) throws Exception {
        try (OciExecutor executor = OciExecutor.with(
                Rung.of(TestHost.runtime(kind), RootMount.OVERLAY),
                host,
                StepFilter.of(host),
                programs,
                directory,
                PATIENCE)) {
            assertThat(run(executor, root.shell("sleep 6; exit 3")).code()).isEqualTo(3);
        }
    }

    @Test
    void callsThatAreRefusedAndCallsThatAreMissingDiffer() throws Exception {
        OciRuntime runc = TestHost.runtime(OciRuntime.Kind.RUNC);
        List<OciRuntime> all = List.of(
                TestHost.runtime(OciRuntime.Kind.CRUN),
                runc,
                runc.known("runc 1.1.5", null, true),
                runc.known("runc 1.1.5", null, false));
        assertThat(all).filteredOn(OciRuntime::knowsOfYoungerCalls).hasSize(2);
        for (OciRuntime runtime : all) {
            try (OciExecutor executor = OciExecutor.with(runtime, host, programs, directory)) {
                assertThat(errno(executor, SystemCall.number(Map.of("amd64", 250, "aarch64", 219), 0, 0, 0)))
                        .as("keyctl")
                        .isEqualTo(1);
                assertThat(errno(executor, SystemCall.number(Map.of("amd64", 999, "aarch64", 999), 0, 0, 0)))
                        .as("a call of the future")
                        .isEqualTo(38);
            }
        }
    }

    @Test
    void crunCompilesTheFilterOnceAndTakesItEverAfter() throws Exception {
        OciRuntime crun = TestHost.runtime(OciRuntime.Kind.CRUN);
        byte[] keyctl = SystemCall.number(Map.of("amd64", 250, "aarch64", 219), 0, 0, 0);
        Ladder ladder = new Ladder(Ladder.Mode.OCI, crun.binary().toString(), null);
        for (int i = 0; i < 2; i++) {
            try (OciExecutor executor = OciExecutor.open(directory, directory, ladder, null, LaterRemoval::now)) {
                OciRuntime found = executor.rung().runtime();
                assertThat(found).isNotNull();
                assertThat(found.filter()).as(i == 0 ? "tried" : "remembered").isNotNull();
                assertThat(errno(executor, keyctl)).isEqualTo(1);
                assertThat(errno(executor, SystemCall.number(Map.of("amd64", 999, "aarch64", 999), 0, 0, 0)))
                        .isEqualTo(38);
            }
        }
        // one instruction that allows everything: the profile does not
        String allowed = StepFilter.compiled(new byte[] {6, 0, 0, 0, 0, 0, (byte) 0xff, 0x7f});
        try (OciExecutor executor = OciExecutor.with(crun.known("crun", allowed, true), host, programs, directory)) {
            assertThat(errno(executor, keyctl)).isNotIn(1, 38);
        }
        assertThat(StepFilter.compiled(new byte[0])).isNull();
        assertThat(StepFilter.compiled(new byte[] {6, 0, 0, 0, 0, 0, 1})).isNull();
        assertThat(StepFilter.compiled(new byte[16])).isNull();
        assertLeftNothing();
    }

    private int errno(Executor executor, byte[] program) throws Exception {
        Path layer = root.layer();
        Files.write(layer.resolve("call"), program);
        Files.setPosixFilePermissions(layer.resolve("call"), PosixFilePermissions.fromString("rwxr-xr-x"));
        return run(executor, root.process(List.of("/call"), List.of(), Op.Network.DEFAULT, Op.Security.SANDBOX))
                .code();
    }

    @Test
    void aHelperThatCannotMountSaysWhy() throws Exception {
        ProcessSpec spec = root.shell("true");
        Files.delete(spec.work());
        Files.delete(spec.upper());
        try (OciExecutor executor = executor(TestHost.anyKind())) {
            var fault = assertThrows(
                    dev.drydock.fault.EnvironmentFault.class, () -> executor.run(spec, (stream, bytes, length) -> {}));
            assertThat(fault.text())
                    .startsWith("run step: prepare root file system: ")
                    .contains("overlay");
        }
        assertLeftNothing();
    }

    @Test
    void theProbeFindsARuntimeAndRemembersIt() throws Exception {
        try (OciExecutor executor = OciExecutor.open(directory, directory, Ladder.AUTO, null, LaterRemoval::now)) {
            assertThat(executor.name()).matches("(runc|crun) [0-9.]+.*");
        }
        Path kept = directory.resolve("runtime-probe");
        List<String> lines = Files.readAllLines(kept);
        Files.write(kept, List.of(lines.get(0), lines.get(1), lines.get(2) + " 0.0", "", "x32"));
        try (OciExecutor executor = OciExecutor.open(directory, directory, Ladder.AUTO, null, LaterRemoval::now)) {
            assertThat(executor.name()).as("the kept answer").endsWith(" 0.0");
        }
        assertLeftNothing();
    }

    /** kill -9 of the whole JVM: nothing can clean up, so the kernel must. */
    @ParameterizedTest
    @EnumSource(OciRuntime.Kind.class)
    void killingTheJvmEndsItsSteps(OciRuntime.Kind kind) throws Exception {
        // a time of its own, by which its processes are known from everybody else's
        String sleep = "sleep 98765." + ProcessHandle.current().pid() + kind.ordinal();
        Process jvm = TestHost.java(KilledJvm.class, kind.name(), directory.toString(), sleep)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = jvm.inputReader()) {
            assertThat(out.readLine()).isEqualTo("up");
        }
        jvm.destroyForcibly().waitFor();
        Eventually.holds(() -> {
            assertThat(TestHost.processesWith(directory.toString())).isEmpty();
            assertThat(TestHost.processesWith(sleep)).isEmpty();
        });
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(directory.toString());
        Eventually.holds(() -> {
            ControlGroups.sweep(); // a group can be removed once the kernel has reaped its last process
            assertThat(TestHost.controlGroups("drydock-" + jvm.pid() + "-")).isEmpty();
        });
    }

    private void assertLeftNothing() throws IOException {
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(directory.toString());
        assertThat(TestHost.controlGroups("drydock-" + ProcessHandle.current().pid() + "-"))
                .isEmpty();
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "{run-d,probe-}*")) {
            assertThat(left).isEmpty();
        }
    }
}
