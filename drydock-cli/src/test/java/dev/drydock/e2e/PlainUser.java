package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Eventually;
import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A user of this machine who is made for a test, with a home of its own. Closing removes both. */
final class PlainUser implements AutoCloseable {
    private static final AtomicInteger USERS = new AtomicInteger();

    private final String name;
    private final Path home;

    private PlainUser(String name, Path home) {
        this.name = name;
        this.home = home;
    }

    /** Which IDs beside its own a user may use. */
    enum Ids {
        /** None: every file is the user's. */
        ONE,
        /** A range of 65536. */
        RANGE
    }

    static PlainUser create(Ids ids) throws IOException, InterruptedException {
        Requires.root();
        for (String program : List.of("useradd", "userdel", "usermod", "setpriv", "newuidmap")) {
            Requires.program(program);
        }
        Path home = Files.createTempDirectory("drydock-user-");
        String name = "drydock-it-" + ProcessHandle.current().pid() + "-" + USERS.incrementAndGet();
        Command.of("useradd", "-M", "-d", home.toString(), "-K", "SUB_UID_COUNT=0", "-K", "SUB_GID_COUNT=0", name)
                .run()
                .ok();
        PlainUser user = new PlainUser(name, home);
        Command.of("chown", name + ":", home.toString()).run().ok();
        if (ids == Ids.RANGE) {
            Command.of("usermod", "--add-subuids", "700000-765535", "--add-subgids", "700000-765535", name)
                    .run()
                    .ok();
        }
        return user;
    }

    String name() {
        return name;
    }

    Path home() {
        return home;
    }

    /** A command of this user's, with its home and a plain PATH and nothing else in its environment. */
    Command run(String... words) {
        List<String> all = new ArrayList<>(List.of("HOME=" + home, "PATH=/usr/local/bin:/usr/bin:/bin"));
        all.addAll(List.of(words));
        return bare(all.toArray(String[]::new));
    }

    /** A command of this user's; {@code words} begin with all that its environment has. */
    Command bare(String... words) {
        List<String> all = new ArrayList<>(List.of(
                "setpriv", "--reuid=" + name, "--regid=" + name, "--init-groups", "--", "env", "-i", "-C", "/"));
        all.addAll(List.of(words));
        return new Command(all);
    }

    /** A file of the user's. */
    Path write(String path, String text) throws IOException, InterruptedException {
        Path file = home.resolve(path);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
        Command.of(
                        "chown",
                        "-R",
                        name + ":",
                        home.resolve(Path.of(path).getName(0)).toString())
                .run()
                .ok();
        return file;
    }

    /** Fails if a process of this user's is still there a while after its commands have ended. */
    void assertNoProcess() throws Exception {
        Eventually.holds(
                () -> assertThat(processes()).as("processes left running").isEmpty());
    }

    private List<String> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().user().equals(Optional.of(name)))
                .map(process ->
                        process.pid() + " " + process.info().commandLine().orElse(""))
                .toList();
    }

    @Override
    public void close() throws Exception {
        try {
            assertNoProcess();
        } finally {
            Command.of("userdel", "-f", name).run().ok();
            Command.of("rm", "-rf", home.toString()).run().ok();
        }
    }
}
