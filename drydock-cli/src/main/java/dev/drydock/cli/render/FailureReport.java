package dev.drydock.cli.render;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.SourceRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a build failed, in the order in which BuildKit tells it: the failed step with the end of its output, the place in
 * the Dockerfile, the cause. What to do next follows the cause.
 */
final class FailureReport {
    private static final int LOG_LINES_IN_PLAIN_MODE = 10;
    private static final int CONTEXT_LINES = 2;
    private static final String RULER = "--------------------\n";

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
            excerpt(text, range, dockerfile);
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

    private static void excerpt(StringBuilder text, SourceRange range, String dockerfile) {
        List<String> lines = List.of(dockerfile.split("\n", -1));
        int first = Math.max(1, range.startLine() - CONTEXT_LINES);
        int last = Math.min(lines.size(), range.endLine() + CONTEXT_LINES);
        text.append(range.file())
                .append(':')
                .append(range.startLine())
                .append('\n')
                .append(RULER);
        for (int number = first; number <= last; number++) {
            boolean marked = number >= range.startLine() && number <= range.endLine();
            String line = lines.get(number - 1);
            line = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            String digits = Integer.toString(number);
            text.append(" ".repeat(Math.max(0, 4 - digits.length())))
                    .append(digits)
                    .append(" | ")
                    .append(marked ? ">>> " : "    ")
                    .append(line)
                    .append('\n');
            if (marked && number == range.startLine() && range.startColumn() > 0) {
                caret(text, range, line);
            }
        }
        text.append(RULER);
    }

    /** A line under the marked one that points at the columns. */
    private static void caret(StringBuilder text, SourceRange range, String line) {
        int from = Math.min(range.startColumn() - 1, line.length());
        int to = range.endLine() == range.startLine() ? range.endColumn() - 1 : line.length();
        String before = line.substring(0, from).replaceAll("[^\t]", " ");
        text.append("     |     ")
                .append(before)
                .append("^".repeat(Math.max(1, to - from)))
                .append('\n');
    }
}
