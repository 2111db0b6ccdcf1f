package dev.drydock.runtime;

import dev.drydock.fault.Bug;
import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import dev.drydock.linux.OpenFile;
import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.TreeNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Copies what layers show together into a directory: where nothing can be mounted, and for caches that start full. */
final class CopiedTree {
    private static final String CAPABILITY = "security.capability";

    private final LayeredTree tree;
    private final Directory target;
    private final byte[] buffer = new byte[64 * 1024];
    /** Where the first name of a file with several went. */
    private final Map<Long, String> firstNames = new HashMap<>();

    private CopiedTree(LayeredTree tree, Directory target) {
        this.tree = tree;
        this.target = target;
    }

    /**
     * Copies layer directories into an existing empty one.
     *
     * @param lowers the lowest first
     */
    static void copy(List<Path> lowers, Path into) throws InterruptedException {
        List<String> topFirst = lowers.reversed().stream().map(Path::toString).toList();
        try (LayeredTree tree = LayeredTree.ofDirectories(topFirst);
                Directory target = Directory.open(into)) {
            copy(tree, "/", target, "");
        }
    }

    /** Copies what is in and below a directory of a tree, and the directory's own attributes. */
    static void copy(LayeredTree tree, String directory, Directory target, String path) throws InterruptedException {
        CopiedTree copied = new CopiedTree(tree, target);
        copied.children(directory, path);
        tree.lstat(directory).ifPresent(node -> copied.attributes(node, path));
    }

    /** Copies one name of a tree, with all that is below it, to a name that is not there yet. */
    static void copyOne(LayeredTree tree, String path, Directory target, String name) throws InterruptedException {
        TreeNode node = tree.lstat(path).orElseThrow(() -> new Bug("copy " + path + ": not found"));
        if (node.isDirectory()) {
            target.makeDirectory(name, 0700);
            copy(tree, path, target, name);
        } else {
            new CopiedTree(tree, target).node(node, name);
        }
    }

    private void children(String directory, String path) throws InterruptedException {
        List<TreeNode> directories = new ArrayList<>();
        for (TreeNode node : tree.list(directory)) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            String at = path.isEmpty() ? node.name() : path + "/" + node.name();
            if (node.isDirectory()) {
                target.makeDirectory(at, 0700);
                directories.add(node);
            } else {
                node(node, at);
            }
        }
        for (TreeNode node : directories) {
            String at = path.isEmpty() ? node.name() : path + "/" + node.name();
            children(node.path(), at);
            attributes(node, at);
        }
    }

    private void node(TreeNode node, String at) {
        if (node.inode() != 0) {
            String first = firstNames.putIfAbsent(node.inode(), at);
            if (first != null) {
                target.link(first, target, at);
                return;
            }
        }
        switch (node.kind()) {
            case FILE -> file(node, at);
            case SYMLINK -> target.symlink(node.target(), at);
            default ->
                target.makeNode(at, node.kind().type() | node.mode(), (int) (node.device() >> 32), (int) node.device());
        }
        attributes(node, at);
    }

    private void file(TreeNode node, String at) {
        int slash = node.host().lastIndexOf('/');
        try (Directory directory = Directory.open(node.host().substring(0, slash));
                OpenFile from = directory.openFile(node.host().substring(slash + 1));
                OpenFile to = target.createFile(at, 0600)) {
            to.copyWhole(from, node.size(), buffer);
        }
    }

    /** The owner before the mode, which a change of owner cuts; the time last. */
    private void attributes(TreeNode node, String at) {
        FileStat now = target.stat(at);
        if (now.uid() != node.uid() || now.gid() != node.gid()) {
            target.chown(at, node.uid(), node.gid());
        }
        if (!node.isSymlink()) {
            target.chmod(at, node.mode());
        }
        if (node.isFile()) {
            tree.attribute(node.path(), CAPABILITY)
                    .ifPresent(value -> target.xattrs(at).set(CAPABILITY, value));
        }
        target.setTime(at, node.mtimeNs());
    }
}
