package dev.drydock.cli.command;

import dev.drydock.fault.UserFault;

/** Go's {@code path.Match}: {@code *} and {@code ?} stop at a slash, {@code [a-z]}, {@code [^a]}, {@code \\x}. */
final class Glob {
    private final String pattern;

    Glob(String pattern) {
        this.pattern = pattern;
        check();
    }

    private void check() {
        int at = 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == '\\' && at + 1 == pattern.length()) {
                throw bad();
            }
            at = c == '\\' ? at + 2 : c == '[' ? classEnd(at) : at + 1;
        }
    }

    private static UserFault bad() {
        return new UserFault("syntax error in pattern");
    }

    /** The index after the bracket that closes the class at {@code open}. */
    private int classEnd(int open) {
        int at = open + 1;
        if (at < pattern.length() && pattern.charAt(at) == '^') {
            at++;
        }
        int first = at;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == ']' && at > first) {
                return at + 1;
            }
            if (c == '-' && at == first) {
                throw bad();
            }
            at += c == '\\' ? 2 : 1;
        }
        throw bad();
    }

    boolean matches(String text) {
        return matches(0, text, 0);
    }

    private boolean matches(int from, String text, int start) {
        int p = from;
        int t = start;
        while (p < pattern.length()) {
            char c = pattern.charAt(p);
            if (c == '*') {
                for (int end = t; end <= text.length(); end++) {
                    if (matches(p + 1, text, end)) {
                        return true;
                    }
                    if (end < text.length() && text.charAt(end) == '/') {
                        return false;
                    }
                }
                return false;
            }
            if (t == text.length()) {
                return false;
            }
            char actual = text.charAt(t);
            switch (c) {
                case '?' -> {
                    if (actual == '/') {
                        return false;
                    }
                    p++;
                }
                case '[' -> {
                    int end = classEnd(p);
                    if (!inClass(p + 1, end - 1, actual)) {
                        return false;
                    }
                    p = end;
                }
                default -> {
                    int literal = c == '\\' ? p + 1 : p;
                    if (pattern.charAt(literal) != actual) {
                        return false;
                    }
                    p = literal + 1;
                }
            }
            t++;
        }
        return t == text.length();
    }

    private boolean inClass(int from, int end, char actual) {
        int at = from;
        boolean negated = pattern.charAt(at) == '^';
        at += negated ? 1 : 0;
        boolean found = false;
        while (at < end) {
            at += pattern.charAt(at) == '\\' ? 1 : 0;
            char low = pattern.charAt(at++);
            char high = low;
            if (at + 1 < end && pattern.charAt(at) == '-') {
                at++;
                at += pattern.charAt(at) == '\\' ? 1 : 0;
                high = pattern.charAt(at++);
            }
            found |= low <= actual && actual <= high;
        }
        return found != negated;
    }
}
