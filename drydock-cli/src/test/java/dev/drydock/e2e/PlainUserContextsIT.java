package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.e2e.Command.Outcome;
import dev.drydock.house.Requires;
import dev.drydock.source.GitServer;
import dev.drydock.source.WebServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every kind of context for users who are not root, and what they may not read or make. */
class PlainUserContextsIT {
    private static Store servers;
    private static PlainUser user;
    private static Path project;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        for (String program : List.of("git", "tar", "setpriv", "mkfifo", "mknod", "skopeo")) {
            Requires.program(program);
        }
        servers = Store.create();
        user = PlainUser.create(PlainUser.Ids.RANGE);
        project = user.write("project/Dockerfile", "FROM scratch\nCOPY . /\n").resolveSibling("");
        user.write("project/a", "a");
        user.write("project/d/b", "b");
    }

    @AfterAll
    static void close() throws Exception {
        if (user != null) {
            user.close();
        }
        if (servers != null) {
            servers.close();
        }
    }

    private static Command drydock(String... arguments) {
        return user.run(Stream.concat(
                        Stream.of(
                                "NO_COLOR=1",
                                "HTTPS_PROXY=http://127.0.0.1:9", // no test asks the internet
                                Store.checkout()
                                        .resolve("drydock-cli/target/dist/drydock/bin/drydock")
                                        .toString()),
                        Stream.of(arguments))
                .toArray(String[]::new));
    }

    /** What a build by the user made, path by path. */
    private static List<String> built(Command build) throws IOException, InterruptedException {
        Path out = user.home().resolve("out.tar");
        List<String> words = new ArrayList<>(build.words());
        words.addAll(List.of("--progress=plain", "-o", "type=tar,dest=" + out));
        build.instead(words).run().ok();
        return Command.of("tar", "--numeric-owner", "-tf", out.toString())
                .run()
                .ok()
                .lines();
    }

    private static Command withInput(Path file, String... arguments) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", "file=$1; shift; exec \"$@\" < \"$file\"", "-"));
        words.add(file.toString());
        words.addAll(drydock(arguments).words());
        return new Command(words);
    }

    private static Path archive() throws IOException, InterruptedException {
        Path archive = user.home().resolve("context.tar");
        user.run("tar", "-C", project.toString(), "-cf", archive.toString(), ".")
                .run()
                .ok();
        return archive;
    }

    @Test
    void everyKindOfContextIsBuiltFrom() throws Exception {
        String[] all = {"Dockerfile", "a", "d/", "d/b"};
        assertThat(built(drydock("build", project.toString()))).containsExactly(all);
        assertThat(built(withInput(archive(), "build", "-"))).containsExactly(all);
        try (GitServer git = GitServer.start(servers.directory("git"));
                WebServer web = WebServer.start()) {
            Path work = git.repository("repo");
            Files.writeString(work.resolve("Dockerfile"), "FROM scratch\nCOPY . /\n");
            Files.writeString(work.resolve("g"), "g");
            git.commit(work, "all");
            assertThat(built(drydock("build", git.url("repo.git")))).containsExactly("Dockerfile", "g");

            web.file("/context.tar", Files.readAllBytes(archive()), "", "");
            web.file("/file", "text");
            assertThat(built(drydock("build", web.url("/context.tar")))).containsExactly(all);

            user.write("named", "FROM base\nCOPY --from=lib b /\nCOPY --from=code g /\nCOPY --from=web context /\n");
            assertThat(built(drydock(
                            "build",
                            "-f",
                            user.home().resolve("named").toString(),
                            "--build-context",
                            "base=oci-layout://" + layout(),
                            "--build-context",
                            "lib=" + project.resolve("d"),
                            "--build-context",
                            "code=" + git.url("repo.git"),
                            "--build-context",
                            "web=" + web.url("/file"),
                            project.toString())))
                    .containsExactly("b", "context", "g", "of-the-base");
        }
        try (Stream<Path> left = Files.list(user.home().resolve(".local/share/drydock/tmp"))) {
            assertThat(left).isEmpty();
        }
    }

    private static Path layout() throws IOException, InterruptedException {
        user.write("base/Dockerfile", "FROM scratch\nCOPY Dockerfile /of-the-base\n");
        Path tar = user.home().resolve("base.tar");
        drydock(
                        "build",
                        "-o",
                        "type=oci,dest=" + tar,
                        user.home().resolve("base").toString())
                .run()
                .ok();
        Path layout = user.home().resolve("layout");
        Command.of("skopeo", "copy", "-q", "oci-archive:" + tar, "oci:" + layout + ":v1")
                .run()
                .ok();
        Command.of("chmod", "-R", "a+rX", layout.toString()).run().ok();
        return layout;
    }

    /** A project with a file and a directory that only root may read. */
    private static Path guarded(String name, String ignored) throws IOException, InterruptedException {
        Path directory =
                user.write(name + "/Dockerfile", "FROM scratch\nCOPY . /\n").resolveSibling("");
        user.write(name + "/.dockerignore", ignored);
        user.write(name + "/a", "a");
        Path file = user.write(name + "/secret", "s");
        Path inner = user.write(name + "/closed/f", "f").resolveSibling("");
        Command.of("chown", "root:", file.toString(), inner.toString()).run().ok();
        Command.of("chmod", "600", file.toString()).run().ok();
        Command.of("chmod", "700", inner.toString()).run().ok();
        return directory;
    }

    @Test
    void whatIsHiddenNeedNotBeReadable() throws Exception {
        Path hidden = guarded("hidden", "secret\nclosed\n.dockerignore\n");
        assertThat(built(drydock("build", hidden.toString()))).containsExactly("Dockerfile", "a");
        assertThat(drydock("build", "--print-context", hidden.toString())
                        .run()
                        .ok()
                        .out())
                .doesNotContain("secret");
        // nor what no step asks for
        Path unused = guarded("unused", "");
        user.write("only-a", "FROM scratch\nCOPY a /\n");
        assertThat(built(drydock("build", "-f", user.home().resolve("only-a").toString(), unused.toString())))
                .containsExactly("a");
    }

    @Test
    void whatIsNotHiddenAndNotReadableIsNamed() throws Exception {
        Path file = guarded("file", "closed\n");
        Outcome failed = drydock("build", "--progress=plain", file.toString()).run();
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.err())
                .contains("open " + file.resolve("secret") + ": permission denied")
                .contains(">>> COPY . /")
                .contains("hint: Make it readable for the user who builds, or list it in .dockerignore.");
        Path closed = guarded("closed", "secret\n");
        for (String flag : List.of("--progress=plain", "--print-context")) {
            failed = drydock("build", flag, closed.toString()).run();
            assertThat(failed.exit()).isEqualTo(1);
            assertThat(failed.err())
                    .contains("ERROR: failed to build: failed to solve: open directory " + closed.resolve("closed")
                            + ": permission denied")
                    .contains("hint: Make it readable for the user who builds, or list it in .dockerignore.");
        }
        Path ignore = guarded("ignore", "secret\n").resolve(".dockerignore");
        Command.of("chown", "root:", ignore.toString()).run().ok();
        Command.of("chmod", "600", ignore.toString()).run().ok();
        for (String flag : List.of("--progress=plain", "--check")) {
            failed = drydock("build", flag, ignore.getParent().toString()).run();
            assertThat(failed.exit()).isEqualTo(1);
            assertThat(failed.err())
                    .contains("ERROR: failed to build: failed to solve: read " + ignore + ": permission denied\n")
                    .contains("hint: Let this user read the file, or remove it.");
        }
    }

    @Test
    void pipesAreCopiedAndDevicesAreNotAPlainUsersToMake() throws Exception {
        Path special =
                user.write("special/Dockerfile", "FROM scratch\nCOPY pipe /\n").resolveSibling("");
        user.run("mkfifo", special.resolve("pipe").toString()).run().ok();
        assertThat(built(drydock("build", special.toString()))).containsExactly("pipe");
        Command.of("mknod", special.resolve("null").toString(), "c", "1", "3")
                .run()
                .ok();
        user.write("device", "FROM scratch\nCOPY null /\n");
        Path archive = user.home().resolve("devices.tar");
        Command.of("tar", "-C", special.toString(), "-cf", archive.toString(), ".")
                .run()
                .ok();
        for (Command build : List.of(
                drydock(
                        "build",
                        "--progress=plain",
                        "-f",
                        user.home().resolve("device").toString(),
                        special.toString()),
                withInput(archive, "build", "--progress=plain", "-"))) {
            Outcome refused = build.run();
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err())
                    .containsPattern("make device [^\n]*/null: operation not permitted")
                    .contains("hint: Only root makes devices: build as root, or leave it out");
        }
    }
}
