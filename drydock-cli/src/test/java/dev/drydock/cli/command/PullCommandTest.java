package dev.drydock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PullCommandTest {
    private final Screenplay play = new Screenplay();

    @Test
    void aPipeGetsALineForEachChange() {
        assertThat(play.run("pull", "busybox")).isZero();
        String layer = Screenplay.id(5).shortHex();
        assertThat(play.out)
                .isEqualTo("Using default tag: latest\n"
                        + "latest: Pulling from library/busybox\n"
                        + layer + ": Pulling fs layer\n"
                        + layer + ": Download complete\n"
                        + layer + ": Pull complete\n"
                        + "Digest: " + Screenplay.id(8) + "\n"
                        + "Status: Downloaded newer image for busybox:latest\n"
                        + "docker.io/library/busybox:latest\n");
        assertThat(play.err).isEmpty();
    }

    @Test
    void aTerminalGetsALineForEachLayerThatIsWrittenOver() {
        play.terminals = new Session.Terminals(true, true, true);
        assertThat(play.run("pull", "rust:1.92-alpine")).isZero();
        String layer = Screenplay.id(5).shortHex();
        assertThat(play.out)
                .startsWith("1.92-alpine: Pulling from library/rust\n\r\n\u001b[1A\u001b[2K\r" + layer
                        + ": Pulling fs layer \r\u001b[1B\u001b[1A\u001b[2K\r" + layer
                        + ": Downloading 1.07MB/61.25MB\r\u001b[1B")
                .contains(layer + ": Pull complete \r\u001b[1BDigest: ");
    }

    @Test
    void quietSaysTheNameOnly() {
        assertThat(play.run("pull", "-q", "alpine:3.18")).isZero();
        assertThat(play.out).isEqualTo("docker.io/library/alpine:3.18\n");
    }

    @Test
    void nothingNewIsSaid() {
        assertThat(play.run("image", "pull", "localhost:5000/old:1")).isZero();
        assertThat(play.out)
                .isEqualTo("1: Pulling from old\nDigest: " + Screenplay.id(8)
                        + "\nStatus: Image is up to date for localhost:5000/old:1\nlocalhost:5000/old:1\n");
    }

    @Test
    void faultsAreDockersWithWhatToDo() {
        assertThat(play.run("pull", "busybox:nosuch/x")).isEqualTo(1);
        assertThat(play.err).startsWith("invalid reference format\n");
        assertThat(play.run("pull", "nosuch:9.99")).isEqualTo(1);
        assertThat(play.err)
                .isEqualTo("Error response from daemon: failed to resolve reference \"docker.io/library/nosuch:9.99\": "
                        + "docker.io/library/nosuch:9.99: not found\n"
                        + "hint: Check the spelling of the name and the tag.\n");
        assertThat(play.run("pull", "-a", "busybox:latest")).isEqualTo(1);
        assertThat(play.err).isEqualTo("tag can't be used with --all-tags/-a\n");
    }

    @Test
    void allTagsArePulledOneAfterTheOther() {
        assertThat(play.run("pull", "-a", "-q", "busybox")).isZero();
        assertThat(play.out).isEqualTo("docker.io/library/busybox\n");
    }
}
