package dev.drydock.ops;

import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.TreeNode;
import dev.drydock.snapshot.TreeView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A tree as lines: path, mode and owner, content. */
final class TreeText {
    private TreeText() {}

    static List<String> of(TreeView tree) {
        List<String> lines = new ArrayList<>();
        add(tree, "/", lines);
        return lines;
    }

    private static void add(TreeView tree, String directory, List<String> lines) {
        for (TreeNode node : tree.list(directory)) {
            String what = switch (node.kind()) {
                case FILE -> " \"" + new String(LayeredTree.readBytes(node), StandardCharsets.UTF_8) + '"';
                case SYMLINK -> " -> " + node.target();
                case DIRECTORY -> "/";
                default -> " " + node.kind();
            };
            String mode = node.isSymlink() ? "" : " " + Integer.toOctalString(node.mode());
            String owner = node.uid() == 0 && node.gid() == 0 ? "" : " " + node.uid() + ":" + node.gid();
            lines.add(node.path() + what + mode + owner);
            if (node.isDirectory()) {
                add(tree, node.path(), lines);
            }
        }
    }
}
