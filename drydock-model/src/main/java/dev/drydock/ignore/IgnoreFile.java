package dev.drydock.ignore;

import java.util.ArrayList;
import java.util.List;

/** The text of an ignore file. */
public final class IgnoreFile {
    private IgnoreFile() {}

    /**
     * The patterns of a {@code .dockerignore}, one per line that is neither blank nor a comment, cleaned: relative to the
     * context, without empty and dot segments, {@code !} in front where written. Nothing is refused here.
     */
    public static List<String> parse(String text) {
        List<String> patterns = new ArrayList<>();
        int start = text.startsWith("\uFEFF") ? 1 : 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            String line = text.substring(start, end);
            start = end + 1;
            if (!line.startsWith("#")) {
                String pattern = pattern(PathText.trim(line));
                if (!pattern.isEmpty()) {
                    patterns.add(pattern);
                }
            }
        }
        return List.copyOf(patterns);
    }

    /** The number of the last line that holds a pattern of {@link #parse}, from 1; 0 if none does. */
    public static int lineOf(String text, String pattern) {
        String[] lines = text.split("\n", -1);
        for (int i = lines.length - 1; i >= 0; i--) {
            if (parse(lines[i]).contains(pattern)) {
                return i + 1;
            }
        }
        return 0;
    }

    private static String pattern(String line) {
        boolean negated = line.startsWith("!");
        String pattern = negated ? PathText.trim(line.substring(1)) : line;
        if (!pattern.isEmpty()) {
            pattern = PathText.clean(pattern);
            if (pattern.length() > 1 && pattern.startsWith("/")) {
                pattern = pattern.substring(1);
            }
        }
        return negated ? "!" + pattern : pattern;
    }
}
