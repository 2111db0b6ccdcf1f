package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Eventually;
import dev.drydock.house.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

    /** A project of its own, whose Dockerfile goes on from {@code FROM busybox:1.37}. */
    Path project(String dockerfile) throws IOException {
        Path project = Files.createTempDirectory(directory("projects"), "p");
        Files.writeString(project.resolve("Dockerfile"), "FROM busybox:1.37\n" + dockerfile);
        return project;
    }

    /** A build of a project that tells line by line what it does. */
    Command build(Path project, String... flags) {
        List<String> words = new ArrayList<>(List.of("build", "--progress=plain"));
        words.addAll(List.of(flags));
        words.add(".");
        return drydock(words.toArray(String[]::new)).in(project);
    }

    /** The same, which uses nothing of earlier builds. */
    Command buildAnew(Path project, String... flags) {
        List<String> all = new ArrayList<>(List.of(flags));
        all.add("--no-cache");
        return build(project, all.toArray(String[]::new));
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

    /** Fails with a list of what commands left behind: mounts, processes, control groups, unfinished files, leases. */
    void assertNothingLeft() throws Exception {
        // the kernel takes a moment to end what was killed
        Eventually.holds(() -> assertThat(Leftovers.now()).as("left behind").isEmpty());
    }

    @Override
    public void close() throws Exception {
        try {
            assertNothingLeft();
        } finally {
            Command.of("rm", "-rf", root.toString()).run().ok();
        }
    }
}
