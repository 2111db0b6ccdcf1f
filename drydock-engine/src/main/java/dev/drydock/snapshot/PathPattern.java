package dev.drydock.snapshot;

import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.List;

/**
 * Patterns of COPY sources, as Go's {@code filepath.Match} reads them: {@code *}, {@code ?}, {@code [a-z]}, {@code [^x]}
 * and {@code \} inside one path segment; {@code *} matches a leading dot, too.
 */
public final class PathPattern {
    private PathPattern() {}

    /** Whether the path has a character that stands for more than itself. */
    public static boolean isPattern(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '*' || c == '?' || c == '[') {
                return true;
            }
        }
        return false;
    }

    /**
     * The paths in {@code tree} that {@code pattern} matches, in lexical order. Leading segments without wildcards are
     * resolved first, and links in them are followed. A path without wildcards is its only match, there or not.
     */
    public static List<String> expand(TreeView tree, String pattern) {
        String clean = TreeView.clean(pattern);
        if (!isPattern(clean)) {
            return List.of(clean);
        }
        String[] segments = clean.substring(1).split("/", -1);
        int fixed = 0;
        String start = "/";
        while (!isPattern(segments[fixed])) {
            start = TreeView.join(start, segments[fixed++]);
        }
        List<String> matches = new ArrayList<>();
        collect(tree, tree.resolve(start), start, segments, fixed, matches);
        return matches;
    }

    /** {@code directory} is where to look, {@code shown} what the match is called: they differ behind a link. */
    private static void collect(
            TreeView tree, String directory, String shown, String[] segments, int at, List<String> matches) {
        for (TreeNode node : tree.list(directory)) {
            if (!matches(segments[at], node.name())) {
                continue;
            }
            String name = TreeView.join(shown, node.name());
            if (at == segments.length - 1) {
                matches.add(name);
            } else if (node.isDirectory()) {
                collect(tree, node.path(), name, segments, at + 1, matches);
            }
        }
    }

    /** Whether the pattern of one segment matches all of {@code name}. */
    public static boolean matches(String pattern, String name) {
        return match(pattern, 0, name, 0);
    }

    private static boolean match(String pattern, int p, String name, int n) {
        while (p < pattern.length()) {
            char c = pattern.charAt(p);
            if (c == '*') {
                return star(pattern, p + 1, name, n);
            }
            if (n == name.length()) {
                // The rest must still be well formed; Go says so, too.
                check(pattern, p);
                return false;
            }
            int point = name.codePointAt(n);
            switch (c) {
                case '?' -> p++;
                case '[' -> {
                    int end = classEnd(pattern, p);
                    if (!inClass(pattern, p + 1, end, point)) {
                        return false;
                    }
                    p = end + 1;
                }
                default -> {
                    if (c == '\\') {
                        p = escaped(pattern, p);
                    }
                    int wanted = pattern.codePointAt(p);
                    if (wanted != point) {
                        return false;
                    }
                    p += Character.charCount(wanted);
                }
            }
            n += Character.charCount(point);
        }
        return n == name.length();
    }

    private static boolean star(String pattern, int p, String name, int n) {
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        if (p == pattern.length()) {
            return true;
        }
        for (int i = n; i <= name.length(); i++) {
            if (match(pattern, p, name, i)) {
                return true;
            }
        }
        return false;
    }

    private static void check(String pattern, int from) {
        for (int p = from; p < pattern.length(); p++) {
            if (pattern.charAt(p) == '[') {
                p = classEnd(pattern, p);
            } else if (pattern.charAt(p) == '\\') {
                p = escaped(pattern, p);
            }
        }
    }

    private static int escaped(String pattern, int backslash) {
        if (backslash + 1 == pattern.length()) {
            throw new UserFault("match " + pattern + ": syntax error in pattern");
        }
        return backslash + 1;
    }

    /** Position of the bracket that closes the class opened at {@code open}. */
    private static int classEnd(String pattern, int open) {
        int p = open + 1;
        if (p < pattern.length() && pattern.charAt(p) == '^') {
            p++;
        }
        int first = p;
        while (p < pattern.length()) {
            char c = pattern.charAt(p);
            if (c == ']' && p > first) {
                return p;
            }
            if (c == ']' || (c == '-' && (p == first || (p + 1 < pattern.length() && pattern.charAt(p + 1) == ']')))) {
                break;
            }
            if (c == '\\') {
                p = escaped(pattern, p);
            }
            p++;
        }
        throw new UserFault("match " + pattern + ": syntax error in pattern");
    }

    private static boolean inClass(String pattern, int from, int end, int point) {
        int p = from;
        boolean negated = pattern.charAt(p) == '^';
        if (negated) {
            p++;
        }
        boolean found = false;
        while (p < end) {
            p = pattern.charAt(p) == '\\' ? p + 1 : p;
            int low = pattern.codePointAt(p);
            int high = low;
            p += Character.charCount(low);
            if (p < end && pattern.charAt(p) == '-') {
                p++;
                p = pattern.charAt(p) == '\\' ? p + 1 : p;
                high = pattern.codePointAt(p);
                p += Character.charCount(high);
            }
            found |= low <= point && point <= high;
        }
        return found != negated;
    }
}
