package dev.drydock.runtime;

import dev.drydock.event.BuildEvent;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.graph.Op;
import dev.drydock.scope.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which OCI runtime works on this host: each candidate, the fastest first, must really run a program. The answer is kept
 * in the store until the host restarts or a runtime's file changes.
 */
final class RuntimeProbe {
    private static final String FILE = "runtime-probe";

    private final Programs programs;
    private final Host host;
    private final Path store;
    private final Path directory;
    private final List<String> failures = new ArrayList<>();

    RuntimeProbe(Programs programs, Host host, Path store, Path directory) {
        this.programs = programs;
        this.host = host;
        this.store = store;
        this.directory = directory;
    }

    OciRuntime runtime() throws InterruptedException {
        Privileges.check();
        List<OciRuntime> candidates = candidates();
        if (candidates.isEmpty()) {
            throw new EnvironmentFault("run step: no OCI runtime found: looked for runc and crun on the PATH")
                    .hint("Install one with `apt-get install runc`.");
        }
        String key = key(candidates);
        Optional<OciRuntime> known = recall(key, candidates);
        if (known.isPresent()) {
            return known.get();
        }
        for (OciRuntime candidate : candidates) {
            if (works(candidate)) {
                OciRuntime found = new OciRuntime(
                        candidate.binary(), candidate.kind(), version(candidate), candidate.hideUnified());
                remember(key, found);
                return found;
            }
        }
        throw new EnvironmentFault("run step: no OCI runtime works here: " + String.join("; ", failures))
                .hint("Install another one with `apt-get install runc` or `apt-get install crun`.");
    }

    /** The fastest first: crun takes half of runc's time. */
    private List<OciRuntime> candidates() {
        List<OciRuntime> all = new ArrayList<>();
        boolean hybrid = host.cgroups() == Host.Cgroups.HYBRID;
        for (OciRuntime.Kind kind : OciRuntime.Kind.values()) {
            programs.find(kind.program())
                    .ifPresent(binary -> all.add(
                            new OciRuntime(binary, kind, kind.program(), kind == OciRuntime.Kind.CRUN && hybrid)));
        }
        return all;
    }

    /** Everything that may change the answer. */
    private String key(List<OciRuntime> candidates) {
        StringBuilder key = new StringBuilder();
        try {
            key.append(
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
            key.append(' ').append(host.capabilities()).append(' ').append(host.userNamespace());
            key.append(' ').append(host.cgroups());
            for (OciRuntime candidate : candidates) {
                Path real = candidate.binary().toRealPath();
                key.append(' ').append(real).append(' ').append(Files.size(real));
                key.append(' ').append(Files.getLastModifiedTime(real).toMillis());
            }
            return key.toString();
        } catch (IOException e) {
            throw Disk.fault("run step: look at OCI runtime", e);
        }
    }

    private Optional<OciRuntime> recall(String key, List<OciRuntime> candidates) {
        try {
            List<String> lines = Files.readAllLines(store.resolve(FILE));
            if (lines.size() == 3 && lines.getFirst().equals(key)) {
                return candidates.stream()
                        .filter(candidate -> candidate.kind().program().equals(lines.get(1)))
                        .map(c -> new OciRuntime(c.binary(), c.kind(), lines.get(2), c.hideUnified()))
                        .findFirst();
            }
        } catch (IOException e) {
            return Optional.empty(); // none yet, or not readable: asking again is cheap
        }
        return Optional.empty();
    }

    private void remember(String key, OciRuntime found) {
        Path fresh = directory.resolve(FILE + "-" + ProcessHandle.current().pid());
        try {
            Files.writeString(fresh, key + "\n" + found.kind().program() + "\n" + found.label() + "\n");
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
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            String first = text.lines().findFirst().orElse("");
            int at = first.indexOf("version ");
            return at < 0 ? program : program + " " + first.substring(at + 8).replaceFirst("\\+.*", "");
        } catch (IOException e) {
            return program; // it worked a moment ago; the version is only shown
        }
    }

    private boolean works(OciRuntime candidate) throws InterruptedException {
        String id = ControlGroups.newName();
        Path scratch = directory.resolve("probe-" + id);
        try (StepDirectory files = new StepDirectory(scratch);
                OciExecutor executor = OciExecutor.with(candidate, host, programs, directory)) {
            files.prepare(List.of(scratch.resolve("upper"), scratch.resolve("work")), new byte[0]);
            Words words = new Words();
            Executor.Exit exit = executor.run(trueProcess(id, scratch), words::add);
            if (exit.code() == 0) {
                return true;
            }
            failures.add(candidate.kind().program() + ": "
                    + (words.text().isEmpty() ? "ended with code " + exit.code() : words.text()));
            return false;
        } catch (EnvironmentFault e) {
            failures.add(candidate.kind().program() + ": " + e.text());
            return false;
        }
    }

    /** The host's own {@code true}, in an empty root into which the host's system directories are mounted. */
    private ProcessSpec trueProcess(String id, Path scratch) {
        List<ProcessSpec.Bind> binds = new ArrayList<>();
        for (String name : List.of("/bin", "/lib", "/lib64", "/usr", "/nix", "/gnu")) {
            Path path = Path.of(name);
            if (Files.isDirectory(path)) {
                binds.add(new ProcessSpec.Bind.HostPath(name, real(path), true));
            }
        }
        Path program = programs.find("true").orElse(Path.of("/bin/true"));
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
                Op.Network.DEFAULT,
                Op.Security.SANDBOX,
                List.of(),
                List.of(),
                null);
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
