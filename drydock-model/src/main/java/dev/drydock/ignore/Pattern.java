package dev.drydock.ignore;

import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.List;

/**
 * One pattern, compiled. {@code **} has three readings: at the end, anything at all; at the start of a pattern without
 * other wildcards, any beginning ({@code **foo} matches {@code barfoo}); elsewhere, any number of whole segments.
 */
final class Pattern {
    /** What one position of the pattern takes. */
    private sealed interface Token {
        /** Exactly one character. */
        record One(int c) implements Token {}

        /** Any one character but a slash. */
        record AnyOne() implements Token {}

        /** Any run of characters but slashes. */
        record Star() implements Token {}

        /** Nothing, or anything that ends with a slash. */
        record Directories() implements Token {}

        /** Anything. */
        record Everything() implements Token {}

        /** One character in, or with {@code negated} not in, the ranges; a slash may be that character. */
        record OneOf(boolean negated, List<int[]> ranges) implements Token {
            boolean takes(int c) {
                for (int[] range : ranges) {
                    if (c >= range[0] && c <= range[1]) {
                        return !negated;
                    }
                }
                return negated;
            }
        }
    }

    private static final int ANY_DEPTH = -1;

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
        return new Pattern(line, negated, new Compiler(pattern).compile());
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
                case Token.AnyOne _, Token.Star _ -> {}
                case Token.Directories _, Token.Everything _, Token.OneOf _ -> {
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
        reach(now, 0);
        int i = 0;
        while (i < path.length()) {
            int c = path.codePointAt(i);
            i += Character.charCount(c);
            boolean any = false;
            for (int at = 0; at < tokens.length; at++) {
                if (now[at]) {
                    now[at] = false;
                    any = true;
                    step(then, at, c);
                }
            }
            now[tokens.length] = false;
            if (!any) {
                return false;
            }
            boolean[] swap = now;
            now = then;
            then = swap;
        }
        return now[tokens.length];
    }

    private void step(boolean[] then, int at, int c) {
        switch (tokens[at]) {
            case Token.One(int wanted) -> {
                if (c == wanted) {
                    reach(then, at + 1);
                }
            }
            case Token.AnyOne _ -> {
                if (c != '/') {
                    reach(then, at + 1);
                }
            }
            case Token.OneOf oneOf -> {
                if (oneOf.takes(c)) {
                    reach(then, at + 1);
                }
            }
            case Token.Star _ -> {
                if (c != '/') {
                    reach(then, at);
                }
            }
            case Token.Everything _ -> reach(then, at);
            case Token.Directories _ -> {
                then[at] = true;
                if (c == '/') {
                    reach(then, at + 1);
                }
            }
        }
    }

    /**
     * Adds a position and those behind tokens that may be empty. Directories may be empty only at their own start: in the
     * middle of a segment the way on is a slash.
     */
    private void reach(boolean[] set, int from) {
        int at = from;
        while (true) {
            set[at] = true;
            if (at == tokens.length) {
                return;
            }
            switch (tokens[at]) {
                case Token.Star _, Token.Everything _, Token.Directories _ -> at++;
                case Token.One _, Token.AnyOne _, Token.OneOf _ -> {
                    return;
                }
            }
        }
    }

    /** From text to tokens. */
    private static final class Compiler {
        private final int[] codes;
        private final List<Token> tokens = new ArrayList<>();
        private boolean wildcards;
        private int pos;

        Compiler(String pattern) {
            this.codes = pattern.codePoints().toArray();
        }

        List<Token> compile() {
            boolean leading = codes.length > 2 && codes[0] == '*' && codes[1] == '*';
            while (pos < codes.length) {
                int c = codes[pos++];
                switch (c) {
                    case '*' -> star();
                    case '?' -> {
                        wildcards = true;
                        tokens.add(new Token.AnyOne());
                    }
                    case '[' -> {
                        wildcards = true;
                        tokens.add(oneOf());
                    }
                    case '\\' -> {
                        wildcards = true;
                        tokens.add(new Token.One(escaped()));
                    }
                    default -> tokens.add(new Token.One(c));
                }
            }
            if (leading && !wildcards && codes[2] != '/') {
                tokens.set(0, new Token.Everything());
            }
            return tokens;
        }

        private void star() {
            if (pos == codes.length || codes[pos] != '*') {
                wildcards = true;
                tokens.add(new Token.Star());
                return;
            }
            boolean first = pos == 1;
            pos++;
            if (pos < codes.length && codes[pos] == '/') {
                pos++;
            }
            wildcards |= !first;
            tokens.add(pos == codes.length ? new Token.Everything() : new Token.Directories());
        }

        private Token oneOf() {
            boolean negated = pos < codes.length && codes[pos] == '^';
            if (negated) {
                pos++;
            }
            List<int[]> ranges = new ArrayList<>();
            while (pos == codes.length || codes[pos] != ']' || ranges.isEmpty()) {
                int low = inClass();
                int high = low;
                if (codes[pos] == '-') {
                    pos++;
                    high = inClass();
                }
                ranges.add(new int[] {low, high});
            }
            pos++;
            return new Token.OneOf(negated, ranges);
        }

        /** One character of a class, behind which the class goes on. */
        private int inClass() {
            if (pos == codes.length || codes[pos] == '-' || codes[pos] == ']') {
                throw malformed();
            }
            int c = codes[pos++];
            int taken = c == '\\' ? escaped() : c;
            if (pos == codes.length) {
                throw malformed();
            }
            return taken;
        }

        private int escaped() {
            if (pos == codes.length) {
                throw malformed();
            }
            return codes[pos++];
        }

        private UserFault malformed() {
            String pattern = new String(codes, 0, codes.length);
            return new UserFault("syntax error in pattern")
                    .hint("The pattern is \"" + pattern + "\": close its bracket, or put a backslash before it.");
        }
    }
}
