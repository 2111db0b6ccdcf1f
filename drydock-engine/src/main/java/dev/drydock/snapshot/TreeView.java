package dev.drydock.snapshot;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A file tree to look at, without a mount: the merged view of layers, or a build context without its ignored files. Paths
 * are absolute inside the tree; nothing outside the tree can be reached, whatever the links in it say.
 */
public interface TreeView {
    /** How many links one path may go through, as in Linux. */
    int LINK_LIMIT = 255;

    /** What is at {@code path}; no symbolic link is followed, so a path through one leads nowhere. */
    Optional<TreeNode> lstat(String path);

    /** The names in a directory, ordered by name; empty when {@code path} is not a directory. */
    List<TreeNode> list(String path);

    /**
     * The path that {@code path} leads to when every symbolic link in it is followed inside the tree, the last part
     * included. What does not exist is taken as it is written; {@code ..} never leaves the root.
     *
     * @throws dev.drydock.fault.UserFault if it goes through too many links
     */
    default String resolve(String path) {
        return PathResolution.resolve(this, "/", path);
    }

    /** Like {@link #resolve}, as a process sees it whose root is the directory {@code root}; so is {@code path}. */
    default String resolveWithin(String root, String path) {
        return PathResolution.resolve(this, root, path);
    }

    /** Like {@link #resolve}, but the last part is not followed. */
    default String resolveParent(String path) {
        String clean = clean(path);
        int slash = clean.lastIndexOf('/');
        String parent = resolve(clean.substring(0, slash));
        String name = clean.substring(slash + 1);
        return name.isEmpty() ? "/" : join(parent, name);
    }

    /** {@code name} in the directory {@code parent}. */
    static String join(String parent, String name) {
        return parent.equals("/") ? "/" + name : parent + "/" + name;
    }

    /** An absolute path without empty parts, {@code .} and {@code ..}; parts above the root vanish. */
    static String clean(String path) {
        Deque<String> parts = new ArrayDeque<>();
        int start = 0;
        for (int i = 0; i <= path.length(); i++) {
            if (i == path.length() || path.charAt(i) == '/') {
                String part = path.substring(start, i);
                start = i + 1;
                if (part.equals("..")) {
                    parts.pollLast();
                } else if (!part.isEmpty() && !part.equals(".")) {
                    parts.addLast(part);
                }
            }
        }
        return "/" + String.join("/", parts);
    }
}
