package dev.drydock.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A place in a text that a person wrote. Lines and columns count from 1; columns are UTF-16 units; {@code endColumn} is
 * exclusive. A column of 0 means that only the lines are known.
 */
public record SourceRange(String file, int startLine, int startColumn, int endLine, int endColumn) {
    public SourceRange {
        if (startLine < 1 || endLine < startLine || startColumn < 0 || endColumn < 0) {
            throw new IllegalArgumentException(
                    "range " + startLine + ":" + startColumn + "-" + endLine + ":" + endColumn);
        }
    }

    /**
     * Where {@code word} stands in these lines of {@code text}: the first place where it is a word of its own, else the
     * only place where it is part of one.
     */
    public Optional<SourceRange> find(String text, String word) {
        List<String> lines = List.of(text.split("\n", -1));
        List<SourceRange> parts = new ArrayList<>();
        for (int number = startLine; number <= Math.min(endLine, lines.size()); number++) {
            String line = lines.get(number - 1);
            for (int at = line.indexOf(word); at >= 0 && !word.isEmpty(); at = line.indexOf(word, at + 1)) {
                int end = at + word.length();
                SourceRange found = new SourceRange(file, number, at + 1, number, end + 1);
                if (isBoundary(line, at - 1) && isBoundary(line, end)) {
                    return Optional.of(found);
                }
                parts.add(found);
            }
        }
        return parts.size() == 1 ? Optional.of(parts.getFirst()) : Optional.empty();
    }

    private static boolean isBoundary(String line, int index) {
        return index < 0 || index >= line.length() || " \t\r\"'[],=\\`".indexOf(line.charAt(index)) >= 0;
    }

    /** The whole lines from {@code start} to {@code end}, both inclusive. */
    public static SourceRange lines(String file, int start, int end) {
        return new SourceRange(file, start, 0, end, 0);
    }
}
