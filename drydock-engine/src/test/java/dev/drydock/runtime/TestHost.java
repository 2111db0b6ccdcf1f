package dev.drydock.runtime;

import dev.drydock.house.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What tests with real runtimes need of the machine. */
final class TestHost {
    private static final Programs PROGRAMS = new Programs(System.getenv());

    private TestHost() {}

    static void requireRootAndBusybox() {
        Requires.root();
        Requires.that(Files.isExecutable(Path.of("/bin/busybox")), "needs a static /bin/busybox");
    }

    static OciRuntime runtime(OciRuntime.Kind kind) {
        Optional<Path> binary = PROGRAMS.find(kind.program());
        Requires.that(binary.isPresent(), "needs " + kind.program());
        boolean hybrid = Host.current().cgroups() == Host.Cgroups.HYBRID;
        return new OciRuntime(binary.orElseThrow(), kind, kind.program(), kind == OciRuntime.Kind.CRUN && hybrid);
    }

    static OciRuntime.Kind anyKind() {
        return PROGRAMS.find("runc").isPresent() ? OciRuntime.Kind.RUNC : OciRuntime.Kind.CRUN;
    }

    static ProcessBuilder java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /** Command lines that hold the text. */
    static List<String> processesWith(String text) {
        List<String> found = new ArrayList<>();
        ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .forEach(process -> {
                    try {
                        String line = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                                .replace('\0', ' ');
                        if (line.contains(text)) {
                            found.add(line);
                        }
                    } catch (IOException e) {
                        return; // it has ended
                    }
                });
        return found;
    }

    static List<Path> controlGroups(String prefix) {
        List<Path> found = new ArrayList<>();
        for (String hierarchy : List.of("", "devices", "unified", "memory", "pids", "systemd", "cpu")) {
            Path directory = Path.of("/sys/fs/cgroup", hierarchy);
            if (Files.isDirectory(directory)) {
                found.addAll(entries(directory, prefix + "*"));
            }
        }
        return found;
    }

    static List<Path> entries(Path directory, String pattern) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
            entries.forEach(found::add);
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
