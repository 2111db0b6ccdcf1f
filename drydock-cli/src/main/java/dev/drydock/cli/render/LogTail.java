package dev.drydock.cli.render;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The last lines of a step's output, with the age of the step when each began; bounded, whatever a step prints. */
final class LogTail {
    private static final int MOST_LINES = 1000;
    private static final int LONGEST_LINE = 8192;

    private final Deque<Line> lines = new ArrayDeque<>();
    private final StringBuilder open = new StringBuilder();
    private Duration openAge = Duration.ZERO;

    /** A line without its end. */
    record Line(Duration age, String text) {}

    void add(String text, Duration age) {
        int from = 0;
        while (from < text.length()) {
            if (open.isEmpty()) {
                openAge = age;
            }
            int end = text.indexOf('\n', from);
            int to = end < 0 ? text.length() : end;
            int room = Math.max(0, LONGEST_LINE - open.length());
            open.append(text, from, Math.min(to, from + room));
            if (end < 0) {
                return;
            }
            close();
            from = end + 1;
        }
    }

    private void close() {
        lines.add(new Line(openAge, open.toString()));
        if (lines.size() > MOST_LINES) {
            lines.removeFirst();
        }
        open.setLength(0);
    }

    /** The last lines, the open one too; {@code most} at most. */
    List<Line> last(int most) {
        List<Line> all = new ArrayList<>(lines);
        if (!open.isEmpty()) {
            all.add(new Line(openAge, open.toString()));
        }
        return all.subList(Math.max(0, all.size() - most), all.size());
    }
}
