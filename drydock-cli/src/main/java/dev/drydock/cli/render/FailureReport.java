package dev.drydock.cli.render;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.SourceRange;
import org.jspecify.annotations.Nullable;

/**
 * Why a build failed, in the order in which BuildKit tells it: the failed step with the end of its output, the place in
 * the Dockerfile, the cause. What to do next follows the cause.
 */
final class FailureReport {
    private static final int LOG_LINES_IN_PLAIN_MODE = 10;

    private final Screen screen;
    private final Progress.Mode mode;

    FailureReport(Screen screen, Progress.Mode mode) {
        this.screen = screen;
        this.mode = mode;
    }

    void print(DrydockException fault, @Nullable String dockerfile, Steps steps) {
        StringBuilder text = new StringBuilder();
        Steps.Step failed = steps.lastFailed();
        if (failed != null) {
            logTail(text, failed);
        }
        SourceRange range = fault.range().orElse(null);
        if (range != null && dockerfile != null) {
            text.append(Excerpt.of(range, fault.word(dockerfile).orElse(range), dockerfile));
        }
        text.append("ERROR: failed to build: ");
        text.append(steps.all().isEmpty() ? "" : "failed to solve: ")
                .append(fault.text())
                .append('\n');
        for (String hint : fault.hints()) {
            text.append("hint: ").append(hint).append('\n');
        }
        screen.out().print(text);
    }

    private void logTail(StringBuilder text, Steps.Step failed) {
        text.append("------\n > ").append(failed.name).append(":\n");
        int most = mode == Progress.Mode.TTY ? Integer.MAX_VALUE : LOG_LINES_IN_PLAIN_MODE;
        for (LogTail.Line line : failed.log.last(most)) {
            text.append(Amounts.decimal(line.age(), 3))
                    .append(' ')
                    .append(line.text())
                    .append('\n');
        }
        text.append("------\n");
    }
}
