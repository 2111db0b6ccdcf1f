package dev.drydock.source;

import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import dev.drydock.linux.PathBytes;
import dev.drydock.snapshot.PathPattern;
import dev.drydock.snapshot.TreeView;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which parts of a directory a build wants: the paths that its steps name, with wildcards in segments, and what symbolic
 * links on the way to them lead to.
 */
final class FollowPaths {
    private final Directory root;
    private final Deque<Want> todo = new ArrayDeque<>();
    private final NavigableSet<String> wanted = new TreeSet<>(PathBytes::compare);
    private boolean all;
    private int links;

    /** A path as it is, and then one that may have wildcards; both relative, either may be empty. */
    private record Want(String literal, String pattern) {}

    private FollowPaths(Directory root) {
        this.root = root;
    }

    /** The wanted paths, relative, each with all that is below it; absent means everything. */
    static Optional<NavigableSet<String>> expand(Directory root, List<String> paths) {
        FollowPaths follow = new FollowPaths(root);
        for (String path : paths) {
            follow.todo.add(new Want("", TreeView.clean(path).substring(1)));
        }
        while (!follow.todo.isEmpty() && !follow.all) {
            follow.walk("", follow.todo.removeFirst());
        }
        return paths.isEmpty() || follow.all ? Optional.empty() : Optional.of(follow.wanted);
    }

    /** {@code done} is resolved, {@code want} is to be looked at from there. */
    private void walk(String done, Want want) {
        if (!want.literal.isEmpty()) {
            step(done, head(want.literal), new Want(tail(want.literal), want.pattern));
        } else if (want.pattern.isEmpty()) {
            all |= done.isEmpty();
            wanted.add(done);
        } else {
            String part = head(want.pattern);
            Want below = new Want("", tail(want.pattern));
            if (PathPattern.isPattern(part)) {
                each(done, part, below);
            } else {
                step(done, part, below);
            }
        }
    }

    private void each(String done, String part, Want below) {
        if (!done.isEmpty() && root.find(done).filter(FileStat::isDirectory).isEmpty()) {
            return;
        }
        try (Directory directory = done.isEmpty() ? root.again() : root.openDirectory(done)) {
            for (String name : directory.names()) {
                if (PathPattern.matches(part, name)) {
                    step(done, name, below);
                }
            }
        }
    }

    private void step(String done, String name, Want below) {
        String path = done.isEmpty() ? name : done + "/" + name;
        Optional<FileStat> stat = root.find(path);
        if (stat.isEmpty() || !stat.get().isSymlink()) {
            walk(path, below);
            return;
        }
        wanted.add(path);
        if (links++ < TreeView.LINK_LIMIT) {
            String target = root.readLink(path);
            String resolved = TreeView.clean(target.startsWith("/") ? target : done + "/" + target);
            String literal = resolved.substring(1);
            todo.add(new Want(below.literal.isEmpty() ? literal : literal + "/" + below.literal, below.pattern));
        }
    }

    private static String head(String path) {
        int slash = path.indexOf('/');
        return slash < 0 ? path : path.substring(0, slash);
    }

    private static String tail(String path) {
        int slash = path.indexOf('/');
        return slash < 0 ? "" : path.substring(slash + 1);
    }
}
