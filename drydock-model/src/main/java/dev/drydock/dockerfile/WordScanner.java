package dev.drydock.dockerfile;

import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One pass over one word: quotes, escapes and substitutions. Used once. */
final class WordScanner {
    /** Deeper substitutions than any person writes; keeps the stack safe from made-up text. */
    private static final int MAX_DEPTH = 200;

    private static final int END = -1;

    enum Mode {
        /** Quote characters are ordinary characters. */
        KEEP_QUOTES,
        /** Quotes are processed but stay in the result, as do escape characters. */
        RAW,
        /** Quotes are processed but stay in the result; escape characters go. */
        RAW_QUOTES,
        /** A variable that is not set stays as written. */
        KEEP_UNSET
    }

    private final String text;
    private final char escape;
    private final WordExpander.Lookup env;
    private final Set<Mode> modes;
    private final Set<String> matched = new LinkedHashSet<>();
    private final Set<String> unmatched = new LinkedHashSet<>();
    private boolean rawEscapes;
    private int pos;
    private int depth;

    WordScanner(String text, char escape, WordExpander.Lookup env, Set<Mode> modes) {
        this.text = text;
        this.escape = escape;
        this.env = env;
        this.modes = modes;
        this.rawEscapes = modes.contains(Mode.RAW);
        this.pos = text.startsWith("\uFEFF") ? 1 : 0; // Go's scanner passes over a byte order mark that begins a text
    }

    Set<String> matched() {
        return matched;
    }

    Set<String> unmatched() {
        return unmatched;
    }

    /** The result as one word; its words go to {@code words} as well if that is not null. */
    String scan(@Nullable Splitter words) {
        try {
            return until(END, rawEscapes, words);
        } catch (UserFault fault) {
            throw fault.about(text).saying("failed to process " + GoText.quote(text) + ": " + fault.text());
        }
    }

    private int peek() {
        return pos < text.length() ? text.charAt(pos) : END;
    }

    private int next() {
        return pos < text.length() ? text.charAt(pos++) : END;
    }

    private String until(int stop, boolean raw, @Nullable Splitter words) {
        if (depth == MAX_DEPTH) {
            throw new UserFault("more than " + MAX_DEPTH + " substitutions inside each other");
        }
        boolean outerRaw = rawEscapes;
        rawEscapes = raw;
        depth++;
        try {
            return plainUntil(stop, words == null ? new Splitter() : words);
        } finally {
            depth--;
            rawEscapes = outerRaw;
        }
    }

    private String plainUntil(int stop, Splitter words) {
        boolean quotes = !modes.contains(Mode.KEEP_QUOTES);
        StringBuilder out = new StringBuilder();
        while (pos < text.length()) {
            char c = text.charAt(pos);
            if (c == stop) {
                pos++;
                return out.toString();
            }
            if (c == '$') {
                String value = dollar();
                out.append(value);
                words.split(value);
            } else if (quotes && (c == '\'' || c == '"')) {
                String value = c == '"' ? doubleQuoted() : singleQuoted();
                out.append(value);
                words.whole(value);
            } else if (c == escape) {
                pos++;
                if (rawEscapes) {
                    out.append(c);
                    words.whole(c);
                }
                int escaped = next();
                if (escaped != END) {
                    out.append((char) escaped);
                    words.whole((char) escaped);
                }
            } else {
                pos++;
                out.append(c);
                words.split(c);
            }
        }
        if (stop != END) {
            throw unfinished(String.valueOf((char) stop));
        }
        return out.toString();
    }

    private static UserFault unfinished(String what) {
        return new UserFault("unexpected end of statement while looking for matching " + what);
    }

    private String singleQuoted() {
        int close = text.indexOf('\'', pos + 1);
        if (close < 0) {
            pos = text.length();
            throw unfinished("single-quote");
        }
        boolean raw = modes.contains(Mode.RAW) || modes.contains(Mode.RAW_QUOTES);
        String value = raw ? text.substring(pos, close + 1) : text.substring(pos + 1, close);
        pos = close + 1;
        return value;
    }

    private String doubleQuoted() {
        boolean raw = modes.contains(Mode.RAW) || modes.contains(Mode.RAW_QUOTES);
        StringBuilder out = new StringBuilder();
        pos++;
        if (raw) {
            out.append('"');
        }
        while (pos < text.length()) {
            char c = text.charAt(pos);
            if (c == '"') {
                pos++;
                return raw ? out.append('"').toString() : out.toString();
            }
            if (c == '$') {
                out.append(dollar());
            } else {
                pos++;
                if (c == escape) {
                    if (rawEscapes) {
                        out.append(c);
                    }
                    int escaped = peek();
                    if (escaped == END) {
                        break;
                    }
                    if (escaped == '"' || escaped == '$' || escaped == escape) {
                        pos++;
                        c = (char) escaped;
                    }
                }
                out.append(c);
            }
        }
        throw unfinished("double-quote");
    }

    private String dollar() {
        int start = pos;
        try {
            return substitution();
        } catch (UserFault fault) {
            throw fault.subject().isPresent() ? fault : fault.about(substitution(start));
        }
    }

    /** What was read from {@code start}, to the brace that ends it if that is on the line. */
    private String substitution(int start) {
        int brace = text.indexOf('}', Math.max(start, pos - 1));
        int line = text.indexOf('\n', start);
        int end = brace < 0 ? pos : brace + 1;
        return text.substring(start, line < 0 ? end : Math.min(line, end));
    }

    private String substitution() {
        pos++;
        if (peek() != '{') {
            String name = name();
            if (name.isEmpty()) {
                return "$";
            }
            String value = lookUp(name);
            return value != null ? value : modes.contains(Mode.KEEP_UNSET) ? "$" + name : "";
        }
        pos++;
        switch (peek()) {
            case END -> throw missing("'}'");
            case '{', '}', ':' -> throw new UserFault("syntax error: bad substitution");
            default -> {}
        }
        String name = name();
        int c = next();
        return switch (c) {
            case '}' -> {
                String value = lookUp(name);
                yield value != null ? value : modes.contains(Mode.KEEP_UNSET) ? "${" + name + "}" : "";
            }
            case ':' -> modified(name, ":", next());
            case '+', '-', '?', '#', '%' -> modified(name, "", c);
            case '/' -> replaced(name);
            case END -> throw unsupported("", c).hint("Close the brace: ${" + name + "}.");
            default -> throw unsupported("", c);
        };
    }

    private static UserFault unsupported(String colon, int modifier) {
        String shown = modifier == END ? "\uFFFD" : String.valueOf((char) modifier);
        return new UserFault("unsupported modifier (" + colon + shown + ") in substitution");
    }

    private static UserFault missing(String what) {
        return new UserFault("syntax error: missing " + what);
    }

    private @Nullable String lookUp(String name) {
        String value = env.value(name);
        if (!name.isEmpty()) {
            (value == null ? unmatched : matched).add(name);
        }
        return value;
    }

    private String modified(String name, String colon, int modifier) {
        boolean pattern = modifier == '#' || modifier == '%';
        String word = inner('}', pattern, "'}'");
        String value = lookUp(name);
        if (value == null && modes.contains(Mode.KEEP_UNSET)) {
            return "${" + name + colon + (modifier == END ? "" : (char) modifier) + word + "}";
        }
        boolean absent = value == null || (!colon.isEmpty() && value.isEmpty());
        return switch (modifier) {
            case '-' -> absent || value == null ? word : value;
            case '+' -> absent ? "" : word;
            case '?' -> {
                if (absent || value == null) {
                    String usual = "is not allowed to be " + (value == null ? "unset" : "empty");
                    throw new UserFault(name + ": " + (word.isEmpty() ? usual : word));
                }
                yield value;
            }
            case '#', '%' -> {
                if (!colon.isEmpty()) {
                    throw unsupported(colon, modifier);
                }
                yield stripped(value == null ? "" : value, word, (char) modifier);
            }
            default -> throw unsupported(colon, modifier);
        };
    }

    /** Text up to {@code stop}; running into the end of the word is told as what is missing. */
    private String inner(int stop, boolean raw, String missing) {
        try {
            return until(stop, raw, null);
        } catch (UserFault fault) {
            throw pos >= text.length() ? missing(missing) : fault;
        }
    }

    private static String stripped(String value, String word, char side) {
        boolean longest = !word.isEmpty() && word.charAt(0) == side;
        ShellPattern pattern = ShellPattern.of(longest ? word.substring(1) : word);
        return side == '#' ? pattern.withoutPrefix(value, longest) : pattern.withoutSuffix(value, longest);
    }

    private String replaced(String name) {
        boolean all = peek() == '/';
        if (all) {
            pos++;
        }
        String pattern = inner('/', true, "'/' in ${}");
        String replacement = inner('}', true, "'}'");
        String value = lookUp(name);
        if (value == null && modes.contains(Mode.KEEP_UNSET)) {
            return "${" + name + "/" + pattern + "/" + replacement + "}";
        }
        return ShellPattern.of(pattern).replace(value == null ? "" : value, replacement, all);
    }

    private String name() {
        int start = pos;
        if (pos < text.length() && "@*#?-$!0".indexOf(text.charAt(pos)) >= 0 && !Character.isDigit(text.charAt(pos))) {
            pos++;
            return text.substring(start, pos);
        }
        boolean number = pos < text.length() && Character.isDigit(text.codePointAt(pos));
        while (pos < text.length()) {
            int c = text.codePointAt(pos);
            if (!Character.isDigit(c) && (number || (!Character.isLetter(c) && c != '_'))) {
                break;
            }
            pos += Character.charCount(c);
        }
        return text.substring(start, pos);
    }

    /** Collects words: blanks that were not quoted or escaped end one. */
    static final class Splitter {
        private final List<String> words = new ArrayList<>();
        private final StringBuilder word = new StringBuilder();

        List<String> words() {
            end();
            return words;
        }

        private void split(String value) {
            for (int i = 0; i < value.length(); i++) {
                split(value.charAt(i));
            }
        }

        private void split(char c) {
            if (GoText.isSpace(c)) {
                end();
            } else {
                word.append(c);
            }
        }

        private void whole(String value) {
            word.append(value);
        }

        private void whole(char c) {
            word.append(c);
        }

        private void end() {
            if (!word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
        }
    }
}
