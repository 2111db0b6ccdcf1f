package dev.drydock.snapshot;

import dev.drydock.fault.UserFault;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Follows symbolic links inside a tree. */
final class PathResolution {
    private PathResolution() {}

    /** @param root the directory that links and {@code ..} cannot leave, {@code /} for the whole tree */
    static String resolve(TreeView tree, String root, String path) {
        Deque<String> todo = new ArrayDeque<>();
        push(todo, path);
        String at = root;
        boolean exists = true;
        int links = 0;
        while (!todo.isEmpty()) {
            String part = todo.removeFirst();
            if (part.equals("..")) {
                at = at.equals(root) ? root : at.substring(0, Math.max(1, at.lastIndexOf('/')));
                exists = true;
                continue;
            }
            String next = TreeView.join(at, part);
            Optional<TreeNode> node = exists ? tree.lstat(next) : Optional.empty();
            if (node.isEmpty() || !node.get().isSymlink()) {
                exists = node.isPresent();
                at = next;
                continue;
            }
            if (++links > TreeView.LINK_LIMIT) {
                throw new UserFault("resolve " + path + ": too many levels of symbolic links");
            }
            String target = node.get().target();
            push(todo, target);
            if (target.startsWith("/")) {
                at = root;
            }
        }
        return at;
    }

    /** Puts the parts of {@code path} before what is still to do. */
    private static void push(Deque<String> todo, String path) {
        int end = path.length();
        for (int i = path.length() - 1; i >= -1; i--) {
            if (i < 0 || path.charAt(i) == '/') {
                String part = path.substring(i + 1, end);
                end = i;
                if (!part.isEmpty() && !part.equals(".")) {
                    todo.addFirst(part);
                }
            }
        }
    }
}
