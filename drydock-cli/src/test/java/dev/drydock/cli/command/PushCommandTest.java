package dev.drydock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.oci.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushCommandTest {
    private final Screenplay play = new Screenplay();

    @TempDir
    Path home;

    @Test
    void aPipeGetsALineForEachPart() {
        assertThat(play.run("push", "localhost:5000/hello:1.0")).isZero();
        assertThat(play.out)
                .isEqualTo("The push refers to repository [localhost:5000/hello]\n"
                        + Screenplay.id(5).shortHex() + ": Pushed\n"
                        + Screenplay.id(6).shortHex() + ": Layer already exists\n"
                        + Screenplay.id(7).shortHex() + ": Mounted from library/busybox\n"
                        + "1.0: digest: " + Screenplay.id(8) + " size: 856\n");
    }

    @Test
    void quietSaysTheNameOnly() {
        assertThat(play.run("push", "-q", "localhost:5000/hello:1.1")).isZero();
        assertThat(play.out).isEqualTo("localhost:5000/hello:1.1\n");
    }

    @Test
    void faultsAreDockers() {
        assertThat(play.run("push", "nosuch")).isEqualTo(1);
        assertThat(play.out)
                .isEqualTo("Using default tag: latest\nThe push refers to repository [docker.io/library/nosuch]\n");
        assertThat(play.err).isEqualTo("tag does not exist: nosuch:latest\n");
        assertThat(play.run("push", "x@" + Screenplay.id(1))).isEqualTo(1);
        assertThat(play.err).isEqualTo("cannot push a digest reference\n");
        assertThat(play.run("push", "-a", "x:1")).isEqualTo(1);
        assertThat(play.err).isEqualTo("tag can't be used with --all-tags/-a\n");
    }

    @Test
    void loadSaysWhatCame() {
        assertThat(play.run("load")).isZero();
        assertThat(play.out)
                .isEqualTo("Loaded image: hello:1\nLoaded image: localhost:5000/x:2\nLoaded image ID: "
                        + Screenplay.id(2) + "\n");
        assertThat(play.run("load", "-i", "nosuch.tar")).isEqualTo(1);
        assertThat(play.err).isEqualTo("open nosuch.tar: no such file or directory\n");
        play.terminals = new Session.Terminals(true, true, true);
        assertThat(play.run("load")).isEqualTo(1);
        assertThat(play.err).startsWith("requested load from stdin, but stdin is empty\n");
    }

    @Test
    void loginRefusesWhatCannotWork() {
        assertThat(play.run("login", "--password-stdin")).isEqualTo(1);
        assertThat(play.err).isEqualTo("the --password-stdin option requires --username to be set\n");
        assertThat(play.run("login", "-u", "a", "--password-stdin", "-p", "x")).isEqualTo(1);
        assertThat(play.err).isEqualTo("conflicting options: cannot specify both --password and --password-stdin\n");
        assertThat(play.run("login", "-u", "a", "--password-stdin")).isEqualTo(1);
        assertThat(play.err).isEqualTo("password is empty\n");
        play.environment.put("HOME", home.toString());
        assertThat(play.run("login", "-u", "alice", "localhost:1")).isEqualTo(1);
        assertThat(play.err).startsWith("error: cannot perform an interactive login from a non-TTY device\n");
    }

    @Test
    void loginSaysWhyNothingAnswersAndKeepsNothing() {
        play.environment.put("HOME", home.toString());
        assertThat(play.run("login", "-u", "a", "-p", "secret", "localhost:1")).isEqualTo(1);
        assertThat(play.err)
                .startsWith("WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n"
                        + "Error response from daemon: failed to do request: Get \"http://localhost:1/v2/\": connect:"
                        + " connection refused\n")
                .doesNotContain("secret");
        assertThat(home.resolve(".docker/config.json")).doesNotExist();
    }

    @Test
    void logoutForgetsAndSaysWhat() throws IOException {
        play.environment.put("HOME", home.toString());
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(
                home.resolve(".docker/config.json"),
                "{\"auths\":{\"localhost:5002\":{\"auth\":\"ZGVtbzpzZWNyZXQ=\"}}}");
        assertThat(play.run("logout", "localhost:5002")).isZero();
        assertThat(play.out).isEqualTo("Removing login credentials for localhost:5002\n");
        assertThat(Files.readString(home.resolve(".docker/config.json"))).doesNotContain("5002");
        assertThat(play.run("logout")).isZero();
        assertThat(play.out).isEqualTo("Removing login credentials for https://index.docker.io/v1/\n");
    }

    @Test
    void whatLayersBecome() {
        assertThat(play.run("push", "-q", "h:5000/a:1")).isZero();
        assertThat(play.pushedAs).isEqualTo("Compression[kind=GZIP, level=-1, force=false] null");
        assertThat(play.run(
                        "push",
                        "-q",
                        "--compression=zstd",
                        "--compression-level=9",
                        "--force-compression",
                        "--platform=linux/arm64",
                        "h:5000/a:1"))
                .isZero();
        assertThat(play.pushedAs).isEqualTo("Compression[kind=ZSTD, level=9, force=true] linux/arm64");
        assertThat(play.err).contains(" Info -> Using --platform pushes only the specified platform manifest");
        assertThat(play.run("push", "--compression=gzip", "--compression-level=10", "h:5000/a:1"))
                .isOne();
        assertThat(play.err).startsWith("gzip: invalid compression level: 10\n");
        assertThat(play.run("push", "--compression-level=x", "h:5000/a:1")).isOne();
        assertThat(play.err).startsWith("non-integer value x specified for compression-level\n");
    }

    @Test
    void aSaveForOnePlatform() {
        play.image(1, "2026-11-01T00:00:00Z", 5, "", "hello:1");
        assertThat(play.run("save", "--platform", "linux/arm64", "hello:1")).isZero();
        assertThat(play.savedFor).isEqualTo(Platform.parse("linux/arm64"));
        assertThat(play.out).isEqualTo("archive");
    }
}
