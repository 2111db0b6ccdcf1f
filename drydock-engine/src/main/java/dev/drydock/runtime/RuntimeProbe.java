package dev.drydock.runtime;

import dev.drydock.event.BuildEvent;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.graph.Op;
import dev.drydock.graph.ResourceLimits;
import dev.drydock.scope.Disk;
import dev.drydock.snapshot.LaterRemoval;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which rung this host can stand on: each candidate, the best first, must really run a program. The answer is kept in the
 * store until the host restarts, a runtime's file changes, or other rungs are allowed.
 */
final class RuntimeProbe {
    private static final List<String> SYSTEM = List.of("/bin", "/lib", "/lib64", "/usr", "/nix", "/gnu");

    private static final String FILE = "runtime-probe";
    private static final String X32 = "x32";
    /** With which nsenter(1) ends whose program is not there. */
    private static final int NOT_FOUND = 127;
    /** The program that a trial runs does nothing. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Programs programs;
    private final Host host;
    private final StepFilter filter;
    private final Path store;
    private final Path directory;
    private final Ladder ladder;
    private final ProbeFailures failures = new ProbeFailures();
    /** What the rung that works has compiled. */
    private @Nullable String compiled;

    RuntimeProbe(Programs programs, Host host, StepFilter filter, Path store, Path directory, Ladder ladder) {
        this.programs = programs;
        this.host = host;
        this.filter = filter;
        this.store = store;
        this.directory = directory;
        this.ladder = ladder;
    }

    Rung rung() throws InterruptedException {
        Privileges.check(bareIsAllowed());
        List<Rung> candidates = candidates();
        if (candidates.isEmpty()) {
            throw nothingInstalled();
        }
        String key = key(candidates);
        Optional<Rung> known = recall(key, candidates);
        if (known.isPresent()) {
            return known.get();
        }
        for (Rung candidate : candidates) {
            if (works(candidate)) {
                OciRuntime runtime = candidate.runtime();
                Rung found = runtime == null
                        ? candidate
                        : Rung.of(
                                runtime.known(version(runtime), compiled, !KernelConfig.lacksX32()), candidate.root());
                remember(key, found, candidates.indexOf(candidate));
                return found;
            }
        }
        throw nothingWorks();
    }

    private EnvironmentFault nothingWorks() {
        // where nothing can be mounted no runtime would help
        EnvironmentFault fault = Privileges.mayMount()
                ? new EnvironmentFault("run step: nothing runs steps here: " + failures.text())
                        .hint("Install a runtime with `apt-get install runc` or `apt-get install crun`.")
                : new EnvironmentFault("run step: nothing runs steps here: " + Privileges.MAY_NOT_MOUNT + "; "
                                + failures.text())
                        .hint(Privileges.IN_A_CONTAINER);
        return fault.hint("`drydock doctor` says what this host lacks.");
    }

    private EnvironmentFault nothingInstalled() {
        String runtime = ladder.runtime();
        return runtime == null
                ? new EnvironmentFault("run step: no OCI runtime found: looked for runc and crun on the PATH")
                        .hint("Install one with `apt-get install runc`, or build with --isolation=chroot.")
                : new EnvironmentFault("run step: DRYDOCK_RUNTIME=" + runtime + ": no such program")
                        .hint("Give the name or the path of runc or crun, or unset it.");
    }

    /** Runtimes before chroot, and for each the better root first; of runtimes the fastest: crun takes half of runc's time. */
    private List<Rung> candidates() {
        if (!Privileges.mayMount()) {
            return List.of(Rung.BARE);
        }
        List<Rung> all = new ArrayList<>();
        if (ladder.mode() != Ladder.Mode.CHROOT) {
            List<OciRuntime> runtimes = runtimes();
            roots().forEach(root -> runtimes.forEach(runtime -> all.add(Rung.of(runtime, root))));
        }
        if (ladder.mode() != Ladder.Mode.OCI && ladder.runtime() == null) {
            for (boolean ownProc : new boolean[] {true, false}) {
                roots().forEach(root -> all.add(Rung.chroot(root, ownProc)));
            }
        }
        // a profile of AppArmor's may refuse mounts to whom the capability allows them
        if (bareIsAllowed() && Privileges.missingForChroot().isEmpty()) {
            all.add(Rung.BARE);
        }
        return all;
    }

    private boolean bareIsAllowed() {
        return ladder.mode() != Ladder.Mode.OCI
                && ladder.runtime() == null
                && (ladder.root() == null || ladder.root() == RootMount.COPY);
    }

    private List<RootMount> roots() {
        RootMount only = ladder.root();
        if (only != null) {
            return List.of(only);
        }
        boolean fuse = programs.find("fuse-overlayfs").isPresent() && Files.exists(Path.of("/dev/fuse"));
        return fuse
                ? List.of(RootMount.OVERLAY, RootMount.FUSE, RootMount.COPY)
                : List.of(RootMount.OVERLAY, RootMount.COPY);
    }

    private List<OciRuntime> runtimes() {
        List<OciRuntime> all = new ArrayList<>();
        boolean hybrid = Host.hasBothVersions(); // also those that are not this user's to write
        String wanted = ladder.runtime();
        for (OciRuntime.Kind kind : OciRuntime.Kind.values()) {
            Optional<Path> binary = programs.find(kind.program());
            if (wanted != null && wanted.startsWith("/")) {
                binary = Optional.of(Path.of(wanted))
                        .filter(path -> path.endsWith(kind.program()) && Files.isExecutable(path));
            } else if (wanted != null && !wanted.equals(kind.program())) {
                binary = Optional.empty();
            }
            binary.ifPresent(path ->
                    all.add(new OciRuntime(path, kind, kind.program(), kind == OciRuntime.Kind.CRUN && hybrid)));
        }
        return all;
    }

    /** Everything that may change the answer. */
    private String key(List<Rung> candidates) {
        StringBuilder key = new StringBuilder();
        try {
            key.append(
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
            key.append(' ').append(host.capabilities()).append(' ').append(host.userNamespace());
            key.append(' ').append(host.cgroups()).append(' ').append(filter.fingerprint());
            key.append(' ').append(host.selinux() != null);
            for (Rung candidate : candidates) {
                key.append(' ').append(candidate.root()).append(candidate.ownProc() ? "" : "-");
                key.append(candidate.mounts() ? "" : "-");
                if (candidate.runtime() != null) {
                    Path real = candidate.runtime().binary().toRealPath();
                    key.append(' ').append(real).append(' ').append(Files.size(real));
                    key.append(' ').append(Files.getLastModifiedTime(real).toMillis());
                }
            }
            return key.toString();
        } catch (IOException e) {
            throw Disk.fault("run step: look at OCI runtime", e);
        }
    }

    private Optional<Rung> recall(String key, List<Rung> candidates) {
        try {
            List<String> lines = Files.readAllLines(store.resolve(FILE));
            if (lines.size() == 5 && lines.getFirst().equals(key)) {
                Rung rung = candidates.get(Integer.parseInt(lines.get(1)));
                OciRuntime runtime = rung.runtime();
                return Optional.of(
                        runtime == null
                                ? rung
                                : Rung.of(
                                        runtime.known(
                                                lines.get(2),
                                                lines.get(3).isEmpty() ? null : lines.get(3),
                                                lines.get(4).equals(X32)),
                                        rung.root()));
            }
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty(); // none yet, or not readable: asking again is cheap
        }
        return Optional.empty();
    }

    private void remember(String key, Rung found, int index) {
        Path fresh = directory.resolve(FILE + "-" + ProcessHandle.current().pid());
        OciRuntime runtime = found.runtime();
        try {
            String label = runtime == null ? "chroot" : runtime.label();
            String program = runtime == null || runtime.filter() == null ? "" : runtime.filter();
            String forms = runtime == null || runtime.x32() ? X32 : "";
            Files.writeString(fresh, key + "\n" + index + "\n" + label + "\n" + program + "\n" + forms + "\n");
            Files.move(fresh, store.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Disk.fault("run step: write " + store.resolve(FILE), e);
        }
    }

    /** {@code runc version 1.1.5+ds1} is {@code runc 1.1.5}. */
    private static String version(OciRuntime runtime) throws InterruptedException {
        String program = runtime.kind().program();
        try {
            Process process = new ProcessBuilder(runtime.binary().toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return program;
            }
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String first = text.lines().findFirst().orElse("");
            int at = first.indexOf("version ");
            return at < 0 ? program : program + " " + first.substring(at + 8).replaceFirst("\\+.*", "");
        } catch (IOException e) {
            return program; // it worked a moment ago; the version is only shown
        }
    }

    private boolean works(Rung candidate) throws InterruptedException {
        String id = ControlGroups.newName();
        Path scratch = directory.resolve("probe-" + id);
        try (StepDirectory files = new StepDirectory(scratch, LaterRemoval::now);
                OciExecutor executor = OciExecutor.with(candidate, host, filter, programs, directory, PATIENCE)) {
            files.prepare(List.of(scratch.resolve("upper"), scratch.resolve("work")), new byte[0]);
            Words words = new Words();
            Path kept = scratch.resolve("filter");
            // a root with a program in it would be a copy of this one: that it is not found shows that chroot works
            ProcessSpec trial = candidate.mounts()
                    ? trueProcess(id, scratch, keeping(candidate, id, kept))
                    : process(id, scratch, Path.of("/nothing"), List.of(), DeviceEdits.NONE);
            Executor.Exit exit = executor.run(trial, words::add);
            if (exit.code() == (candidate.mounts() ? 0 : NOT_FOUND)) {
                compiled = Files.exists(kept) ? StepFilter.compiled(Files.readAllBytes(kept)) : null;
                return true;
            }
            failures.add(candidate, id, words.text().isEmpty() ? "ended with code " + exit.code() : words.text());
            return false;
        } catch (IOException e) {
            throw Disk.fault("run step: read system call filter", e);
        } catch (EnvironmentFault e) {
            failures.add(candidate, id, e.text());
            return false;
        }
    }

    private DeviceEdits keeping(Rung candidate, String id, Path file) {
        OciRuntime runtime = candidate.runtime();
        Optional<Path> copier = programs.find("cp");
        return runtime == null || runtime.kind() != OciRuntime.Kind.CRUN || copier.isEmpty()
                ? DeviceEdits.NONE
                : StepFilter.keeping(HelperScript.state(OciExecutor.own(directory, id), id), copier.get(), file);
    }

    /** The host's own {@code true}, in an empty root into which the host's system directories are mounted. */
    private ProcessSpec trueProcess(String id, Path scratch, DeviceEdits edits) {
        List<ProcessSpec.Bind> binds = new ArrayList<>();
        for (String name : SYSTEM) {
            Path path = Path.of(name);
            if (Files.isDirectory(path)) {
                binds.add(new ProcessSpec.Bind.HostPath(name, real(path), true));
            }
        }
        Path found = programs.find("true").orElse(Path.of("/bin/true"));
        // a PATH may lead through links elsewhere; one within is kept, for a program may do as its name says
        Path program = SYSTEM.stream().anyMatch(found::startsWith) ? found : real(found);
        return process(id, scratch, program, binds, edits);
    }

    private ProcessSpec process(
            String id, Path scratch, Path program, List<ProcessSpec.Bind> binds, DeviceEdits edits) {
        return new ProcessSpec(
                id,
                List.of(),
                scratch.resolve("upper"),
                scratch.resolve("work"),
                List.of(program.toString()),
                List.of("PATH=" + programs.path()),
                "/",
                0,
                0,
                List.of(),
                "buildkitsandbox",
                binds,
                Op.Network.HOST,
                Op.Security.SANDBOX,
                List.of(),
                List.of(),
                null,
                ResourceLimits.NONE,
                edits);
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    /** What the runtime says when it fails, on one line. */
    private static final class Words {
        private final StringBuilder text = new StringBuilder();

        synchronized void add(BuildEvent.Stream stream, byte[] bytes, int length) {
            text.append(new String(bytes, 0, length, StandardCharsets.UTF_8));
        }

        synchronized String text() {
            return text.toString().strip().replaceAll("\\s*\\n\\s*", ", ");
        }
    }
}
