package dev.drydock.ops;

import dev.drydock.fault.UserFault;
import dev.drydock.graph.FileAction;
import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.TreeNode;
import dev.drydock.snapshot.TreeView;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that {@code --chown} stands for. Names are looked up in the passwd and group files of a tree. A user without
 * a group has the group of its number, or, by name, its primary group; a group that is not there is the user's. A user
 * that is not there is a fault, where BuildKit silently takes root.
 */
record Ownership(int uid, int gid) {
    /** Null when nothing is to change. */
    static @Nullable Ownership of(FileAction.@Nullable Owner owner, Trees trees) {
        if (owner == null) {
            return null;
        }
        Ownership user = user(owner.user(), trees);
        return switch (owner.group()) {
            case null -> user;
            case FileAction.Id.Number(int gid) -> new Ownership(user.uid, gid);
            case FileAction.Id.Name(String name, int position) ->
                new Ownership(
                        user.uid, accounts(trees.view(position)).group(name).orElse(user.gid));
        };
    }

    /** The trees that names are looked up in, by position. */
    interface Trees {
        TreeView view(int position);
    }

    private static Ownership user(FileAction.Id user, Trees trees) {
        return switch (user) {
            case FileAction.Id.Number(int uid) -> new Ownership(uid, uid);
            case FileAction.Id.Name(String name, int position) -> {
                Accounts.User found = accounts(trees.view(position))
                        .user(name)
                        .orElseThrow(
                                () -> new UserFault("change owner to " + name
                                                + ": no such user in /etc/passwd of the image")
                                        .hint(
                                                "Add the user before this step, or write numbers, for example --chown=1000:1000."));
                yield new Ownership(found.uid(), found.gid());
            }
        };
    }

    private static Accounts accounts(TreeView view) {
        return new Accounts(read(view, "/etc/passwd"), read(view, "/etc/group"));
    }

    private static byte[] read(TreeView view, String path) {
        Optional<TreeNode> node = view.lstat(view.resolve(path)).filter(TreeNode::isFile);
        return node.map(LayeredTree::readBytes).orElse(new byte[0]);
    }
}
