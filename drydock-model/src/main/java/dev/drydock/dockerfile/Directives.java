package dev.drydock.dockerfile;

import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parser directives: comments of the form {@code # name = value} at the very top. BuildKit looks for them twice, with
 * rules that differ in small ways, and both readings are kept here: the parser's own, which trims lines and ends at the
 * first line that is not a directive, decides on {@code escape} and on repetition; a scan of the raw text, which passes
 * over a shebang and, for {@code check}, over blank lines, finds {@code syntax} and {@code check}.
 */
final class Directives {
    static final char DEFAULT_ESCAPE = '\\';
    private static final Set<String> KNOWN = Set.of("syntax", "escape", "check");

    private final Map<String, String> seen = new LinkedHashMap<>();
    private boolean done;
    private char escape = DEFAULT_ESCAPE;

    char escape() {
        return escape;
    }

    /** Takes the next line, without its leading blanks; true if it is a directive. */
    boolean take(String line, SourceRange place) {
        if (done) {
            return false;
        }
        Directive directive = Directive.of(line);
        if (directive == null || !KNOWN.contains(directive.name)) {
            done = true;
            return false;
        }
        if (seen.putIfAbsent(directive.name, directive.value) != null) {
            throw new UserFault("only one " + directive.name + " parser directive can be used").at(place);
        }
        if (directive.name.equals("escape")) {
            if (!directive.value.equals("\\") && !directive.value.equals("`")) {
                throw new UserFault("invalid escape token '" + directive.value + "' does not match ` or \\")
                        .at(place)
                        .hint("Write \"# escape=\\\" or \"# escape=`\".");
            }
            escape = directive.value.charAt(0);
        }
        return true;
    }

    /** The directives that are in effect for {@code text}, after its instructions were read. */
    Map<String, String> inEffect(String text) {
        Map<String, String> found = new LinkedHashMap<>();
        boolean blankSeen = false;
        int start = text.startsWith("\uFEFF") ? 1 : 0;
        boolean first = true;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            String line = text.substring(start, end);
            start = end + 1;
            if (first && line.startsWith("#!")) {
                first = false;
                continue;
            }
            first = false;
            if (line.isBlank()) {
                blankSeen = true;
                continue;
            }
            Directive directive = Directive.of(line);
            if (directive == null || !KNOWN.contains(directive.name)) {
                break;
            }
            if (directive.name.equals("check") || (directive.name.equals("syntax") && !blankSeen)) {
                found.putIfAbsent(directive.name, directive.value);
            }
        }
        String escapeValue = seen.get("escape");
        if (escapeValue != null) {
            found.put("escape", escapeValue);
        }
        return found;
    }

    /** A line of the form {@code # name = value}, {@code name} in lower case. */
    private record Directive(String name, String value) {
        static @Nullable Directive of(String line) {
            if (!line.startsWith("#")) {
                return null;
            }
            int i = skipSpace(line, 1);
            int nameStart = i;
            while (i < line.length() && isLetterOrDigit(line.charAt(i))) {
                i++;
            }
            String name = line.substring(nameStart, i);
            i = skipSpace(line, i);
            if (name.isEmpty() || name.charAt(0) <= '9' || i == line.length() || line.charAt(i) != '=') {
                return null;
            }
            int valueStart = skipSpace(line, i + 1);
            int valueEnd = line.length();
            while (valueEnd > valueStart && isSpace(line.charAt(valueEnd - 1))) {
                valueEnd--;
            }
            return valueStart == valueEnd
                    ? null
                    : new Directive(name.toLowerCase(Locale.ROOT), line.substring(valueStart, valueEnd));
        }

        private static int skipSpace(String line, int from) {
            int i = from;
            while (i < line.length() && isSpace(line.charAt(i))) {
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
}
