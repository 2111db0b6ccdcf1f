package dev.drydock.ops;

import dev.drydock.fault.Suggestion;
import dev.drydock.fault.UserFault;
import dev.drydock.snapshot.TreeView;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Tells of a path that a step wants and that is not there, what may have been meant. */
final class MissingPath {
    private static final int MOST_NAMES = 8;
    private static final int MOST_DIRECTORIES = 500;

    private final InputTree tree;

    private MissingPath(InputTree tree) {
        this.tree = tree;
    }

    /** Adds hints and the word to point at; returns the fault. */
    static UserFault explain(UserFault fault, InputTree tree, String path) {
        return fault.about(path.substring(1)).hint(new MissingPath(tree).hint(path));
    }

    private String hint(String path) {
        Optional<String> hidden = tree.hiddenBy(path);
        if (hidden.isPresent()) {
            String name = path.substring(1);
            return hidden.get() + " hides it: take that out, or add a line \"!" + name + "\" below it.";
        }
        String directory = "/";
        String[] names = path.substring(1).split("/", -1);
        int last = 0;
        while (last < names.length - 1 && tree.names(directory).contains(names[last])) {
            directory = TreeView.join(directory, names[last++]);
        }
        Optional<String> near = Suggestion.nearest(names[last], tree.names(directory));
        if (near.isPresent()) {
            String found = TreeView.join(directory, near.get());
            String rest = String.join("/", List.of(names).subList(last + 1, names.length));
            String whole = rest.isEmpty() ? found : TreeView.join(found, rest);
            return "Did you mean \"" + shown(exists(whole) ? whole : found) + "\"?";
        }
        return elsewhere(names[names.length - 1])
                .map(found -> "Did you mean \"" + shown(found) + "\"?")
                .orElse(listing(directory));
    }

    private boolean exists(String path) {
        int slash = path.lastIndexOf('/');
        return tree.names(path.substring(0, Math.max(1, slash))).contains(path.substring(slash + 1));
    }

    /** A file of that name in another directory; the nearest to the top, and only in the first few hundred directories. */
    private Optional<String> elsewhere(String name) {
        Deque<String> directories = new ArrayDeque<>(List.of("/"));
        for (int seen = 0; seen < MOST_DIRECTORIES && !directories.isEmpty(); seen++) {
            String directory = directories.remove();
            List<String> names = tree.names(directory);
            if (names.contains(name)) {
                return Optional.of(TreeView.join(directory, name));
            }
            names.forEach(each -> directories.add(TreeView.join(directory, each)));
        }
        return Optional.empty();
    }

    private String listing(String directory) {
        List<String> names = tree.names(directory);
        String where = directory.equals("/")
                ? "T" + tree.title().substring(1)
                : "\"" + shown(directory) + "\" of " + tree.title();
        if (names.isEmpty()) {
            return where + " is empty.";
        }
        String more = names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "";
        return where + " holds " + String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size()))) + more + ".";
    }

    private String shown(String path) {
        return tree instanceof InputTree.Host ? path.substring(1) : path;
    }
}
