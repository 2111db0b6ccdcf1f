package dev.drydock.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.dockerfile.Finding;
import dev.drydock.dockerfile.Rule;
import dev.drydock.event.BuildEvent;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.StepFailed;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What appears on the screen for a stream of events. */
class ProgressTest {
    private static final Instant START = Instant.parse("2026-11-23T17:12:30Z");
    private static final Digest FROM = Digest.of("from".getBytes(StandardCharsets.UTF_8));
    private static final Digest RUN = Digest.of("run".getBytes(StandardCharsets.UTF_8));
    private static final Digest OTHER = Digest.of("other".getBytes(StandardCharsets.UTF_8));

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private static Instant at(long millis) {
        return START.plus(Duration.ofMillis(millis));
    }

    private Progress open(Progress.Mode mode, int columns, Map<String, String> environment) {
        return open(mode, columns, environment, false);
    }

    private Progress open(Progress.Mode mode, int columns, Map<String, String> environment, boolean debug) {
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        return Progress.open(
                mode, new Screen(out, () -> columns), Progress.Settings.fromEnvironment(environment, true, debug));
    }

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static void queue(Progress progress) {
        progress.accept(new BuildEvent.Queued(at(0), FROM, "[1/2] FROM docker.io/library/busybox:1.37", List.of()));
        progress.accept(new BuildEvent.Queued(at(0), RUN, "[2/2] RUN make", List.of(FROM)));
    }

    @Test
    void plainModeNumbersStepsWhenTheyFirstSpeak() {
        try (Progress progress = open(Progress.Mode.PLAIN, 80, Map.of())) {
            queue(progress);
            progress.accept(new BuildEvent.Cached(at(5), FROM));
            progress.accept(new BuildEvent.Started(at(10), RUN));
            progress.accept(new BuildEvent.Explained(at(10), RUN, List.of("file src/main.rs changed")));
            progress.accept(new BuildEvent.Log(at(362), RUN, BuildEvent.Stream.OUT, "one\ntw"));
            progress.accept(new BuildEvent.Log(at(400), RUN, BuildEvent.Stream.OUT, "o\nend"));
            progress.accept(new BuildEvent.Completed(at(510), RUN));
        }
        assertThat(shown()).isEqualTo("""
                        #0 building with "default" instance using drydock driver

                        #1 [1/2] FROM docker.io/library/busybox:1.37
                        #1 CACHED

                        #2 [2/2] RUN make
                        #2 ran again: file src/main.rs changed
                        #2 0.352 one
                        #2 0.352 two
                        #2 0.390 end
                        #2 DONE 0.5s
                        """);
    }

    @Test
    void plainModeMarksTheSwitchBetweenStepsThatRunAtTheSameTime() {
        try (Progress progress = open(Progress.Mode.PLAIN, 80, Map.of())) {
            queue(progress);
            progress.accept(new BuildEvent.Queued(at(0), OTHER, "[b 1/1] RUN other", List.of()));
            progress.accept(new BuildEvent.Started(at(0), RUN));
            progress.accept(new BuildEvent.Started(at(0), OTHER));
            progress.accept(new BuildEvent.Log(at(100), RUN, BuildEvent.Stream.OUT, "a\n"));
            progress.accept(new BuildEvent.Log(at(200), OTHER, BuildEvent.Stream.OUT, "held\n"));
            progress.accept(new BuildEvent.Completed(at(300), RUN));
            progress.accept(new BuildEvent.Completed(at(400), OTHER));
        }
        assertThat(shown()).isEqualTo("""
                        #0 building with "default" instance using drydock driver

                        #1 [2/2] RUN make
                        #1 0.100 a
                        #1 DONE 0.3s

                        #2 [b 1/1] RUN other
                        #2 0.200 held
                        #2 DONE 0.4s
                        """);
    }

    @Test
    void aLongSilenceOfTheSpeakerGivesTheWordToAnother() {
        try (Progress progress = open(Progress.Mode.PLAIN, 80, Map.of())) {
            queue(progress);
            progress.accept(new BuildEvent.Queued(at(0), OTHER, "[b 1/1] RUN other", List.of()));
            progress.accept(new BuildEvent.Started(at(0), RUN));
            progress.accept(new BuildEvent.Started(at(0), OTHER));
            progress.accept(new BuildEvent.Log(at(100), RUN, BuildEvent.Stream.OUT, "a\n"));
            progress.accept(new BuildEvent.Log(at(9000), OTHER, BuildEvent.Stream.OUT, "b\n"));
        }
        assertThat(shown()).endsWith("#1 0.100 a\n#1 ...\n\n#2 [b 1/1] RUN other\n#2 9.000 b\n");
    }

    @Test
    void aFailureShowsTheLogTheExcerptTheCauseAndWhatToDo() {
        Progress progress = open(Progress.Mode.PLAIN, 80, Map.of());
        queue(progress);
        progress.accept(new BuildEvent.Started(at(0), RUN));
        for (int i = 1; i <= 12; i++) {
            progress.accept(new BuildEvent.Log(at(100), RUN, BuildEvent.Stream.OUT, "line " + i + "\n"));
        }
        String message = "process \"/bin/sh -c make\" did not complete successfully: exit code: 2";
        progress.accept(new BuildEvent.Failed(at(300), RUN, message));
        bytes.reset();
        progress.failed(
                new StepFailed(message, 2)
                        .at(SourceRange.lines("Dockerfile", 2, 2))
                        .hint("Look at it."),
                "FROM busybox:1.37\nRUN make\nRUN never\n");
        assertThat(shown()).isEqualTo("""
                        ------
                         > [2/2] RUN make:
                        0.100 line 3
                        0.100 line 4
                        0.100 line 5
                        0.100 line 6
                        0.100 line 7
                        0.100 line 8
                        0.100 line 9
                        0.100 line 10
                        0.100 line 11
                        0.100 line 12
                        ------
                        Dockerfile:2
                        --------------------
                           1 |     FROM busybox:1.37
                           2 | >>> RUN make
                           3 |     RUN never
                           4 |    \s
                        --------------------
                        ERROR: failed to build: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2
                        hint: Look at it.
                        """);
    }

    @Test
    void aPlaceWithColumnsGetsACaret() {
        Progress progress = open(Progress.Mode.PLAIN, 80, Map.of());
        queue(progress);
        bytes.reset();
        progress.failed(
                new UserFault("unknown flag: --foo").at(new SourceRange("Dockerfile", 1, 5, 1, 10)),
                "RUN --foo=x echo\n");
        assertThat(shown()).contains("   1 | >>> RUN --foo=x echo\n     |         ^^^^^\n");
    }

    @Test
    void ttyFramesFitTheTerminalAndCutLongNames() {
        for (int columns : new int[] {20, 40, 80, 200}) {
            bytes.reset();
            Progress progress = open(Progress.Mode.TTY, columns, Map.of("NO_COLOR", "1"));
            progress.accept(new BuildEvent.Queued(at(0), RUN, "[2/2] RUN " + "very long ".repeat(30), List.of()));
            progress.accept(new BuildEvent.Started(at(0), RUN));
            progress.accept(new BuildEvent.Log(
                    at(10), RUN, BuildEvent.Stream.ERR, "\u001b[31mred\u001b[0m\tand " + "wide 字".repeat(100) + "\n"));
            progress.accept(new BuildEvent.Completed(at(1200), RUN));
            progress.close();
            for (String line : shown().split("\r\n")) {
                String text = line.replaceAll("\u001b\\[[0-9?]*[A-Za-z]", "");
                assertThat(Widths.of(text)).as("columns %d: %s", columns, text).isLessThanOrEqualTo(columns);
            }
            assertThat(shown()).contains("1.2s");
        }
    }

    @Test
    void ttyModeEndsWithAFinishedTree() {
        Progress progress = open(Progress.Mode.TTY, 60, Map.of("NO_COLOR", "1"));
        queue(progress);
        progress.accept(new BuildEvent.Cached(at(5), FROM));
        progress.accept(new BuildEvent.Started(at(10), RUN));
        progress.accept(new BuildEvent.Status(at(20), RUN, "transferring context:", 2000, 0, at(10), at(20)));
        progress.accept(new BuildEvent.Completed(at(1210), RUN));
        progress.close();
        String last = shown().substring(shown().lastIndexOf("\u001b[?25l")).replaceAll("\u001b\\[[0-9?]*[A-Za-z]", "");
        assertThat(last.lines().skip(1).toList())
                .containsExactly(
                        " => CACHED [1/2] FROM docker.io/library/busybox:1.37    0.0s",
                        " => [2/2] RUN make                                      1.2s",
                        " => => transferring context: 2.00kB                     0.0s");
        assertThat(last).contains("(2/2) FINISHED").doesNotContain("\u001b[34m");
    }

    @Test
    void anAmountStaysWhereItsNameIsCut() {
        Progress progress = open(Progress.Mode.TTY, 40, Map.of("NO_COLOR", "1"));
        queue(progress);
        progress.accept(new BuildEvent.Started(at(10), FROM));
        progress.accept(new BuildEvent.Status(
                at(20), FROM, "sha256:" + "0123456789".repeat(6), 7_370_000, 12_590_000, at(10), null));
        progress.accept(new BuildEvent.Completed(at(1210), FROM));
        progress.close();
        assertThat(shown()).contains(" => => sha256:012 7.37MB / 12.59MB  1.2s");
    }

    @Test
    void aNarrowerTerminalHasWrappedTheLastFrame() {
        int[] columns = {60};
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        Map<String, String> environment = Map.of("TTY_DISPLAY_RATE", "10000");
        Progress progress = Progress.open(
                Progress.Mode.TTY,
                new Screen(out, () -> columns[0]),
                Progress.Settings.fromEnvironment(environment, true, false));
        queue(progress);
        progress.accept(new BuildEvent.Started(at(10), RUN));
        progress.redraw();
        bytes.reset();
        columns[0] = 25;
        progress.close();
        assertThat(shown().split("\u001b\\[1A", -1))
                .as("two lines of 60 columns are three rows of 25 each")
                .hasSize(1 + 6);
    }

    @Test
    void coloursAreThoseOfBuildkit() {
        assertThat(colored(Map.of())).contains("\u001b[34m => [2/2] RUN make").contains("\u001b[33m1 warning");
        assertThat(colored(Map.of("BUILDKIT_COLORS", "run=light-cyan:warning=255,80,0:error=nosuch:x")))
                .contains("\u001b[96m => [2/2] RUN make")
                .contains("\u001b[38;2;255;80;0m1 warning");
        assertThat(colored(Map.of("NO_COLOR", "1", "BUILDKIT_COLORS", "run=cyan")))
                .contains(" => [2/2] RUN make")
                .doesNotContainPattern("\u001b\\[[0-9;]*m");
    }

    private String colored(Map<String, String> environment) {
        bytes.reset();
        Progress progress = open(Progress.Mode.TTY, 60, environment);
        progress.accept(new BuildEvent.Queued(at(0), RUN, "[2/2] RUN make", List.of()));
        progress.accept(new BuildEvent.Started(at(10), RUN));
        progress.accept(new BuildEvent.Completed(at(20), RUN));
        progress.accept(warning());
        progress.close();
        return shown();
    }

    @Test
    void findingsOfAStepThatIsOverAreABlockOfTheirOwn() {
        try (Progress progress = open(Progress.Mode.PLAIN, 80, Map.of("NO_COLOR", "1"))) {
            queue(progress);
            progress.accept(new BuildEvent.Started(at(0), FROM));
            progress.accept(new BuildEvent.Completed(at(10), FROM));
            progress.accept(warning());
            progress.accept(new BuildEvent.Started(at(20), RUN));
            progress.accept(new BuildEvent.Completed(at(30), RUN));
        }
        assertThat(shown()).contains("""
                        #1 DONE 0.0s

                        #1 [1/2] FROM docker.io/library/busybox:1.37
                        #1 WARN: JSONArgsRecommended: JSON arguments recommended (line 2)

                        #2 [2/2] RUN make
                        #2 DONE 0.0s
                        """);
    }

    @Test
    void aLongPartShowsThatItGoesOn() {
        try (Progress progress = open(Progress.Mode.PLAIN, 80, Map.of())) {
            queue(progress);
            progress.accept(new BuildEvent.Started(at(0), FROM));
            for (int second = 1; second <= 12; second++) {
                progress.accept(new BuildEvent.Status(
                        at(second * 1000), FROM, "sha256:aa", second * 1_000_000, 12_000_000, at(0), null));
            }
            progress.accept(
                    new BuildEvent.Status(at(12_100), FROM, "sha256:aa", 12_000_000, 12_000_000, at(0), at(12_100)));
            progress.accept(new BuildEvent.Completed(at(12_200), FROM));
        }
        assertThat(shown()).endsWith("""
                        #1 [1/2] FROM docker.io/library/busybox:1.37
                        #1 sha256:aa 5.00MB / 12.00MB 5.0s
                        #1 sha256:aa 10.00MB / 12.00MB 10.0s
                        #1 sha256:aa 12.00MB / 12.00MB 12.1s done
                        #1 DONE 12.2s
                        """);
    }

    @Test
    void rawJsonHasOneObjectPerLine() {
        try (Progress progress = open(Progress.Mode.RAWJSON, 80, Map.of())) {
            queue(progress);
            progress.accept(new BuildEvent.Started(at(10), RUN));
            progress.accept(new BuildEvent.Log(at(20), RUN, BuildEvent.Stream.OUT, "built\n"));
            progress.accept(new BuildEvent.Cached(at(30), FROM));
        }
        assertThat(shown().lines().toList())
                .hasSize(5)
                .contains("{\"logs\":[{\"vertex\":\"" + RUN
                        + "\",\"stream\":1,\"data\":\"YnVpbHQK\",\"timestamp\":\"2026-11-23T17:12:30.02Z\"}]}");
        assertThat(shown()).contains("\"cached\":true");
        assertThat(shown().lines().filter(line -> line.contains(RUN.toString()) && line.contains("vertexes")))
                .as("inputs are told each time")
                .hasSize(2)
                .allMatch(line -> line.contains("\"inputs\":[\"" + FROM + "\"]"));
    }

    @Test
    void findingsComeLast() {
        Progress progress = open(Progress.Mode.PLAIN, 80, Map.of("NO_COLOR", "1"));
        queue(progress);
        progress.accept(warning());
        progress.close();
        assertThat(shown())
                .endsWith("\n 1 warning found (use drydock --debug to expand):\n"
                        + " - JSONArgsRecommended: JSON arguments recommended (line 2)\n");
    }

    private static BuildEvent.Warning warning() {
        return new BuildEvent.Warning(
                at(1),
                FROM,
                new Finding(Rule.JSON_ARGS_RECOMMENDED, "JSON arguments recommended", SourceRange.lines("f", 2, 2)),
                "FROM x\nCMD y\n");
    }

    @Test
    void debugShowsFindingsInFull() {
        Progress progress = open(Progress.Mode.PLAIN, 80, Map.of("NO_COLOR", "1"), true);
        progress.accept(warning());
        progress.close();
        assertThat(shown()).endsWith("""

                 1 warning found:
                 - JSONArgsRecommended: JSON arguments recommended (line 2)
                JSON arguments recommended for ENTRYPOINT/CMD to prevent unintended behavior related to OS signals
                More info: https://docs.docker.com/go/dockerfile/rule/json-args-recommended/
                f:2
                --------------------
                   1 |     FROM x
                   2 | >>> CMD y
                   3 |    \s
                --------------------

                """);
    }

    @Test
    void rawJsonFindingsCarryTheirPlaceAndTheFile() {
        try (Progress progress = open(Progress.Mode.RAWJSON, 80, Map.of())) {
            progress.accept(warning());
        }
        assertThat(shown())
                .contains("\"url\":\"https://docs.docker.com/go/dockerfile/rule/json-args-recommended/\"")
                .contains(
                        "\"sourceInfo\":{\"filename\":\"f\",\"data\":\"RlJPTSB4CkNNRCB5Cg==\",\"language\":\"Dockerfile\"}")
                .contains("\"range\":[{\"start\":{\"line\":2},\"end\":{\"line\":2}}]");
    }
}
