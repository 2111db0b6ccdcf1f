package dev.drydock.engine;

import dev.drydock.snapshot.TreeNode;
import dev.drydock.snapshot.TreeView;
import java.util.ArrayList;
import java.util.List;

/**
 * What a build context holds after its ignore file: every directory, then what is in it.
 *
 * @param entries in the order of paths, the context itself first
 */
public record ContextListing(List<Entry> entries) {
    public ContextListing {
        entries = List.copyOf(entries);
    }

    /** One path below the context, {@code /} for the context itself. */
    public sealed interface Entry {
        String path();

        /** Bytes; of a directory those of all files below it. */
        long size();

        /** @param files how many files there are below it */
        record Directory(String path, long size, long files) implements Entry {}

        record File(String path, long size) implements Entry {}
    }

    static ContextListing of(TreeView tree) {
        List<Entry> entries = new ArrayList<>();
        add(tree, "/", entries);
        return new ContextListing(entries);
    }

    private static Entry.Directory add(TreeView tree, String directory, List<Entry> entries) {
        int place = entries.size();
        entries.add(new Entry.Directory(directory, 0, 0));
        long size = 0;
        long files = 0;
        for (TreeNode node : tree.list(directory)) {
            if (node.isDirectory()) {
                Entry.Directory below = add(tree, node.path(), entries);
                size += below.size();
                files += below.files();
            } else {
                entries.add(new Entry.File(node.path(), node.size()));
                size += node.size();
                files++;
            }
        }
        Entry.Directory whole = new Entry.Directory(directory, size, files);
        entries.set(place, whole);
        return whole;
    }
}
