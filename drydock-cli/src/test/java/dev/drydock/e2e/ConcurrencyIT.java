package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.e2e.Command.Outcome;
import dev.drydock.house.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several processes on one store at the same time. */
class ConcurrencyIT {
    private static final String HOLD = RunningBuild.HOLD;

    private Store store;
    private ExecutorService threads;

    @BeforeEach
    void open() throws Exception {
        Requires.root();
        Requires.program("runc");
        Requires.program("busybox");
        store = Store.create().withBusybox();
        threads = Executors.newCachedThreadPool();
    }

    @AfterEach
    void close() throws Exception {
        if (store != null) {
            threads.shutdownNow();
            assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            store.close();
        }
    }

    private Path project(String name, String dockerfile) throws Exception {
        Path project = store.directory(name);
        Files.writeString(project.resolve("Dockerfile"), dockerfile);
        Files.writeString(project.resolve("file"), "of " + name + "\n");
        return project;
    }

    private List<Outcome> atOnce(List<Callable<Outcome>> commands) throws Exception {
        List<Outcome> outcomes = new ArrayList<>();
        for (Future<Outcome> each : threads.invokeAll(commands)) {
            outcomes.add(each.get());
        }
        return outcomes;
    }

    /** Saves the image, checks every digest in the archive, and reads one file of its layers. */
    private String fileOf(String image, String path) throws Exception {
        Path archive = store.directory("out").resolve(image.replaceAll("[:/]", "-") + ".tar");
        store.drydock("save", "-o", archive.toString(), image).run().ok();
        Path unpacked = Files.createTempDirectory(store.directory("out"), "u");
        return Command.of(
                        "sh",
                        "-ec",
                        "cd '" + unpacked + "'; tar -xf '" + archive + "'; for blob in blobs/sha256/*; do"
                                + " echo \"${blob##*/}  $blob\"; done | sha256sum -c --quiet;"
                                + " for blob in blobs/sha256/*; do tar -xOf $blob '" + path
                                + "' 2> /dev/null || :; done")
                .run()
                .ok()
                .out();
    }

    @Test
    void theSameDockerfileAtOnce() throws Exception {
        Path project = project("same", "FROM busybox:1.37\nCOPY file /copied\nRUN cp /copied /run\n");
        List<Callable<Outcome>> builds = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = "same:" + i;
            builds.add(() -> store.drydock("build", "-t", name, ".").in(project).run());
        }
        for (Outcome outcome : atOnce(builds)) {
            outcome.ok();
        }
        for (int i = 0; i < 4; i++) {
            assertThat(fileOf("same:" + i, "run")).isEqualTo("of same\n");
        }
    }

    @Test
    void differentDockerfilesAndOtherCommandsBesideThem() throws Exception {
        List<Callable<Outcome>> commands = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String name = "different" + i;
            Path project = project(
                    name, "FROM busybox:1.37\nCOPY file /copied\nRUN cp /copied /run; echo " + i + " >> /run\n");
            commands.add(
                    () -> store.drydock("build", "-t", name, ".").in(project).run());
        }
        for (int i = 0; i < 3; i++) {
            String name = "busybox:tag" + i;
            commands.add(() -> {
                Outcome last = null;
                for (int turn = 0; turn < 4; turn++) {
                    store.drydock("tag", "busybox:1.37", name).run().ok();
                    store.drydock("images").run().ok();
                    last = store.drydock("rmi", name).run().ok();
                }
                return last;
            });
        }
        for (Outcome outcome : atOnce(commands)) {
            outcome.ok();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(fileOf("different" + i, "run")).isEqualTo("of different" + i + "\n" + i + "\n");
        }
        assertThat(store.drydock("images", "--format", "{{.Repository}}:{{.Tag}}")
                        .run()
                        .ok()
                        .lines())
                .containsExactlyInAnyOrder(
                        "busybox:1.37", "different0:latest", "different1:latest", "different2:latest");
    }

    /** What a build uses stays until it ends, though nobody can see it any more. */
    @Test
    void theBaseIsRemovedWhileABuildUsesIt() throws Exception {
        Path project =
                project("base", "FROM busybox:1.37\nRUN echo start; " + HOLD + "; cp /etc/passwd /run\nCOPY file /f\n");
        Path log = project.resolve("log");
        Process build = store.drydock("build", "--progress=plain", "-t", "based", ".")
                .in(project)
                .errorTo(log)
                .start();
        RunningBuild.awaitText(build, log, " start\n");
        assertThat(store.drydock("rmi", "busybox:1.37").run().ok().out()).contains("Untagged: busybox:1.37");
        assertThat(store.drydock("images", "-q").run().ok().out()).isEmpty();
        RunningBuild.goOn(build);
        assertThat(build.waitFor()).as(Files.readString(log)).isZero();
        assertThat(fileOf("based", "run")).startsWith("root:x:0:0:");
        store.drydock("rmi", "based").run().ok();
        store.drydock("prune", "-af").run().ok();
        assertThat(Command.of("ls", store.root().resolve("layers").toString())
                        .run()
                        .ok()
                        .out())
                .isEmpty();
    }

    @Test
    void theResultIsRemovedWhileARebuildUsesIt() throws Exception {
        String dockerfile = "FROM busybox:1.37\nRUN head -c 5000000 /dev/zero > /zeros; echo cached > /run\n";
        Path project = project("result", dockerfile);
        store.drydock("build", "-t", "result", ".").in(project).run().ok();
        Files.writeString(
                project.resolve("Dockerfile"), dockerfile + "RUN echo start; " + HOLD + "; cat /run > /again\n");
        Path log = project.resolve("log");
        Process build = store.drydock("build", "--progress=plain", "-t", "result", ".")
                .in(project)
                .errorTo(log)
                .start();
        RunningBuild.awaitText(build, log, " start\n");
        store.drydock("rmi", "result").run().ok();
        RunningBuild.goOn(build);
        assertThat(build.waitFor()).as(Files.readString(log)).isZero();
        assertThat(Files.readString(log)).contains(" CACHED\n");
        assertThat(fileOf("result", "again")).isEqualTo("cached\n");
    }

    /** Whatever the order of the two, the build works and its image is whole. */
    @Test
    void imagesComeAndGoBesideRebuilds() throws Exception {
        Path project = project("churn", "FROM busybox:1.37\nCOPY file /f\nRUN cp /f /run\n");
        List<Callable<Outcome>> commands = new ArrayList<>();
        for (int worker = 0; worker < 2; worker++) {
            commands.add(() -> {
                Outcome last = null;
                for (int turn = 0; turn < 5; turn++) {
                    last = store.drydock("build", "-t", "churn", ".")
                            .in(project)
                            .run()
                            .ok();
                }
                return last;
            });
        }
        commands.add(() -> {
            Outcome last = null;
            for (int turn = 0; turn < 12; turn++) {
                last = store.drydock("rmi", "-f", "churn").run().ok(); // there or not
            }
            return last;
        });
        for (Outcome outcome : atOnce(commands)) {
            outcome.ok();
        }
        store.drydock("build", "-t", "churn", ".").in(project).run().ok();
        assertThat(fileOf("churn", "run")).isEqualTo("of churn\n");
    }
}
