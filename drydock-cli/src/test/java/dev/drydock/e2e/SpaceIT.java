package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.e2e.Command.Outcome;
import dev.drydock.house.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What stores of real builds and pulls take, say that they take, and give back. */
class SpaceIT {
    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB");

    @BeforeAll
    static void needs() {
        Requires.root();
        Requires.program("busybox");
        Requires.program("runc");
        Requires.program("docker-registry");
    }

    private static long du(Store store) throws Exception {
        String du = Command.of("du", "-s", "-B1", store.root().toString())
                .run()
                .ok()
                .out();
        return Long.parseLong(du.substring(0, du.indexOf('\t')));
    }

    private static double total(Store store) throws Exception {
        Matcher total = Pattern.compile("\nTotal: ([0-9.]+)([a-zA-Z]+)\n$")
                .matcher(store.drydock("df", "-v").run().ok().out());
        assertThat(total.find()).isTrue();
        return Double.parseDouble(total.group(1)) * Math.pow(1000, UNITS.indexOf(total.group(2)));
    }

    private static void noise(Path file, int seed, int size) throws Exception {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        Files.write(file, bytes);
    }

    private static Path project(Store store, String dockerfile) throws Exception {
        Path project = store.directory("project");
        noise(project.resolve("noise"), 1, 2_000_000);
        Files.writeString(project.resolve("Dockerfile"), dockerfile);
        return project;
    }

    @Test
    void dfSaysWhatDuSaysAndPruneFreesWhatItSays() throws Exception {
        try (Store store = Store.create().withBusybox();
                Registry registry = Registry.start(store.directory("registry"))) {
            Path project = project(store, """
                    FROM busybox:1.37 AS tools
                    RUN for i in $(seq 400); do echo $i > /file$i; done; mkdir -p /deep/er; ln /file1 /deep/er/same
                    FROM busybox:1.37
                    COPY noise /noise
                    COPY --from=tools /deep /deep
                    RUN --mount=type=cache,target=/c head -c 3000000 /dev/zero | tr '\\0' x > /c/kept && cp /noise /copy
                    """);
            store.drydock("build", "-q", "-t", "one", ".").in(project).run().ok();
            Files.writeString(project.resolve("more"), "more");
            String remote = registry.host() + "/one:1";
            store.drydock("tag", "one", remote).run().ok();
            store.drydock("push", "-q", remote).run().ok();
            store.drydock("rmi", "-f", "one", remote).run().ok();
            store.drydock("pull", "-q", remote).run().ok();
            Files.writeString(project.resolve("Dockerfile"), "FROM " + remote + "\nRUN echo two > /two\n");
            store.drydock("build", "-q", "-t", "two", ".").in(project).run().ok();

            assertThat(total(store)).isBetween(du(store) * 0.99, du(store) * 1.01);
            assertThat(store.drydock("du", "--verbose").run().ok().out())
                    .contains("Description:\t[2/2] RUN echo two > /two\n")
                    .contains("Description:\tcached mount /c with id \"")
                    .contains("Type:\t\texec.cachemount\n");

            String would =
                    store.drydock("builder", "prune", "--dry-run").run().ok().out();
            long before = du(store);
            String did = store.drydock("builder", "prune", "-f").run().ok().out();
            assertThat(last(did)).isEqualTo(last(would)).isNotEqualTo("Total:\t0B");
            assertThat(before - du(store)).as(did).isGreaterThan(5_000_000);
            assertThat(total(store)).isBetween(du(store) * 0.99, du(store) * 1.01);
            for (String name : List.of("two", remote)) {
                store.drydock("save", "-o", project.resolve("saved.tar").toString(), name)
                        .run()
                        .ok();
            }
            Outcome again = store.drydock("build", "--progress=plain", "-t", "two", ".")
                    .in(project)
                    .run()
                    .ok();
            assertThat(again.err()).as("what an image shares stays cached").contains("CACHED");

            store.drydock("prune", "-af").run().ok();
            assertThat(store.drydock("df", "--format", "{{.Type}} {{.Size}}")
                            .run()
                            .ok()
                            .out())
                    .startsWith("Images 0B\nBuild Cache 0B\n");
            assertThat(Command.of("ls", store.root().resolve("layers").toString())
                            .run()
                            .ok()
                            .out())
                    .isEmpty();
        }
    }

    @Test
    void aRunningBuildKeepsWhatItNeeds() throws Exception {
        try (Store store = Store.create().withBusybox()) {
            Path project = project(store, """
                    FROM busybox:1.37 AS base
                    COPY noise /noise
                    RUN --mount=type=cache,target=/c touch /c/mine
                    FROM base
                    RUN --mount=type=cache,target=/c echo start; %s; cp /noise /copy && test -f /c/mine
                    """.formatted(RunningBuild.HOLD));
            store.drydock("build", "-q", "--target", "base", ".")
                    .in(project)
                    .run()
                    .ok();
            Path log = project.resolve("log");
            Process build = store.drydock("build", "--progress=plain", "-t", "slow", ".")
                    .in(project)
                    .errorTo(log)
                    .start();
            RunningBuild.awaitText(build, log, " start\n");
            assertThat(store.drydock("du", "--filter", "inuse").run().ok().lines())
                    .hasSizeGreaterThan(4);
            store.drydock("builder", "prune", "-af").run().ok();
            RunningBuild.goOn(build);
            assertThat(build.waitFor()).as(Files.readString(log)).isZero();
            store.drydock("save", "-o", project.resolve("saved.tar").toString(), "slow")
                    .run()
                    .ok();
            assertThat(store.drydock("fsck").run().ok().out()).contains("all is well");
        }
    }

    @Test
    void aStoreStaysUnderItsCeiling() throws Exception {
        try (Store store = Store.create().withBusybox()) {
            long start = du(store);
            long ceiling = start + 14_000_000;
            Path project = project(store, "FROM busybox:1.37\nCOPY noise /noise\nRUN cp /noise /again\n");
            for (int i = 0; i < 6; i++) {
                noise(project.resolve("noise"), i, 2_000_000);
                Outcome build = store.drydock("build", "-t", "same", "--store-ceiling", Long.toString(ceiling), ".")
                        .in(project)
                        .run()
                        .ok();
                assertThat(build.err()).doesNotContain("warning");
                assertThat(du(store)).as("after build %d", i).isLessThanOrEqualTo(ceiling);
            }
            Outcome cached = store.drydock("build", "--progress=plain", "-t", "same", ".")
                    .in(project)
                    .run()
                    .ok();
            assertThat(cached.err()).contains("CACHED").doesNotContain("[2/3] COPY noise /noise\n#5 DONE");
            Outcome over = store.drydock("build", "-t", "same", ".")
                    .with("DRYDOCK_STORE_CEILING", "1MB")
                    .in(project)
                    .run()
                    .ok();
            assertThat(over.err())
                    .contains("warning: the store takes ")
                    .contains("hint: Remove images with drydock rmi, or raise the ceiling");
            store.drydock("save", "-o", project.resolve("saved.tar").toString(), "same")
                    .run()
                    .ok();
        }
    }

    private static String last(String text) {
        return text.lines().toList().getLast();
    }
}
