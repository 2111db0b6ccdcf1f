package dev.drydock.ops;

import dev.drydock.snapshot.PathPattern;
import dev.drydock.snapshot.TreeView;
import java.util.ArrayList;
import java.util.List;

/** Which paths below a directory are wanted: a pattern takes a path and all below it, {@code **} any number of segments. */
final class IncludePatterns {
    private final List<String[]> patterns = new ArrayList<>();

    IncludePatterns(List<String> lines) {
        for (String line : lines) {
            patterns.add(TreeView.clean(line).substring(1).split("/", -1));
        }
    }

    boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** Whether the path is wanted, itself or with a directory above it. */
    boolean match(String path) {
        String[] parts = path.split("/", -1);
        return patterns.stream().anyMatch(pattern -> matchesPrefix(pattern, 0, parts, 0));
    }

    /** Whether something below a directory may be wanted. */
    boolean mayMatchBelow(String directory) {
        String[] parts = directory.split("/", -1);
        return patterns.stream().anyMatch(pattern -> mayReach(pattern, parts));
    }

    private static boolean matchesPrefix(String[] pattern, int p, String[] parts, int n) {
        if (p == pattern.length) {
            return true;
        }
        if (pattern[p].equals("**")) {
            for (int i = n; i < parts.length; i++) {
                if (matchesPrefix(pattern, p + 1, parts, i)) {
                    return true;
                }
            }
            return false;
        }
        return n < parts.length
                && PathPattern.matches(pattern[p], parts[n])
                && matchesPrefix(pattern, p + 1, parts, n + 1);
    }

    private static boolean mayReach(String[] pattern, String[] parts) {
        for (int i = 0; i < Math.min(pattern.length, parts.length); i++) {
            if (pattern[i].equals("**")) {
                return true;
            }
            if (!PathPattern.matches(pattern[i], parts[i])) {
                return false;
            }
        }
        return true;
    }
}
