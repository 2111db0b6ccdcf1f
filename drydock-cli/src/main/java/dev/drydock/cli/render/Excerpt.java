package dev.drydock.cli.render;

import dev.drydock.fault.SourceRange;
import java.util.List;

/** A place in a file with the lines around it, as BuildKit prints it, and a caret under the columns where they are known. */
public final class Excerpt {
    private static final int AROUND_ONE_LINE = 2;
    private static final int AROUND_MANY_LINES = 1;
    private static final String RULER = "--------------------\n";

    private Excerpt() {}

    /** The excerpt with a line end; empty if the text has no such line. */
    public static String of(SourceRange range, String source) {
        return of(range, range, source);
    }

    /** As {@link #of(SourceRange, String)}, with the caret under {@code caret}, a part of the range. */
    static String of(SourceRange range, SourceRange caret, String source) {
        List<String> lines = List.of(source.split("\n", -1));
        if (range.startLine() > lines.size()) {
            return "";
        }
        int around = range.startLine() == range.endLine() ? AROUND_ONE_LINE : AROUND_MANY_LINES;
        int first = Math.max(1, range.startLine() - around);
        int last = Math.min(lines.size(), range.endLine() + around);
        StringBuilder text = new StringBuilder();
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
            if (number == caret.startLine() && caret.startColumn() > 0) {
                pointAt(text, caret, line);
            }
        }
        return text.append(RULER).toString();
    }

    /** A line under the marked one that points at the columns. */
    private static void pointAt(StringBuilder text, SourceRange range, String line) {
        int from = Math.min(range.startColumn() - 1, line.length());
        int to = range.endLine() == range.startLine() ? range.endColumn() - 1 : line.length();
        String before = line.substring(0, from).replaceAll("[^\t]", " ");
        text.append("     |     ")
                .append(before)
                .append("^".repeat(Math.max(1, to - from)))
                .append('\n');
    }
}
