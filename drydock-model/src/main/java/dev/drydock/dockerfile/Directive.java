package dev.drydock.dockerfile;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A parser directive: a comment of the form {@code # name = value} at the very top of a Dockerfile.
 *
 * @param name in lower case
 * @param value without blanks around it
 * @param line where it stands, counted from 1; 0 if it stands in no file
 */
public record Directive(String name, String value, int line) {
    static final String CHECK = "check";
    static final String ESCAPE = "escape";
    /** Names the frontend. */
    public static final String SYNTAX = "syntax";

    private static final Set<String> KNOWN = Set.of(SYNTAX, ESCAPE, CHECK);

    /** The value up to its first blank. */
    public String firstWord() {
        int blank = value.indexOf(' ');
        return blank < 0 ? value : value.substring(0, blank);
    }

    /** The {@code check} directive that is in effect for a text, null if it has none. */
    public static @Nullable Directive check(String text) {
        return find(CHECK, text, "#");
    }

    /**
     * The {@code syntax} directive of a text, null if it has none. Texts that are no Dockerfiles may have one in comments
     * that begin with two slashes.
     */
    public static @Nullable Directive syntax(String text) {
        Directive found = find(SYNTAX, text, "#");
        return found != null ? found : find(SYNTAX, text, "//");
    }

    /** Looks through the raw lines, past a shebang, until one is no directive. */
    private static @Nullable Directive find(String name, String text, String marker) {
        int start = text.startsWith("\uFEFF") ? 1 : 0;
        int number = 0;
        Set<String> seen = new java.util.HashSet<>();
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            String line = text.substring(start, end);
            start = end + 1;
            number++;
            if (number == 1 && line.startsWith("#!")) {
                continue;
            }
            Directive directive = line.startsWith(marker) ? ofComment(line.substring(marker.length())) : null;
            if (directive == null || !seen.add(directive.name)) {
                return null;
            }
            if (directive.name.equals(name)) {
                return new Directive(name, directive.value, number);
            }
        }
        return null;
    }

    /** The directive that a comment's text is, null if it is none. */
    static @Nullable Directive ofComment(String comment) {
        String written = nameAsWritten(comment);
        String name = written.toLowerCase(Locale.ROOT);
        int i = skipSpace(comment, skipSpace(comment, 0) + written.length());
        if (!KNOWN.contains(name) || i == comment.length() || comment.charAt(i) != '=') {
            return null;
        }
        int valueStart = skipSpace(comment, i + 1);
        int valueEnd = comment.length();
        while (valueEnd > valueStart && isSpace(comment.charAt(valueEnd - 1))) {
            valueEnd--;
        }
        return valueStart == valueEnd ? null : new Directive(name, comment.substring(valueStart, valueEnd), 0);
    }

    /** The name in the text of a comment that is a directive. */
    static String nameAsWritten(String comment) {
        int start = skipSpace(comment, 0);
        int end = start;
        while (end < comment.length() && isLetterOrDigit(comment.charAt(end))) {
            end++;
        }
        return comment.substring(start, end);
    }

    private static int skipSpace(String text, int from) {
        int i = from;
        while (i < text.length() && isSpace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
