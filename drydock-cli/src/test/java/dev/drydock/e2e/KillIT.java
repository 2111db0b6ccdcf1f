package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Eventually;
import dev.drydock.house.Leftovers;
import dev.drydock.house.Requires;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code kill -9} at any instant: the next command works, nothing is lost, no process and no mount stays. */
class KillIT {
    private static final int KILLS = Integer.getInteger("drydock.kills", "true".equals(System.getenv("CI")) ? 200 : 60);
    private static final int CHECK_EVERY = 10;

    private final long seed = Long.getLong("drydock.seed", System.nanoTime());
    private final Random random = new Random(seed);
    /** How long commands take, in nanoseconds, by their first words; learnt from those that are spared. */
    private final Map<String, Long> usual = new HashMap<>();

    private static final long AT_FIRST = 1_000_000_000L;
    private static final int AT_ONCE = 3;
    private static final int KINDS = 17;

    private Path archive;
    private String remote;

    @BeforeAll
    static void needs() {
        Requires.root();
        Requires.program("runc");
        Requires.program("busybox");
        Requires.program("docker-registry");
    }

    /** Several commands at once on one store, each killed at an instant of its own, or spared if it is quicker. */
    @Test
    void commandsThatAreKilledLoseNothingAndLeaveNothing() throws Exception {
        System.out.println("KillIT: drydock.seed=" + seed + " drydock.kills=" + KILLS);
        try (Store store = Store.create().withBusybox();
                Registry registry = Registry.start(store.directory("registry"))) {
            Path project = project(store);
            store.drydock("tag", "busybox:1.37", "keep:me").run().ok();
            remote = registry.host() + "/keep:1";
            store.drydock("tag", "keep:me", remote).run().ok();
            store.drydock("push", "-q", remote).run().ok();
            archive = store.directory("archives").resolve("load.tar");
            store.drydock("save", "-o", archive.toString(), remote).run().ok();
            String kept = id(store, "keep:me");
            int killed = 0;
            int round = 0;
            while (killed < KILLS) {
                killed += round(store, project, round);
                awaitNoProcessesAndMounts();
                assertThat(id(store, "keep:me"))
                        .as("round %d, seed %d", round, seed)
                        .isEqualTo(kept);
                exportsAreWhole(project);
                if (round % CHECK_EVERY == 0) {
                    aBuildIsWhole(store, project, round);
                    allIsWell(store, round);
                }
                assertThat(round)
                        .as("rounds, of which too few had something to kill")
                        .isLessThan(KILLS * 3);
                round++;
            }
            System.out.println("KillIT: " + killed + " of " + round * AT_ONCE + " commands were killed while they ran");
            aBuildIsWhole(store, project, round);
            store.drydock("save", "-o", project.resolve("saved.tar").toString(), "keep:me")
                    .run()
                    .ok();
            for (String last : List.of(
                    "type=tar,dest=out/b.tar", "type=oci,tar=false,dest=out/layout", "type=local,dest=out/files")) {
                output(store, project, project.resolve("Dockerfile0"), last)
                        .run()
                        .ok();
            }
            exportsAreWhole(project);
            registry.close();
            store.assertNothingLeft();
            removeEverything(store);
            allIsWell(store, round);
            assertThat(filesOf(store.root()))
                    .as("what is left of an empty store, seed %d", seed)
                    .allMatch(KillIT::mayStay);
            try (var files = Files.list(project)) {
                assertThat(files)
                        .noneMatch(file -> file.getFileName().toString().startsWith(".drydock"));
            }
            try (var files = Files.walk(project.resolve("out"))) {
                assertThat(files)
                        .as("what killed exports left, after others into the same places")
                        .noneMatch(file -> file.getFileName().toString().startsWith(".drydock"));
            }
        }
    }

    private Path project(Store store) throws Exception {
        Path project = store.directory("killed");
        Path data = Files.createDirectories(project.resolve("data"));
        for (int i = 0; i < 300; i++) {
            Files.writeString(data.resolve("file" + i), "content " + i + "\n".repeat(random.nextInt(2000)));
        }
        return project;
    }

    /** Every kind of command that changes a store; builds that copy, run, use a cache, and have stages side by side. */
    private List<Command> commands(Store store, Path project, int round) throws Exception {
        Path file = project.resolve("Dockerfile" + round % 7);
        Files.writeString(file, """
                FROM busybox:1.37 AS a
                COPY data /data%1$d
                RUN echo %2$d > /n && (sleep 0.05; cp -r /data%1$d /copy)
                FROM busybox:1.37 AS b
                RUN --mount=type=cache,target=/c sleep 0.05 && echo %2$d >> /c/log
                RUN sleep 0.1 & echo %2$d > /b
                FROM busybox:1.37
                COPY --from=a /copy /copy
                COPY --from=b --chmod=700 /b /b
                """.formatted(round % 7, round));
        List<Command> all = new ArrayList<>();
        all.add(store.drydock("build", "-f", file.toString(), "-t", "killed:" + round % 5, ".")
                .in(project));
        all.add(store.drydock("build", "-f", file.toString(), "--target", "b", "-t", "other:" + round % 3, ".")
                .in(project));
        all.add(
                switch (round % KINDS) {
                    case 0 -> store.drydock("import", store.busyboxTar().toString(), "imported:" + round % 3);
                    case 1 ->
                        store.drydock("save", "-o", project.resolve("saved.tar").toString(), "keep:me");
                    case 2 -> store.drydock("rmi", "killed:" + (round + 2) % 5);
                    case 3 -> store.drydock("push", "-q", remote);
                    case 4, 7 -> store.drydock("rmi", "-f", remote);
                    case 5 -> store.drydock("pull", "-q", remote);
                    case 6 -> store.drydock("prune", "-f");
                    case 8 -> store.drydock("load", "-q", "-i", archive.toString());
                    case 9 -> store.drydock("builder", "prune", "-af", "--max-used-space", "1MB");
                    case 10 ->
                        store.drydock(
                                "import",
                                "--store-ceiling",
                                "1MB",
                                store.busyboxTar().toString(),
                                "imported:" + round % 3);
                    case 12 -> output(store, project, file, "type=tar,dest=out/b.tar");
                    case 13 -> output(store, project, file, "type=oci,tar=false,dest=out/layout");
                    case 14 -> output(store, project, file, "type=local,dest=out/files");
                    case 15 -> output(store, project, file, "type=docker,dest=out/b.docker.tar");
                    case 11 -> round % 2 == 0 ? store.drydock("fsck") : store.drydock("fsck", "--repair");
                    default ->
                        store.drydock("build", "--no-cache", "-f", file.toString(), ".")
                                .in(project);
                });
        return all;
    }

    private static Command output(Store store, Path project, Path file, String output) throws Exception {
        Files.createDirectories(project.resolve("out"));
        return store.drydock("build", "-q", "-f", file.toString(), "--target", "b", "-o", output, ".")
                .in(project);
    }

    /** What is there is whole: archives, each blob of a layout that its index may name, each file of a directory. */
    private static void exportsAreWhole(Path project) throws Exception {
        Path out = project.resolve("out");
        if (!Files.isDirectory(out)) {
            return;
        }
        Command.of("sh", "-ec", """
                        for archive in *.tar; do [ ! -e "$archive" ] || tar -tf "$archive" > /dev/null; done
                        if [ -e b.tar ]; then tar -xOf b.tar b | grep -qx '[0-9]*'; fi
                        if [ -e layout/index.json ]; then
                          test -e layout/oci-layout
                          cd layout/blobs/sha256
                          for blob in *; do echo "$blob  $blob"; done | sha256sum -c --quiet
                          for digest in $(grep -o 'sha256:[0-9a-f]*' ../../index.json); do test -e "${digest#sha256:}"; done
                          cd ../../..
                        fi
                        if [ -e files/b ]; then grep -qx '[0-9]*' files/b; fi
                        if [ -e files/bin/busybox ]; then cmp files/bin/busybox "$(command -v busybox)"; fi
                        """).in(out).run().ok();
    }

    private static List<Process> start(List<Command> commands) throws Exception {
        List<Process> processes = new ArrayList<>();
        for (Command command : commands) {
            processes.add(command.quiet().start());
        }
        return processes;
    }

    /** Returns how many were killed while they ran. */
    private int round(Store store, Path project, int round) throws Exception {
        List<Command> commands = commands(store, project, round);
        long start = System.nanoTime();
        List<Process> running = start(commands);
        long[] instants = new long[running.size()];
        for (int i = 0; i < instants.length; i++) {
            instants[i] = (long) (random.nextDouble() * 1.1 * usual.getOrDefault(kind(commands.get(i)), AT_FIRST));
        }
        int killed = 0;
        int ended = 0;
        while (ended < instants.length) {
            for (int i = 0; i < instants.length; i++) {
                Process process = running.get(i);
                String kind = kind(commands.get(i));
                long took = usual.getOrDefault(kind, AT_FIRST);
                long age = System.nanoTime() - start;
                if (instants[i] < 0) {
                    continue;
                }
                if (!process.isAlive()) {
                    usual.put(kind, (took + age) / 2);
                } else if (age >= instants[i]) {
                    process.destroyForcibly().waitFor();
                    killed++;
                    usual.put(kind, instants[i] > took ? took + took / 5 : took); // it takes longer now
                } else {
                    continue;
                }
                instants[i] = -1;
                ended++;
            }
            Thread.sleep(1);
        }
        return killed;
    }

    private static String kind(Command command) {
        return String.join(" ", command.words().stream().skip(1).limit(2).toList());
    }

    /** After a prune the store is whole, and nothing in it belongs to nothing. */
    private void allIsWell(Store store, int round) throws Exception {
        store.drydock("prune", "-f").run().ok();
        assertThat(store.drydock("fsck").run().ok().out())
                .as("round %d, seed %d", round, seed)
                .contains(": all is well");
    }

    private static String id(Store store, String name) throws Exception {
        return store.drydock("images", "--no-trunc", "-q", name).run().ok().out();
    }

    /** The store works without repair, and what comes out of it is what went in. */
    private void aBuildIsWhole(Store store, Path project, int round) throws Exception {
        for (Command command : commands(store, project, round)) {
            if (command.words().contains("build")) {
                command.run().ok();
            }
        }
        Path archive = store.directory("out").resolve("whole.tar");
        store.drydock("save", "-o", archive.toString(), "killed:" + round % 5)
                .run()
                .ok();
        Path unpacked = store.directory("unpacked");
        Command.of(
                        "sh",
                        "-ec",
                        "cd '" + unpacked + "'; tar -xf '" + archive + "'; for blob in blobs/sha256/*; do"
                                + " echo \"${blob##*/}  $blob\"; done | sha256sum -c --quiet;"
                                + " for blob in blobs/sha256/*; do tar -xf $blob copy b 2> /dev/null || :; done;"
                                + " diff -r copy '" + project.resolve("data") + "'; test \"$(cat b)\" = " + round
                                + "; rm -rf blobs copy b *")
                .run()
                .ok();
    }

    private void awaitNoProcessesAndMounts() throws Exception {
        Eventually.holds(() -> {
            Set<String> left = Leftovers.now();
            left.removeIf(line -> (!line.startsWith("process ") && !line.startsWith("mount "))
                    || line.contains(" docker-registry serve "));
            assertThat(left).as("seed %d", seed).isEmpty();
        });
    }

    private static void removeEverything(Store store) throws Exception {
        List<String> words = new ArrayList<>(List.of("rmi", "-f"));
        words.addAll(new TreeSet<>(
                store.drydock("images", "-a", "-q", "--no-trunc").run().ok().lines()));
        store.drydock(words.toArray(String[]::new)).run().ok();
        store.drydock("prune", "-af").run().ok();
        assertThat(store.drydock("images", "-q").run().ok().out()).isEmpty();
    }

    private static List<Path> filesOf(Path root) throws Exception {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(root.relativize(file));
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    /** The database, the copy of its names, its library, what was learnt about the host; of a killed step the name of its cache. */
    private static boolean mayStay(Path file) {
        return file.toString()
                .matches("drydock\\.db.*|names|native/sqlite-[^/]*|reserve|runtime-probe"
                        + "|cache-mounts/[0-9a-f]+/about");
    }

    @Test
    void anInterruptedBuildEndsItsStepAndSaysSo() throws Exception {
        try (Store store = Store.create().withBusybox()) {
            for (String signal : List.of("INT", "TERM")) {
                Path project = store.directory("slow" + signal);
                Files.writeString(
                        project.resolve("Dockerfile"),
                        "FROM busybox:1.37\nRUN (sleep 301; echo late) & echo start && sleep 300\n");
                Path log = project.resolve("log");
                Process build = store.drydock("build", "--progress", "plain", project.toString())
                        .errorTo(log)
                        .start();
                Eventually.holds(() -> assertThat(log).content().contains(" start\n"));
                // another command works on the store meanwhile
                store.drydock("tag", "busybox:1.37", "beside:" + signal.toLowerCase(java.util.Locale.ROOT))
                        .run()
                        .ok();
                Command.of("kill", "-" + signal, Long.toString(build.pid()))
                        .run()
                        .ok();
                boolean ended = build.waitFor(2, TimeUnit.MINUTES);
                build.destroyForcibly();
                assertThat(ended).isTrue();
                assertThat(build.exitValue()).isEqualTo(130);
                assertThat(Files.readString(log))
                        .contains(" CANCELED\n")
                        .endsWith("ERROR: failed to build: failed to solve: Canceled: context canceled\n")
                        .doesNotContainPattern("(?m)^#[0-9]+ [0-9.]+ late$");
                store.assertNothingLeft();
            }
        }
    }

    /** Ctrl-C on a terminal goes to every process in the foreground: the step must not be told of it by the terminal. */
    @Test
    void ctrlCOnATerminalEndsTheStepAndLeavesNothing() throws Exception {
        Requires.program("tmux");
        try (Store store = Store.create().withBusybox()) {
            Path project = store.directory("terminal");
            Files.writeString(
                    project.resolve("Dockerfile"), "FROM busybox:1.37\nRUN sleep 301 & echo start && sleep 300\n");
            Path screen = project.resolve("screen");
            String socket = project.resolve("tmux").toString();
            String build = String.join(
                    " ",
                    store.drydock("--root", store.root().toString(), "build", ".")
                            .words());
            Command.of(
                            "tmux",
                            "-S",
                            socket,
                            "-f",
                            "/dev/null",
                            "new-session",
                            "-d",
                            "-x",
                            "100",
                            "-y",
                            "30",
                            "cd '" + project + "'; " + build + "; echo \"exit $?\" > exit; sleep 300")
                    .run()
                    .ok();
            try {
                capture(socket, screen, "# start");
                Command.of("tmux", "-S", socket, "send-keys", "C-c").run().ok();
                Eventually.holds(
                        () -> assertThat(project.resolve("exit")).content().isEqualTo("exit 130\n"));
                capture(socket, screen, "Canceled: context canceled");
                assertThat(Files.readString(screen)).contains("CANCELED [2/2] RUN");
            } finally {
                Command.of("tmux", "-S", socket, "kill-server").run().ok();
            }
            store.assertNothingLeft();
        }
    }

    private static void capture(String socket, Path screen, String text) throws Exception {
        Eventually.holds(() -> {
            Files.writeString(
                    screen,
                    Command.of("tmux", "-S", socket, "capture-pane", "-p")
                            .run()
                            .ok()
                            .out());
            assertThat(screen).content().contains(text);
        });
    }
}
