package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.e2e.Command.Outcome;
import dev.drydock.house.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The commands of the guide, one after the other, as a person types them. */
class GuideIT {
    private static final String DOCKERFILE = """
            FROM busybox:1.37
            WORKDIR /app
            COPY hello.sh .
            RUN chmod +x hello.sh && echo built
            CMD ["./hello.sh"]
            """;

    @BeforeAll
    static void needs() {
        Requires.root();
        Requires.program("runc");
        Requires.program("busybox");
    }

    private static Path project(Store store) throws Exception {
        Path project = store.directory("hello");
        Files.writeString(project.resolve("Dockerfile"), DOCKERFILE);
        Files.writeString(project.resolve("hello.sh"), "#!/bin/sh\necho hello\n");
        return project;
    }

    @Test
    void theGuide() throws Exception {
        try (Store store = Store.create().withBusybox()) {
            Path project = project(store);
            Outcome build = store.drydock("build", "--tag", "docker-rust-image", ".")
                    .in(project)
                    .run()
                    .ok();
            assertThat(build.out()).isEmpty();
            assertThat(build.err())
                    .contains("[2/4] WORKDIR /app")
                    .contains("[3/4] COPY hello.sh .")
                    .contains("[4/4] RUN chmod +x hello.sh && echo built")
                    .containsPattern("#\\d+ \\d+\\.\\d{3} built\n")
                    .contains("exporting to image")
                    .contains("naming to docker.io/library/docker-rust-image:latest done");

            List<String> images = store.drydock("images").run().ok().lines();
            assertThat(images.getFirst()).matches("REPOSITORY +TAG +IMAGE ID +CREATED +SIZE");
            assertThat(images)
                    .anySatisfy(line -> assertThat(line).matches("docker-rust-image +latest +[0-9a-f]{12} .*"));

            assertThat(store.drydock("tag", "docker-rust-image:latest", "docker-rust-image:v1.0.0")
                            .run()
                            .ok()
                            .out())
                    .isEmpty();
            List<String> ids = store.drydock("images", "-q", "docker-rust-image")
                    .run()
                    .ok()
                    .lines();
            assertThat(ids).hasSize(2);
            assertThat(ids.get(0)).isEqualTo(ids.get(1));

            assertThat(store.drydock("rmi", "docker-rust-image:v1.0.0")
                            .run()
                            .ok()
                            .out())
                    .isEqualTo("Untagged: docker-rust-image:v1.0.0\n");
            assertThat(store.drydock("images", "-q", "docker-rust-image")
                            .run()
                            .ok()
                            .lines())
                    .hasSize(1);

            List<String> history =
                    store.drydock("history", "docker-rust-image").run().ok().lines();
            assertThat(history.get(1)).contains("CMD [\"./hello.sh\"]").contains("buildkit.dockerfile.v0");
            assertThat(history.get(2)).contains("RUN /bin/sh -c chmod +x hello.sh && echo bui…");
            assertThat(history.get(3)).contains("COPY hello.sh . # buildkit").contains("21B");
            assertThat(history.get(4)).contains("WORKDIR /app").contains("0B");

            assertThat(store.drydock(
                                    "inspect", "-f", "{{json .Config.Cmd}} {{.Config.WorkingDir}}", "docker-rust-image")
                            .run()
                            .ok()
                            .out())
                    .isEqualTo("[\"./hello.sh\"] /app\n");

            Outcome last = store.drydock("rmi", "docker-rust-image").run().ok();
            assertThat(last.lines()).first().isEqualTo("Untagged: docker-rust-image:latest");
            assertThat(last.lines().get(1)).matches("Deleted: sha256:[0-9a-f]{64}");
        }
    }

    @Test
    void aRebuildWithNothingChangedRunsNothing() throws Exception {
        try (Store store = Store.create().withBusybox()) {
            Path project = project(store);
            String first = store.drydock("build", "-q", "-t", "hello", ".")
                    .in(project)
                    .run()
                    .ok()
                    .out();
            assertThat(first).matches("sha256:[0-9a-f]{64}\n");
            Outcome again =
                    store.drydock("build", "-t", "hello", ".").in(project).run().ok();
            assertThat(again.err()).contains("[4/4] RUN").doesNotContainPattern("#\\d+ \\d+\\.\\d{3} built");
            assertThat(again.err()
                            .lines()
                            .filter(line -> line.endsWith(" CACHED"))
                            .count())
                    .isGreaterThanOrEqualTo(3);
            assertThat(store.drydock("build", "-q", "-t", "hello", ".")
                            .in(project)
                            .run()
                            .ok()
                            .out())
                    .isEqualTo(first);
        }
    }

    @Test
    void explainNamesTheFileAndTheArgumentThatChanged() throws Exception {
        try (Store store = Store.create().withBusybox()) {
            Path project = store.directory("explained");
            Files.writeString(
                    project.resolve("Dockerfile"),
                    "FROM busybox:1.37\nARG VERSION=1\nCOPY src /src\nRUN echo $VERSION > /version\n");
            Files.createDirectories(project.resolve("src"));
            Files.writeString(project.resolve("src/main.rs"), "fn main() {}\n");
            Files.writeString(project.resolve("src/other.rs"), "// other\n");
            store.drydock("build", "-t", "x", ".").in(project).run().ok();

            Files.writeString(project.resolve("src/main.rs"), "fn main() { println!(); }\n");
            Outcome edited = store.drydock("build", "--explain", "-t", "x", ".")
                    .in(project)
                    .run()
                    .ok();
            assertThat(edited.err()).containsPattern("ran again: .*main\\.rs").doesNotContain("other.rs");

            Outcome argument = store.drydock("build", "--explain", "--build-arg", "VERSION=2", "-t", "x", ".")
                    .in(project)
                    .run()
                    .ok();
            assertThat(argument.err())
                    .containsPattern("COPY src /src\n#\\d+ CACHED")
                    .containsPattern("ran again: .*VERSION");
        }
    }

    @Test
    void independentStagesRunAtTheSameTimeAndUnneededOnesDoNotRun() throws Exception {
        try (Store store = Store.create().withBusybox()) {
            Path project = store.directory("stages");
            Files.writeString(project.resolve("Dockerfile"), """
                    FROM busybox:1.37 AS a
                    RUN --mount=type=cache,id=meet,target=/meet touch /meet/a; i=0; \
                        until test -e /meet/b; do sleep 0.1; i=$((i + 1)); test $i -lt 1200 || exit 1; done; echo a > /a
                    FROM busybox:1.37 AS b
                    RUN --mount=type=cache,id=meet,target=/meet touch /meet/b; i=0; \
                        until test -e /meet/a; do sleep 0.1; i=$((i + 1)); test $i -lt 1200 || exit 1; done; echo b > /b
                    FROM busybox:1.37 AS unneeded
                    RUN exit 1
                    FROM busybox:1.37
                    COPY --from=a /a /
                    COPY --from=B /b /
                    """);
            // each of the two waits for the other
            Outcome outcome =
                    store.drydock("build", "-t", "x", ".").in(project).run().ok();
            assertThat(outcome.err()).doesNotContain("unneeded");
        }
    }

    @Test
    void twoBuildsUseOneStoreAtTheSameTime() throws Exception {
        try (Store store = Store.create().withBusybox()) {
            List<Thread> threads = new java.util.ArrayList<>();
            List<Outcome> outcomes = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
            for (int i = 0; i < 4; i++) {
                Path project = store.directory("p" + i);
                Files.writeString(
                        project.resolve("Dockerfile"), "FROM busybox:1.37\nRUN echo shared\nRUN echo " + i + " > /n\n");
                String tag = "image" + i;
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        outcomes.add(store.drydock("build", "-t", tag, ".")
                                .in(project)
                                .run());
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(outcomes).hasSize(4).allSatisfy(Outcome::ok);
            assertThat(store.drydock("images", "-q").run().ok().lines()).hasSize(5);
        }
    }
}
