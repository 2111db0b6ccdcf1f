package dev.drydock.source;

import dev.drydock.ignore.IgnoreMatcher;
import dev.drydock.linux.FileStat;
import dev.drydock.linux.TreeWalk;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What a scan lists: wanted and not ignored. */
final class ContextFilter implements TreeWalk.Filter {
    private final IgnoreMatcher ignored;
    private final Optional<NavigableSet<String>> wanted;
    /** Ignored directories in which something may be included again. */
    private final Map<String, FileStat> passed = new ConcurrentHashMap<>();

    ContextFilter(IgnoreMatcher ignored, Optional<NavigableSet<String>> wanted) {
        this.ignored = ignored;
        this.wanted = wanted;
    }

    @Override
    public TreeWalk.Choice choose(String path, FileStat stat) {
        if (wanted.isPresent() && !isWanted(wanted.get(), path)) {
            return TreeWalk.Choice.SKIP;
        }
        if (!ignored.ignored(path)) {
            return TreeWalk.Choice.KEEP;
        }
        if (stat.isDirectory() && ignored.mayContainReincluded(path)) {
            passed.put(path, stat);
            return TreeWalk.Choice.DESCEND;
        }
        return TreeWalk.Choice.SKIP;
    }

    /** At, below or on the way to a wanted path. */
    private static boolean isWanted(NavigableSet<String> wanted, String path) {
        String next = wanted.ceiling(path);
        if (next != null && (next.equals(path) || next.startsWith(path + "/"))) {
            return true;
        }
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            if (wanted.contains(path.substring(0, slash))) {
                return true;
            }
        }
        return false;
    }

    /** Directories that were passed through; those with something in them belong to the context after all. */
    Map<String, FileStat> passed() {
        return passed;
    }
}
