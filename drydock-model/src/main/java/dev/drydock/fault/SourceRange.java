package dev.drydock.fault;

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

    /** The whole lines from {@code start} to {@code end}, both inclusive. */
    public static SourceRange lines(String file, int start, int end) {
        return new SourceRange(file, start, 0, end, 0);
    }
}
