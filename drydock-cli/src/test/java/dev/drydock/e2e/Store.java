package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A store of a test's own and the real launcher on it. Closing checks that nothing is left behind, and removes it. */
final class Store implements AutoCloseable {
    private static final Path CHECKOUT =
            Path.of(System.getProperty("drydock.checkout")).toAbsolutePath();

    private final Path root;
    private final Path launcher;

    private final Path registries;

    private Store(Path root, Path launcher) throws IOException {
        this.root = root;
        this.launcher = launcher;
        this.registries = EmptyHub.settings(root);
    }

    static Store create() throws IOException {
        Path launcher = CHECKOUT.resolve("drydock-cli/target/dist/drydock/bin/drydock");
        assertThat(launcher).as("the launcher of the packaged distribution").isExecutable();
        return new Store(Files.createTempDirectory(Leftovers.MARK + "e2e-"), launcher);
    }

    static Path checkout() {
        return CHECKOUT;
    }

    Path root() {
        return root.resolve("store");
    }

    /** A directory for files of the test's, gone with the store. */
    Path directory(String name) throws IOException {
        return Files.createDirectories(root.resolve(name));
    }

    Command drydock(String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(launcher.toString());
        words.addAll(List.of(arguments));
        return new Command(words)
                .with("DRYDOCK_ROOT", root().toString())
                .with("DRYDOCK_REGISTRIES", registries.toString())
                .with("NO_COLOR", "1");
    }

    /** Imports a root file system with busybox in it as {@code busybox:1.37}. */
    Store withBusybox() throws IOException, InterruptedException {
        Path tar = root.resolve("busybox.tar");
        if (!Files.exists(tar)) {
            BusyboxRoot.make(root.resolve("busybox-root"), tar);
        }
        drydock("import", "-c", "CMD [\"sh\"]", tar.toString(), "busybox:1.37")
                .run()
                .ok();
        return this;
    }

    Path busyboxTar() {
        return root.resolve("busybox.tar");
    }

    /** Fails with a list of what a command left behind: mounts, processes, control groups, unfinished files, leases. */
    void assertNothingLeft() throws IOException, InterruptedException {
        List<String> left = new ArrayList<>();
        for (int tries = 0; tries < 50; tries++) {
            left = left();
            if (left.isEmpty()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100); // the kernel takes a moment to end what was killed
        }
        assertThat(left).as("left behind").isEmpty();
    }

    private List<String> left() throws IOException {
        List<String> left = new ArrayList<>(mountsAndProcesses());
        for (String place : List.of("tmp", "leases")) {
            Path directory = root().resolve(place);
            if (Files.isDirectory(directory)) {
                try (Stream<Path> files = Files.list(directory)) {
                    files.forEach(file -> left.add("file " + file));
                }
            }
        }
        return left;
    }

    /** What no death of a process may leave: the kernel ends these with it. */
    List<String> mountsAndProcesses() throws IOException {
        List<String> left = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            if (line.contains(root.toString())) {
                left.add("mount " + line);
            }
        }
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes.toList()) {
                if (process.getFileName().toString().matches("[0-9]+")) {
                    String command = commandLine(process);
                    if (command.contains(root.toString())) {
                        left.add("process " + process.getFileName() + " " + command);
                    }
                }
            }
        }
        return left;
    }

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"), java.nio.charset.StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try {
            assertNothingLeft();
        } finally {
            Command.of("rm", "-rf", root.toString()).run().ok();
        }
    }
}
