package dev.drydock.source;

import dev.drydock.fault.Bug;
import dev.drydock.ignore.IgnoreMatcher;
import dev.drydock.linux.FileStat;
import dev.drydock.linux.TreeWalk;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What a scan lists: wanted and not ignored. */
final class ContextFilter implements TreeWalk.Filter {
    /** What the ignore patterns say of the directories that are listed: their entries are decided from there. */
    private final Map<String, IgnoreMatcher.State> directories = new ConcurrentHashMap<>();

    private final Optional<NavigableSet<String>> wanted;
    /** Ignored directories in which something may be included again. */
    private final Map<String, FileStat> passed = new ConcurrentHashMap<>();

    ContextFilter(IgnoreMatcher ignored, Optional<NavigableSet<String>> wanted) {
        directories.put("", ignored.root());
        this.wanted = wanted;
    }

    @Override
    public TreeWalk.Choice choose(String path, FileStat stat) {
        if (wanted.isPresent() && !isWanted(wanted.get(), path)) {
            return TreeWalk.Choice.SKIP;
        }
        IgnoreMatcher.State state = state(path);
        if (!stat.isDirectory()) {
            return state.ignored() ? TreeWalk.Choice.SKIP : TreeWalk.Choice.KEEP;
        }
        if (state.ignored() && !state.mayContainReincluded()) {
            return TreeWalk.Choice.SKIP;
        }
        directories.put(path, state);
        if (!state.ignored()) {
            return TreeWalk.Choice.KEEP;
        }
        passed.put(path, stat);
        return TreeWalk.Choice.DESCEND;
    }

    /** A walk asks about a directory before it asks about what is in it. */
    private IgnoreMatcher.State state(String path) {
        int slash = path.lastIndexOf('/');
        IgnoreMatcher.State parent = directories.get(slash < 0 ? "" : path.substring(0, slash));
        if (parent == null) {
            throw new Bug("filter " + path + ": its directory was not asked about");
        }
        return parent.child(path.substring(slash + 1));
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
