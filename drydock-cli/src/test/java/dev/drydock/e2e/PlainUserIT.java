package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users who are not root build images in user namespaces. */
class PlainUserIT {
    /** Says every time that would be now, so that what comes out is always the same. */
    static final String DOCKERFILE = """
            FROM busybox:1.37 AS made
            ARG SOURCE_DATE_EPOCH
            WORKDIR /work
            COPY --chown=nobody:staff a.txt /
            RUN rm /etc/group && rm -r /home && mkdir /home /mine && ln -s /a.txt /home/link \\
                && echo hi > /home/b && ln /home/b /home/c && mkfifo /home/fifo && chown nobody /home/b /mine \\
                && chmod 4755 /home/c && chown 1234:4321 /home/fifo && touch -h -d @1000000000 /home/* /home /mine /etc /
            USER nobody
            RUN --mount=type=cache,target=/cache,uid=65534 --mount=type=tmpfs,target=/mem \\
                touch /cache/mine /mem/mine && mkdir /mine/dir && touch -d @1000000000 /mine/dir /mine
            FROM made
            COPY --from=made --chmod=600 /home/b /b
            USER root
            RUN list=$(ls -ln /home /mine); echo "$list" > /mine/list; touch -d @1000000000 /mine/list /mine
            """;

    static final String EPOCH = "--build-arg=SOURCE_DATE_EPOCH=1000000000";

    private static Store root;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        for (String program : List.of("runc", "busybox", "unshare", "setpriv", "mkfifo")) {
            Requires.program(program);
        }
        root = Store.create().withBusybox();
        Command.of("chmod", "-R", "a+rX", root.busyboxTar().getParent().toString())
                .run()
                .ok();
    }

    @AfterAll
    static void close() throws Exception {
        if (root != null) {
            root.close();
        }
    }

    private static String launcher() {
        return Store.checkout()
                .resolve("drydock-cli/target/dist/drydock/bin/drydock")
                .toString();
    }

    private static Command drydock(PlainUser user, String... arguments) {
        // no test asks the internet
        return user.run(Stream.concat(
                        Stream.of("NO_COLOR=1", "HTTPS_PROXY=http://127.0.0.1:9", launcher()), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private static void project(PlainUser user, String dockerfile) throws IOException, InterruptedException {
        user.write("project/Dockerfile", dockerfile);
        Path file = user.write("project/a.txt", "A\n");
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1_000_000_000_000L));
    }

    @Test
    void whatAPlainUserBuildsIsWhatRootBuilds() throws Exception {
        try (PlainUser user = PlainUser.create(PlainUser.Ids.RANGE)) {
            project(user, DOCKERFILE);
            String project = user.home().resolve("project").toString();
            drydock(user, "import", root.busyboxTar().toString(), "busybox:1.37")
                    .run()
                    .ok();
            drydock(user, "build", "--progress=plain", EPOCH, "-t", "mine", project)
                    .run()
                    .ok();
            root.drydock("build", "--progress=plain", EPOCH, "-t", "mine", project)
                    .run()
                    .ok();
            String[] layers = {"inspect", "--format", "{{json .RootFS.Layers}}", "mine"};
            assertThat(drydock(user, layers).run().ok().out())
                    .isEqualTo(root.drydock(layers).run().ok().out());

            Path store = user.home().resolve(".local/share/drydock");
            String owner =
                    Command.of("stat", "-c", "%U", store.toString()).run().ok().out();
            assertThat(owner.strip()).isEqualTo(user.name());
            Path saved = user.home().resolve("mine.tar");
            drydock(user, "save", "-o", saved.toString(), "mine").run().ok();
            assertThat(Command.of("stat", "-c", "%U", saved.toString())
                            .run()
                            .ok()
                            .out()
                            .strip())
                    .isEqualTo(user.name());
            assertThat(drydock(user, "doctor").run().ok().out())
                    .containsPattern("ok    user +root of a user namespace with 6553[0-9] IDs")
                    .containsPattern("lack  control groups +not a plain user's");
            assertThat(root.drydock("doctor").run().ok().out()).containsPattern("ok    user +root\n");
            drydock(user, "build", "--progress=plain", "-t", "again", project)
                    .run()
                    .ok();
            drydock(user, "rmi", "mine", "again", "busybox:1.37").run().ok();
            assertThat(drydock(user, "images", "-q").run().ok().out()).isEmpty();
            for (String empty : List.of("tmp", "leases")) {
                try (Stream<Path> left = Files.list(store.resolve(empty))) {
                    assertThat(left).as(empty).isEmpty();
                }
            }
        }
    }

    /** Root's layers, whatever makes a root of layers for the user; the device of FUSE is lent to it where it is root's alone. */
    @ParameterizedTest
    @CsvSource({"fuse-overlayfs, oci", "fuse-overlayfs, chroot", "copy, oci", "copy, chroot"})
    void otherSnapshottersOfAPlainUserMakeWhatRootMakes(String snapshotter, String isolation) throws Exception {
        Requires.program("fuse-overlayfs");
        Requires.that(Files.exists(Path.of("/dev/fuse")), "needs /dev/fuse");
        try (PlainUser user = PlainUser.create(PlainUser.Ids.RANGE)) {
            project(user, DOCKERFILE);
            String project = user.home().resolve("project").toString();
            drydock(user, "import", root.busyboxTar().toString(), "busybox:1.37")
                    .run()
                    .ok();
            List<String> words = new java.util.ArrayList<>(
                    List.of("unshare", "--mount", "sh", "-ec", """
                    mknod "$0/fuse" c 10 229
                    chmod 666 "$0/fuse"
                    mount --bind "$0/fuse" /dev/fuse
                    exec "$@"
                    """, user.home().toString()));
            words.addAll(user.run(
                            "NO_COLOR=1",
                            "DRYDOCK_SNAPSHOTTER=" + snapshotter,
                            "DRYDOCK_ISOLATION=" + isolation,
                            launcher(),
                            "build",
                            "--progress=plain",
                            EPOCH,
                            "-t",
                            "mine",
                            project)
                    .words());
            String said = new Command(words).run().ok().err();
            if (snapshotter.equals("copy")) {
                assertThat(said).contains("Every RUN step copies its root file system");
            }
            root.drydock("build", "-q", EPOCH, "-t", "mine", project).run().ok();
            String[] layers = {"inspect", "--format", "{{json .RootFS.Layers}}", "mine"};
            assertThat(drydock(user, layers).run().ok().out())
                    .isEqualTo(root.drydock(layers).run().ok().out());
            Path store = user.home().resolve(".local/share/drydock");
            for (String empty : List.of("tmp", "leases")) {
                try (Stream<Path> left = Files.list(store.resolve(empty))) {
                    assertThat(left).as(empty).isEmpty();
                }
            }
        }
    }

    @Test
    void withOneIdImagesOfOneOwnerAreBuilt() throws Exception {
        try (PlainUser user = PlainUser.create(PlainUser.Ids.ONE)) {
            project(user, "FROM busybox:1.37\nCOPY a.txt /\nRUN echo b > /b && id -u\n");
            String project = user.home().resolve("project").toString();
            drydock(user, "import", root.busyboxTar().toString(), "busybox:1.37")
                    .run()
                    .ok();
            assertThat(drydock(user, "build", "--progress=plain", "-t", "mine", project)
                            .run()
                            .ok()
                            .err())
                    .containsPattern("#[0-9]+ [0-9.]+ 0\n");
            assertThat(drydock(user, "doctor").run().ok().out())
                    .containsPattern("lack  user +root of a user namespace with one ID")
                    .containsPattern("usermod --add-subuids [0-9]+-[0-9]+ ")
                    .containsPattern("ok    runtime +(runc|crun) ");
            project(user, "FROM busybox:1.37\nCOPY --chown=1234 a.txt /\n");
            Command.Outcome refused =
                    drydock(user, "build", "--progress=plain", project).run();
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("to 1234:1234: this user may use 1 user ID and 1 group ID in images")
                    .containsPattern("hint: .*usermod --add-subuids [0-9]+-[0-9]+ --add-subgids [0-9]+-[0-9]+ ");
        }
    }

    /** A user namespace in which no other can be made stands for a host on which that is switched off. */
    @Test
    void withoutUserNamespacesItSaysSo() throws Exception {
        try (PlainUser user = PlainUser.create(PlainUser.Ids.RANGE)) {
            project(user, "FROM scratch\nCOPY a.txt /\n");
            Path script = user.write("without-namespaces", """
                    set -e
                    directory=$(mktemp -d)
                    chmod 755 "$directory"
                    trap 'rm -r "$directory"' EXIT
                    go=$directory/go
                    mkfifo -m 644 "$go"
                    unshare --user --keep-caps sh -c '
                        read go < "$0"
                        echo 0 > /proc/sys/user/max_user_namespaces
                        exec "$@"' "$go" "$@" &
                    while [ "$(readlink /proc/$!/ns/user)" = "$(readlink /proc/self/ns/user)" ]; do sleep 0.05; done
                    echo 0 0 4294967295 > /proc/$!/gid_map
                    echo 0 0 4294967295 > /proc/$!/uid_map
                    echo go > "$go"
                    wait $!
                    """);
            for (List<String> words : List.of(
                    List.of("build", user.home() + "/project"),
                    List.of("import", root.busyboxTar().toString(), "b"))) {
                List<String> command = new java.util.ArrayList<>(List.of("sh", script.toString()));
                command.addAll(drydock(user, words.toArray(String[]::new)).words());
                Command.Outcome refused = new Command(command).run();
                assertThat(refused.exit()).as(refused.toString()).isEqualTo(1);
                assertThat(refused.err())
                        .contains("neither root nor root of a user namespace")
                        .contains("user.max_user_namespaces is 0")
                        .contains("hint: Run as root, or switch them on: `sudo sysctl -w user.max_user_namespaces=");
            }
            user.assertNoProcess();
            List<String> doctor = new java.util.ArrayList<>(List.of("sh", script.toString()));
            doctor.addAll(drydock(user, "doctor").words());
            Command.Outcome examined = new Command(doctor).run();
            assertThat(examined.exit()).as(examined.toString()).isEqualTo(1);
            assertThat(examined.out())
                    .containsPattern("FAIL  user +.*user.max_user_namespaces is 0")
                    .contains("does not work: build and import")
                    .contains("sudo sysctl -w user.max_user_namespaces=");
            user.assertNoProcess();
            // what needs no namespace works
            drydock(user, "images").run().ok();
        }
    }
}
