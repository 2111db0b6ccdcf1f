package dev.drydock.ignore;

import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.List;

/**
 * One pattern, compiled. {@code **} has three readings: at the end, anything at all; at the start of a pattern without
 * other wildcards, any beginning ({@code **foo} matches {@code barfoo}); elsewhere, any number of whole segments.
 */
final class Pattern {
    private static final int ANY_DEPTH = -1;
    private static final int NONE = -1;

    private final String text;
    private final boolean negated;
    private final Token[] tokens;
    /** What every match begins and ends with, as far as it is plain text. */
    private final String prefix;

    private final String suffix;
    /** The longest plain text that is somewhere in every match. */
    private final String part;
    /** The number of slashes in every match. */
    private final int slashes;

    private Pattern(String text, boolean negated, List<Token> tokens) {
        this.text = text;
        this.negated = negated;
        this.tokens = tokens.toArray(Token[]::new);
        this.prefix = plain(tokens);
        this.suffix = new StringBuilder(plain(tokens.reversed())).reverse().toString();
        this.part = longestPlain(tokens);
        this.slashes = slashes(tokens);
    }

    /**
     * Compiles one line as {@link IgnoreFile#parse} gives it, or as a person wrote it for {@code --exclude}.
     *
     * @throws UserFault if it is malformed
     */
    static Pattern of(String line) {
        String pattern = PathText.clean(PathText.trim(line));
        boolean negated = pattern.startsWith("!");
        if (negated) {
            pattern = pattern.substring(1);
        }
        if (pattern.isEmpty()) {
            throw new UserFault("illegal exclusion pattern: \"!\"").hint("Write the path to keep behind the \"!\".");
        }
        return new Pattern(line, negated, compile(pattern));
    }

    /** As the caller wrote it. */
    String text() {
        return text;
    }

    boolean negated() {
        return negated;
    }

    private static String plain(List<Token> tokens) {
        StringBuilder plain = new StringBuilder();
        for (Token token : tokens) {
            // Beyond the basic plane a character is two units, whose order a reversal would swap.
            if (!(token instanceof Token.One(int c)) || c > 0xFFFF) {
                break;
            }
            plain.append((char) c);
        }
        return plain.toString();
    }

    private static String longestPlain(List<Token> tokens) {
        String longest = "";
        for (int at = 0; at < tokens.size(); at++) {
            String plain = plain(tokens.subList(at, tokens.size()));
            if (plain.length() > longest.length()) {
                longest = plain;
            }
            at += plain.length();
        }
        return longest;
    }

    private static int slashes(List<Token> tokens) {
        int slashes = 0;
        for (Token token : tokens) {
            switch (token) {
                case Token.One(int c) -> slashes += c == '/' ? 1 : 0;
                case Token.AnyOne _, Token.Star _, Token.Place _ -> {}
                case Token.Directories _, Token.Everything _, Token.Some _ -> {
                    return ANY_DEPTH;
                }
            }
        }
        return slashes;
    }

    /** Whether it may match something below a directory, {@code depth} being that of the entries in it. */
    boolean mayMatchBelow(String directorySlash, int depth) {
        if (slashes != ANY_DEPTH && depth > slashes) {
            return false;
        }
        int common = Math.min(prefix.length(), directorySlash.length());
        return prefix.regionMatches(0, directorySlash, 0, common);
    }

    /** Whether it matches exactly this path, whose slashes the caller has counted. */
    boolean matches(String path, int depth) {
        if (slashes != ANY_DEPTH && slashes != depth) {
            return false;
        }
        if (!path.startsWith(prefix) || !path.endsWith(suffix)) {
            return false;
        }
        if (prefix.length() == tokens.length) {
            return path.length() == prefix.length();
        }
        // a search for plain text is some hundred times quicker than what follows
        return path.contains(part) && simulate(path);
    }

    /** All positions of the pattern that the path so far may have reached, as a set. */
    private boolean simulate(String path) {
        boolean[] now = new boolean[tokens.length + 1];
        boolean[] then = new boolean[tokens.length + 1];
        int c = path.isEmpty() ? NONE : path.codePointAt(0);
        reach(now, 0, NONE, c);
        int i = 0;
        while (i < path.length()) {
            i += Character.charCount(c);
            int behind = i < path.length() ? path.codePointAt(i) : NONE;
            boolean any = false;
            for (int at = 0; at < tokens.length; at++) {
                if (now[at]) {
                    now[at] = false;
                    any = true;
                    step(then, at, c, behind);
                }
            }
            now[tokens.length] = false;
            if (!any) {
                return false;
            }
            boolean[] swap = now;
            now = then;
            then = swap;
            c = behind;
        }
        return now[tokens.length];
    }

    private void step(boolean[] then, int at, int c, int behind) {
        switch (tokens[at]) {
            case Token.One(int wanted) -> {
                if (c == wanted) {
                    reach(then, at + 1, c, behind);
                }
            }
            case Token.AnyOne _ -> {
                if (c != '/') {
                    reach(then, at + 1, c, behind);
                }
            }
            case Token.Some some -> {
                if (some.characters().has(c)) {
                    reach(then, some.many() ? at : at + 1, c, behind);
                }
            }
            case Token.Place _ -> {}
            case Token.Star _ -> {
                if (c != '/') {
                    reach(then, at, c, behind);
                }
            }
            case Token.Everything(boolean lines) -> {
                if (lines || c != '\n') {
                    reach(then, at, c, behind);
                }
            }
            case Token.Directories(boolean lines) -> {
                then[at] |= lines || c != '\n';
                if (c == '/') {
                    reach(then, at + 1, c, behind);
                }
            }
        }
    }

    /**
     * Adds a position and those behind tokens that may be empty here, between two characters. Directories may be empty only at
     * their own start: in the middle of a segment the way on is a slash.
     */
    private void reach(boolean[] set, int from, int before, int behind) {
        int at = from;
        while (true) {
            set[at] = true;
            if (at == tokens.length) {
                return;
            }
            switch (tokens[at]) {
                case Token.Star _, Token.Everything _, Token.Directories _ -> at++;
                case Token.Some some when some.many() -> at++;
                case Token.Place place when place.isAt(before, behind) -> at++;
                case Token.One _, Token.AnyOne _, Token.Some _, Token.Place _ -> {
                    return;
                }
            }
        }
    }

    /** From text to tokens, by way of what BuildKit makes of it. */
    private static List<Token> compile(String pattern) {
        if (!PatternSyntax.isWellFormed(pattern)) {
            throw malformed(pattern);
        }
        PatternText text = PatternText.of(pattern);
        List<Token> tokens = new ArrayList<>();
        switch (text.kind()) {
            case EXACT -> add(tokens, pattern);
            case PREFIX -> {
                add(tokens, pattern.substring(0, pattern.length() - 2));
                tokens.add(new Token.Everything(true));
            }
            case SUFFIX -> {
                boolean segments = pattern.startsWith("/", 2);
                tokens.add(segments ? new Token.Directories(true) : new Token.Everything(true));
                add(tokens, pattern.substring(segments ? 3 : 2));
            }
            case EXPRESSION ->
                tokens.addAll(RegularExpression.read(text.expression()).orElseThrow(() -> malformed(pattern)));
        }
        return tokens;
    }

    private static void add(List<Token> tokens, String plain) {
        plain.codePoints().forEach(c -> tokens.add(new Token.One(c)));
    }

    private static UserFault malformed(String pattern) {
        return new UserFault("syntax error in pattern")
                .hint("The pattern is \"" + pattern
                        + "\": close its bracket, or put a backslash before it; a backslash before a"
                        + " letter means something else.");
    }
}
