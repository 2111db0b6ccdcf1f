package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code kill -9} at any instant: the next command works, nothing is lost, no process and no mount stays. */
class KillIT {
    private static final int KILLS = Integer.getInteger("drydock.kills", "true".equals(System.getenv("CI")) ? 200 : 40);

    @BeforeAll
    static void needs() {
        Requires.root();
        Requires.program("runc");
        Requires.program("busybox");
    }

    @Test
    void buildsThatAreKilledLoseNothingAndLeaveNothing() throws Exception {
        long seed = Long.getLong("drydock.seed", System.nanoTime());
        Random random = new Random(seed);
        try (Store store = Store.create().withBusybox()) {
            Path project = store.directory("killed");
            Path data = Files.createDirectories(project.resolve("data"));
            for (int i = 0; i < 300; i++) {
                Files.writeString(data.resolve("file" + i), "content " + i + "\n".repeat(random.nextInt(2000)));
            }
            store.drydock("tag", "busybox:1.37", "keep:me").run().ok();
            String kept = store.drydock("images", "--no-trunc", "-q", "keep:me")
                    .run()
                    .ok()
                    .out();
            int inTheMiddle = 0;
            for (int i = 0; i < KILLS; i++) {
                Files.writeString(
                        project.resolve("Dockerfile"),
                        "FROM busybox:1.37\nCOPY data /data" + i % 7 + "\nRUN echo " + i
                                + " > /n && (sleep 0.05; cp -r /data" + i % 7 + " /copy)\n"
                                + "RUN --mount=type=cache,target=/c sleep 0.05 && echo " + i + " >> /c/log\n");
                Process build = store.drydock("build", "-t", "killed:" + i % 5, ".")
                        .in(project)
                        .start();
                boolean ended = build.waitFor(random.nextInt(1500), TimeUnit.MILLISECONDS);
                if (!ended) {
                    build.destroyForcibly();
                    build.waitFor();
                    inTheMiddle++;
                }
                if (i % 10 == 9) {
                    assertThat(store.drydock("images", "--no-trunc", "-q", "keep:me")
                                    .run()
                                    .ok()
                                    .out())
                            .as("kill %d, seed %d", i, seed)
                            .isEqualTo(kept);
                    awaitNoProcessesAndMounts(store, seed);
                }
            }
            assertThat(inTheMiddle).as("builds that were killed while they ran").isGreaterThan(KILLS / 4);
            awaitNoProcessesAndMounts(store, seed);
            store.drydock("build", "-t", "after", ".").in(project).run().ok();
            Path archive = store.directory("out").resolve("after.tar");
            store.drydock("save", "-o", archive.toString(), "after", "keep:me")
                    .run()
                    .ok();
            assertThat(Command.of("sh", "-c", "tar -xOf " + archive + " manifest.json")
                            .run()
                            .ok()
                            .out())
                    .contains("after:latest", "keep:me");
        }
    }

    private static void awaitNoProcessesAndMounts(Store store, long seed) throws Exception {
        for (int tries = 0; tries < 50 && !store.mountsAndProcesses().isEmpty(); tries++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(store.mountsAndProcesses()).as("seed %d", seed).isEmpty();
    }

    @Test
    void anInterruptedBuildEndsItsStepAndSaysSo() throws Exception {
        try (Store store = Store.create().withBusybox()) {
            Path project = store.directory("slow");
            Files.writeString(project.resolve("Dockerfile"), "FROM busybox:1.37\nRUN echo start && sleep 300\n");
            Path log = project.resolve("log");
            Process build = new ProcessBuilder(
                            "sh",
                            "-c",
                            "exec \"$@\" 2>" + log,
                            "sh",
                            Store.checkout()
                                    .resolve("drydock-cli/target/dist/drydock/bin/drydock")
                                    .toString(),
                            "--root",
                            store.root().toString(),
                            "build",
                            "--progress",
                            "plain",
                            project.toString())
                    .start();
            for (int tries = 0;
                    tries < 200 && !(Files.exists(log) && Files.readString(log).contains("start\n"));
                    tries++) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            Command.of("kill", "-INT", Long.toString(build.pid())).run().ok();
            assertThat(build.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(build.exitValue()).isEqualTo(130);
            assertThat(Files.readString(log))
                    .contains("CANCELED")
                    .contains("ERROR: failed to build: failed to solve: Canceled: context canceled");
            store.assertNothingLeft();
        }
    }
}
