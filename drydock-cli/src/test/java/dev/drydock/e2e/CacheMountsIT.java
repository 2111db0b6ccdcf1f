package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Cache mounts between builds, at once and one after the other, in processes of their own. */
class CacheMountsIT {
    private static Store store;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        Requires.program("runc");
        Requires.program("busybox");
        store = Store.create().withBusybox();
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    private static Command build(String dockerfile, String... flags) throws IOException {
        return store.buildAnew(store.project(dockerfile), flags);
    }

    private static void awaitLine(Process process, String end) throws IOException {
        var lines = process.errorReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.endsWith(end)) {
                return;
            }
        }
        throw new AssertionError("ended without the line " + end);
    }

    @Test
    void aLockedCacheIsOneBuildsAtATime() throws Exception {
        String step = """
                RUN --mount=type=cache,id=locked,target=/c,sharing=locked \\
                    mkdir /c/busy && sleep 1 && rmdir /c/busy && echo x >> /c/count && wc -l < /c/count
                """;
        List<Process> builds = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            builds.add(build(step).start());
        }
        for (Process build : builds) {
            String said = new String(build.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(build.waitFor()).as(said).isZero();
        }
        assertThat(build("RUN --mount=type=cache,id=locked,target=/c wc -l < /c/count\n")
                        .run()
                        .ok()
                        .err())
                .containsPattern("#[0-9]+ [0-9.]+ 3\n");
    }

    @Test
    void aPrivateCacheIsGivenBackAfterAKill() throws Exception {
        String hold = """
                RUN --mount=type=cache,id=private,target=/c,sharing=private \\
                    echo x >> /c/mark && echo lines $(wc -l < /c/mark) && sleep 1000
                """;
        String look = "RUN --mount=type=cache,id=private,target=/c,sharing=private cat /c/mark | wc -l\n";
        Process first = build(hold).start();
        awaitLine(first, " lines 1");
        // while it is in use, somebody else has an empty one
        assertThat(build(look).run().ok().err()).containsPattern("#[0-9]+ [0-9.]+ 0\n");
        RunningBuild.kill(first);
        Command.Outcome after = build(look).run().ok();
        assertThat(after.err()).as("the killed build's cache").containsPattern("#[0-9]+ [0-9.]+ 1\n");
    }

    @Test
    void aSharedCacheIsEverybodysAtOnce() throws Exception {
        Process holds = build("RUN --mount=type=cache,id=shared,target=/c touch /c/first && echo up && sleep 1000\n")
                .start();
        awaitLine(holds, " up");
        assertThat(build("RUN --mount=type=cache,id=shared,target=/c ls /c\n")
                        .run()
                        .ok()
                        .err())
                .containsPattern("#[0-9]+ [0-9.]+ first\n");
        RunningBuild.kill(holds);
        // the next build sweeps what the killed one left
        build("RUN --mount=type=cache,id=shared,target=/c test -e /c/first\n")
                .run()
                .ok();
        store.assertNothingLeft();
    }

    @Test
    void aFreshCacheStartsWithWhatItIsFromAndBelongsToWhomItSays() throws Exception {
        String said = build("""
                        FROM busybox:1.37 AS seed
                        RUN mkdir /seed && echo content > /seed/file && chown 7:8 /seed/file
                        FROM busybox:1.37
                        RUN --mount=type=cache,from=seed,source=/seed,target=/c stat -c '%n %u:%g %s' /c/file && rm /c/file
                        RUN --mount=type=cache,from=seed,source=/seed,target=/c ls /c | wc -l
                        RUN --mount=type=cache,target=/own,uid=5,gid=6,mode=0700 stat -c 'own %a %u:%g' /own
                        """).run().ok().err();
        assertThat(said)
                .contains(" /c/file 7:8 8\n")
                .containsPattern("#[0-9]+ [0-9.]+ 0\n")
                .contains(" own 700 5:6\n");
    }

    @Test
    void aNamespaceOfIdsKeepsBuildsApart() throws Exception {
        String write = "RUN --mount=type=cache,id=n,target=/c touch /c/mine\n";
        String look = "RUN --mount=type=cache,id=n,target=/c ls /c | wc -l\n";
        build(write, "--build-arg=BUILDKIT_CACHE_MOUNT_NS=a").run().ok();
        assertThat(build(look, "--build-arg=BUILDKIT_CACHE_MOUNT_NS=a")
                        .run()
                        .ok()
                        .err())
                .containsPattern("#[0-9]+ [0-9.]+ 1\n");
        assertThat(build(look, "--build-arg=BUILDKIT_CACHE_MOUNT_NS=b")
                        .run()
                        .ok()
                        .err())
                .containsPattern("#[0-9]+ [0-9.]+ 0\n");
        assertThat(build(look).run().ok().err()).containsPattern("#[0-9]+ [0-9.]+ 0\n");
    }

    /** What nobody uses is listed by the name that people know, and goes when it is asked for; what a step uses stays. */
    @Test
    void cachesAreListedAndPrunedUnlessTheyAreInUse() throws Exception {
        try (Store own = Store.create().withBusybox()) {
            Path project = own.directory("listed");
            Files.writeString(project.resolve("Dockerfile"), """
                    FROM busybox:1.37
                    RUN --mount=type=cache,id=idle,target=/idle head -c 2000000 /dev/zero | tr '\\0' x > /idle/file
                    """);
            own.drydock("build", "-q", project.toString()).run().ok();
            Files.writeString(project.resolve("busy"), """
                    FROM busybox:1.37
                    RUN --mount=type=cache,id=busy,target=/busy head -c 1000000 /dev/zero > /busy/file; echo up; sleep 1000
                    """);
            Process holds = own.drydock(
                            "build",
                            "--progress=plain",
                            "-f",
                            project.resolve("busy").toString(),
                            project.toString())
                    .start();
            try {
                awaitLine(holds, " up");
                assertThat(own.drydock("du", "--verbose").run().ok().out())
                        .contains("cached mount /idle with id \"/idle\"")
                        .contains("cached mount /busy with id \"/busy\"");
                assertThat(own.drydock("df", "-v").run().ok().out()).contains("cached mount /idle");
                own.drydock("builder", "prune", "-af", "--filter", "type=exec.cachemount")
                        .run()
                        .ok();
                assertThat(own.drydock("du", "--verbose").run().ok().out())
                        .doesNotContain("cached mount /idle")
                        .contains("cached mount /busy");
            } finally {
                RunningBuild.kill(holds);
            }
            own.drydock("prune", "-af").run().ok();
            assertThat(own.drydock("du", "--verbose").run().ok().out()).doesNotContain("cached mount");
            Files.writeString(project.resolve("Dockerfile"), """
                    FROM busybox:1.37
                    RUN --mount=type=cache,id=idle,target=/idle --mount=type=cache,id=busy,target=/busy ls /idle /busy | grep -c file
                    """);
            own.drydock("import", own.busyboxTar().toString(), "busybox:1.37")
                    .run()
                    .ok();
            assertThat(own.drydock("build", "--progress=plain", project.toString())
                            .run()
                            .err())
                    .containsPattern("#[0-9]+ [0-9.]+ 0\n");
            own.assertNothingLeft();
        }
    }
}
