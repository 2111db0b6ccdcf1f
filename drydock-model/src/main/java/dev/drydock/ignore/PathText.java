package dev.drydock.ignore;

import java.util.ArrayList;
import java.util.List;

/** Lexical work on paths, as Go's {@code path} package does it. */
final class PathText {
    private PathText() {}

    /** Without white space at both ends; the no-break spaces count, unlike in {@link String#strip}. */
    static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isSpace(char c) {
        boolean separator = c < 0x80 ? c >= '\t' && c <= '\r' : c == 0x85;
        return separator || Character.isSpaceChar(c);
    }

    /** The shortest path of the same meaning: no empty, {@code .} or inner {@code ..} segments; {@code .} for none. */
    static String clean(String path) {
        boolean rooted = path.startsWith("/");
        List<String> kept = new ArrayList<>();
        int start = 0;
        while (start <= path.length()) {
            int end = path.indexOf('/', start);
            end = end < 0 ? path.length() : end;
            String segment = path.substring(start, end);
            start = end + 1;
            if (segment.equals("..")) {
                if (!kept.isEmpty() && !kept.getLast().equals("..")) {
                    kept.removeLast();
                } else if (!rooted) {
                    kept.add(segment);
                }
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                kept.add(segment);
            }
        }
        String joined = String.join("/", kept);
        return rooted ? "/" + joined : joined.isEmpty() ? "." : joined;
    }
}
