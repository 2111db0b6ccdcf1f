package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every rung of the ladder: runtimes and chroot, overlay, fuse-overlayfs and copy. */
class IsolationIT {
    private static Store store;
    private static String layers;
    private int projects;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        for (String program : List.of("runc", "crun", "busybox", "fuse-overlayfs", "setpriv")) {
            Requires.program(program);
        }
        Requires.that(Files.exists(Path.of("/dev/fuse")), "needs /dev/fuse");
        store = Store.create().withBusybox();
        layers = layers(same());
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    /** A build whose layers are the same whenever and wherever it runs. */
    private static Command same() throws IOException {
        Path project = store.directory("same");
        Files.writeString(project.resolve("Dockerfile"), PlainUserIT.DOCKERFILE);
        Files.writeString(project.resolve("a.txt"), "A\n");
        Files.setLastModifiedTime(project.resolve("a.txt"), FileTime.fromMillis(1_000_000_000_000L));
        return store.drydock("build", "--no-cache", "--progress=plain", PlainUserIT.EPOCH, "-t", "same", ".")
                .in(project);
    }

    private static String layers(Command build) throws IOException, InterruptedException {
        build.run().ok();
        return store.drydock("inspect", "--format", "{{json .RootFS.Layers}}", "same")
                .run()
                .ok()
                .out();
    }

    private Command build(String dockerfile, String... flags) throws IOException {
        Path project = store.directory("isolation" + projects++);
        Files.writeString(project.resolve("Dockerfile"), "FROM busybox:1.37\n" + dockerfile);
        List<String> words = new java.util.ArrayList<>(List.of("build", "--no-cache", "--progress=plain"));
        words.addAll(List.of(flags));
        words.add(".");
        return store.drydock(words.toArray(String[]::new)).in(project);
    }

    @ParameterizedTest
    @CsvSource({
        "oci, runc, overlay",
        "oci, crun, fuse-overlayfs",
        "oci, runc, copy",
        "chroot, '', overlay",
        "chroot, '', fuse-overlayfs",
        "chroot, '', copy"
    })
    void everyRungMakesTheSameLayers(String isolation, String runtime, String snapshotter) throws Exception {
        Command build = same().with("DRYDOCK_ISOLATION", isolation)
                .with("DRYDOCK_RUNTIME", runtime)
                .with("DRYDOCK_SNAPSHOTTER", snapshotter);
        assertThat(layers(build)).isEqualTo(layers);
    }

    @ParameterizedTest
    @CsvSource({"overlay", "fuse-overlayfs", "copy"})
    void chrootGivesAStepWhatItAsksFor(String snapshotter) throws Exception {
        Path secret = Files.writeString(store.directory("given").resolve("secret"), "of the file");
        String said = build(
                        """
                        ENV A="b c'd" HOME=/somewhere
                        WORKDIR /work
                        USER nobody:staff
                        RUN echo "user $(id -u):$(id -g) groups $(id -G) in $(pwd) of $(hostname) as $$ with $A $HOME"
                        RUN --mount=type=secret,id=file,uid=65534 --mount=type=secret,id=env,env=TOKEN \\
                            --mount=type=tmpfs,target=/mem,size=1m --mount=type=bind,target=/ctx,rw \\
                            --mount=type=cache,target=/c/deep,uid=65534,id=%1$s \\
                            echo "read $(cat /run/secrets/file) $TOKEN" && df -k /mem | grep -q ' 1024 ' && touch /mem/x \\
                            && echo kept > /c/deep/f && ! echo x 2> /dev/null > /run/secrets/file && stat -c '%%a %%u' /run/secrets/file
                        USER root
                        RUN --mount=type=cache,target=/c/deep,uid=65534,id=%1$s echo "cache $(cat /c/deep/f)"
                        RUN test ! -e /c && test ! -e /mem && test ! -e /ctx && test ! -e /run && echo no stubs
                        RUN --network=none echo "interfaces $(tail -n +3 /proc/net/dev | cut -d: -f1)"
                        RUN echo "files $(ulimit -Sn) $(ulimit -Hn) $(grep CapEff /proc/self/status)"
                        RUN (sleep 1000 &) && ls -d /proc/[0-9]* | wc -l && ! rm /etc/hosts 2> /dev/null && echo hosts stay
                        RUN mknod /disk b 254 0 && ! head -c 1 /disk 2> /dev/null && echo device refused
                        """.formatted(snapshotter),
                        "--isolation=chroot",
                        "--secret=id=file,src=" + secret,
                        "--secret=id=env,env=T",
                        "--ulimit=nofile=512:1024")
                .with("DRYDOCK_SNAPSHOTTER", snapshotter)
                .with("T", "t'ken")
                .run()
                .ok()
                .err();
        assertThat(said)
                .contains(" user 65534:50 groups 50 in /work of buildkitsandbox as 1 with b c'd /somewhere\n")
                .contains(" read of the file t'ken\n")
                .contains(" 400 65534\n")
                .contains(" cache kept\n")
                .contains(" no stubs\n")
                .containsPattern(" interfaces +lo\n")
                .containsPattern(" files 512 1024 CapEff:\t00000000a80425fb\n")
                .contains(" hosts stay\n")
                .contains(" device refused\n");
        store.assertNothingLeft();
    }

    @ParameterizedTest
    @CsvSource({"overlay", "fuse-overlayfs", "copy"})
    void chrootTellsHowACommandEnds(String snapshotter) throws Exception {
        for (String[] each : new String[][] {{"exit 7", "exit code: 7"}, {"kill -9 $$", "exit code: 137"}}) {
            Command.Outcome failed = build("RUN sh -c '" + each[0] + "'; exit $?\n", "--isolation=chroot")
                    .with("DRYDOCK_SNAPSHOTTER", snapshotter)
                    .run();
            assertThat(failed.exit()).isEqualTo(1);
            assertThat(failed.err()).contains(each[1]);
        }
        Command.Outcome missing =
                build("RUN [\"/nosuch\"]\n", "--isolation=chroot").run();
        assertThat(missing.err()).contains("hint: The image has no \"/nosuch\".");
    }

    /** A link in a shared cache does not lead out of the root, and one that a layer has is followed inside it. */
    @Test
    void chrootMountsStayInTheRoot() throws Exception {
        Path outside = store.directory("outside");
        String said =
                build("""
                RUN mkdir -p %1$s && ln -s %1$s /abs && ln -s ../../../../../../../../..%1$s /rel
                RUN --mount=type=cache,target=/abs/cache --mount=type=tmpfs,target=/rel/mem \\
                    touch /abs/cache/x /rel/mem/x && ls %1$s && echo mounted inside
                RUN --mount=type=cache,id=links,target=/links ln -s %1$s /links/out
                """.formatted(outside), "--isolation=chroot").run().ok().err();
        assertThat(said).contains("mounted inside");
        Command.Outcome refused = build("""
                RUN --mount=type=cache,id=links,target=/links --mount=type=tmpfs,target=/links/out/deep echo RAN
                """, "--isolation=chroot").run();
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(1);
        assertThat(refused.err())
                .contains("mount target /links/out: a link leads to " + outside)
                .doesNotContainPattern("#[0-9]+ [0-9.]+ RAN");
        try (var files = Files.list(outside)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aRuntimeThatIsNotThereIsNamed() throws Exception {
        Command.Outcome outcome =
                build("RUN true\n").with("DRYDOCK_RUNTIME", "youki").run();
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).contains("run step: DRYDOCK_RUNTIME=youki: no such program");
        assertThat(build("RUN true\n").with("DRYDOCK_SNAPSHOTTER", "zfs").run().err())
                .contains("DRYDOCK_SNAPSHOTTER=zfs: there are overlay, fuse-overlayfs and copy");
    }

    @Test
    void anIsolationOfAnotherKindIsRefusedAndOldOnesAreToldOf() throws Exception {
        Command.Outcome refused = build("RUN true\n", "--isolation=vm").run();
        assertThat(refused.exit()).isEqualTo(125);
        assertThat(refused.err()).contains("\"vm\" for \"--isolation\" flag: must be \"auto\", \"oci\" or \"chroot\"");
        assertThat(build("RUN true\n", "--isolation=default").run().ok().err())
                .contains("WARNING: isolation flag is deprecated with BuildKit.");
    }

    @Test
    void chrootIsSaidAloud() throws Exception {
        assertThat(build("RUN true\n", "--isolation=chroot").run().ok().err())
                .contains("[internal] RUN steps are isolated by chroot and namespaces alone: no system call filter");
        assertThat(build("RUN true\n", "--isolation=oci").run().ok().err()).doesNotContain("chroot");
    }
}
