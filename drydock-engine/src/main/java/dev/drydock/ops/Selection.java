package dev.drydock.ops;

import dev.drydock.ignore.IgnoreMatcher;
import dev.drydock.oci.Digest;
import dev.drydock.solver.InputRule;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Which part of an input a step looks at.
 *
 * @param path absolute path, or a pattern when {@code wildcard}
 * @param followLinks whether a symbolic link at the end of the path is followed
 * @param includes only these paths below a selected directory; empty for all
 * @param excludes but not these
 * @param required paths below it that must be there
 */
record Selection(
        String path,
        boolean wildcard,
        boolean followLinks,
        List<String> includes,
        List<String> excludes,
        List<String> required) {
    Selection {
        includes = List.copyOf(includes);
        excludes = List.copyOf(excludes);
        required = List.copyOf(required);
    }

    /** All of a file or directory. */
    static Selection of(String path) {
        return new Selection(path, false, true, List.of(), List.of(), List.of());
    }

    /** The rule for an input of which only {@code selections} are looked at, one at least. */
    static InputRule rule(List<Selection> selections) {
        StringBuilder name = new StringBuilder("drydock-selections-1\n");
        selections.forEach(selection -> selection.appendTo(name));
        return new InputRule.ByContent(
                List.copyOf(selections), Digest.of(name.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** Every text with its length before it, every list with its count, so that no two selections have one form. */
    private void appendTo(StringBuilder name) {
        append(name, path);
        name.append(wildcard ? "wildcard " : "literal ").append(followLinks ? "follow" : "keep");
        for (List<String> paths : List.of(includes, excludes, required)) {
            name.append(' ').append(paths.size()).append('\n');
            paths.forEach(each -> append(name, each));
        }
    }

    private static void append(StringBuilder name, String text) {
        name.append(text.length()).append(':').append(text).append('\n');
    }

    /** Which paths below a selected directory count. */
    Filter filter() {
        return new Filter(new IncludePatterns(includes), IgnoreMatcher.of(excludes));
    }

    /** Decides about paths relative to a selected directory. */
    record Filter(IncludePatterns includes, IgnoreMatcher excludes) {
        boolean takes(String relative) {
            return (includes.isEmpty() || includes.match(relative)) && !excludes.ignored(relative);
        }

        boolean takesAll() {
            return includes.isEmpty() && excludes.isEmpty();
        }

        /** Whether a directory must be looked into. */
        boolean enters(String relative) {
            boolean maybe = includes.isEmpty() || includes.match(relative) || includes.mayMatchBelow(relative);
            return maybe && (!excludes.ignored(relative) || excludes.mayContainReincluded(relative));
        }
    }
}
