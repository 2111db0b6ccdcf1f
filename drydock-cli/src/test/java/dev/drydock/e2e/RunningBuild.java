package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What tests do to a build that runs beside them. */
final class RunningBuild {
    /** Holds a step until {@link #goOn}, however long that takes; the commands of a step separate it by a semicolon. */
    static final String HOLD = "sleep 1009";

    private RunningBuild() {}

    /** Waits until the build has printed this, to the file that its errors go to. */
    static void awaitText(Process build, Path log, String text) throws Exception {
        Eventually.holds(() -> {
            assertThat(log).content().contains(text);
            assertThat(build.isAlive()).as("the build").isTrue();
        });
    }

    /** Lets its step go on that holds. */
    static void goOn(Process build) throws Exception {
        Eventually.holds(() -> {
            List<ProcessHandle> holds = build.descendants()
                    .filter(each -> words(each.pid()).equals(HOLD))
                    .toList();
            assertThat(holds).as("what holds a step").isNotEmpty();
            holds.forEach(ProcessHandle::destroy);
        });
    }

    /** As the process itself was called: {@link ProcessHandle.Info} has the program's file in place of the first word. */
    private static String words(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ')
                    .strip();
        } catch (IOException e) {
            return ""; // it has just ended
        }
    }

    /** {@code kill -9}; returns when no process of the build is left, and so what they held can be taken away. */
    static void kill(Process build) throws Exception {
        List<ProcessHandle> all = build.descendants().toList();
        build.destroyForcibly().waitFor();
        for (ProcessHandle each : all) {
            each.onExit().get(2, TimeUnit.MINUTES);
        }
    }
}
