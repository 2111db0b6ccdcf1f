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
