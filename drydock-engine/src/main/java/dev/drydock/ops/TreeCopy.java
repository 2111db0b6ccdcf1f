package dev.drydock.ops;

import dev.drydock.fault.UserFault;
import dev.drydock.graph.FileAction;
import dev.drydock.graph.SymbolicMode;
import dev.drydock.layer.ArchiveStream;
import dev.drydock.snapshot.Attributes;
import dev.drydock.snapshot.KnownContent;
import dev.drydock.snapshot.PathPattern;
import dev.drydock.snapshot.PendingTree;
import dev.drydock.snapshot.TreeNode;
import dev.drydock.snapshot.TreeView;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One COPY or ADD of files: BuildKit's rules for where things go, what gives way, and who owns what. */
final class TreeCopy {
    private static final int DIRECTORY_MODE = 0755;

    private final FileAction.Copy action;
    private final InputTree source;
    private final PendingTree target;
    private final @Nullable Ownership owner;
    private final @Nullable SymbolicMode symbolic;
    private final Selection.Filter filter;
    private final LayerMaker.Earlier reuse;
    private final long now;

    /** Parents of included paths that were looked after already. */
    private final Set<String> parents = new HashSet<>();

    TreeCopy(
            FileAction.Copy action,
            InputTree source,
            PendingTree target,
            @Nullable Ownership owner,
            LayerMaker.Earlier reuse,
            long now) {
        this.action = action;
        this.source = source;
        this.target = target;
        this.owner = owner;
        this.symbolic =
                action.mode() instanceof FileAction.Mode.Symbolic(String text) ? SymbolicMode.parse(text) : null;
        this.filter = FilesRunner.selection(action).filter();
        this.reuse = reuse;
        this.now = action.timestamp() >= 0 ? action.timestamp() * 1_000_000_000L : now;
    }

    void run() throws InterruptedException {
        TreeView view = source.view();
        List<String> matches = action.allowWildcard()
                ? PathPattern.expand(view, action.source())
                : List.of(TreeView.clean(action.source()));
        if (matches.isEmpty() && !action.allowEmptyWildcard()) {
            throw new UserFault(action.source() + " not found");
        }
        for (String match : matches) {
            String resolved = action.followSymlink() ? view.resolve(match) : view.resolveParent(match);
            TreeNode node = view.lstat(resolved).orElseThrow(() -> new UserFault("\"" + match + "\": not found"));
            if (!action.attemptUnpack() || !isArchive(node)) {
                copy(match, node);
            } else {
                TreeExtraction.extract(source, node, target, action.dest(), owner, now);
            }
        }
    }

    private static boolean isArchive(TreeNode node) {
        return node.isFile() && node.size() > 0 && ArchiveStream.isArchive(Path.of(node.host()));
    }

    private void copy(String match, TreeNode node) throws InterruptedException {
        String dest = action.dest();
        boolean directory = dest.endsWith("/") || dest.endsWith("/.");
        String clean = TreeView.clean(dest);
        String ensured = directory ? clean : clean.substring(0, Math.max(1, clean.lastIndexOf('/')));
        if (action.createDestPath()) {
            makeParents(target.resolve(ensured));
        } else if (target.lstat(target.resolve(clean.substring(0, Math.max(1, clean.lastIndexOf('/')))))
                .isEmpty()) {
            throw new UserFault("failed to stat " + dest + ": no such file or directory");
        }
        String path = target.resolve(clean);
        Optional<TreeNode> before = target.lstat(path);
        boolean contents = action.dirCopyContents() && node.isDirectory();
        boolean into = node.isDirectory()
                ? !action.dirCopyContents() && before.isPresent()
                : before.isPresent() && before.get().isDirectory();
        if (into) {
            String name = match.substring(match.lastIndexOf('/') + 1);
            path = name.isEmpty() ? path : TreeView.join(path, name);
        }
        makeParents(contents && before.isEmpty() ? path : parent(path));
        target.startCopy();
        parents.clear();
        copy(node, "", path, false);
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(1, path.lastIndexOf('/')));
    }

    /** Makes a directory and those above it where they are missing; they get no special bits. */
    void makeParents(String path) {
        Optional<TreeNode> node = target.lstat(path);
        if (node.isPresent()) {
            if (!node.get().isDirectory()) {
                throw new UserFault("mkdir " + path + ": not a directory");
            }
            return;
        }
        makeParents(parent(path));
        int mode = action.mode() instanceof FileAction.Mode.Octal(int bits) ? bits & 0777 : DIRECTORY_MODE;
        int uid = owner == null ? 0 : owner.uid();
        int gid = owner == null ? 0 : owner.gid();
        target.makeDirectory(path, new Attributes(mode, uid, gid, now));
    }

    private void copy(TreeNode node, String relative, String path, boolean nested) throws InterruptedException {
        boolean included = relative.isEmpty() || filter.takes(relative);
        Optional<TreeNode> before = target.lstat(path);
        if (included && action.alwaysReplaceExistingDestPaths() && before.isPresent()) {
            if (before.get().isDirectory() != node.isDirectory()) {
                target.remove(path);
                before = Optional.empty();
            }
        }
        if (node.isDirectory()) {
            copyDirectory(node, relative, path, nested, included, before);
            return;
        }
        if (!included) {
            return;
        }
        makeIncludedParents(node, relative, path);
        if (before.isPresent() && before.get().isDirectory()) {
            throw new UserFault("cannot replace to directory " + path + " with file");
        }
        Attributes attributes = attributes(node);
        switch (node.kind()) {
            case FILE -> {
                KnownContent expected = source instanceof InputTree.Host
                        ? new KnownContent(source.contentDigest(node), open -> source.isUnchanged(node, open))
                        : null;
                String same = expected == null ? null : reuse.find(path, expected.digest(), attributes);
                target.file(path, node, attributes, expected, source instanceof InputTree.Layered, same);
            }
            case SYMLINK -> target.symlink(path, node.target(), attributes);
            case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET ->
                target.node(path, node.kind(), node.device(), attributes);
            case DIRECTORY -> throw new IllegalStateException(path);
        }
    }

    private void copyDirectory(
            TreeNode node, String relative, String path, boolean nested, boolean included, Optional<TreeNode> before)
            throws InterruptedException {
        boolean created = false;
        if (before.isPresent() && !before.get().isDirectory()) {
            if (included) {
                throw new UserFault("cannot copy to non-directory: " + path);
            }
        } else if (included && before.isEmpty()) {
            makeIncludedParents(node, relative, path);
            target.makeDirectory(path, attributes(node));
            created = true;
        }
        if (relative.isEmpty() || filter.takesAll() || filter.enters(relative)) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            for (TreeNode child : source.view().list(node.path())) {
                String name = relative.isEmpty() ? child.name() : relative + "/" + child.name();
                copy(child, name, TreeView.join(path, child.name()), true);
            }
        }
        if (!included) {
            return;
        }
        if (created || (nested && action.includePatterns().isEmpty())) {
            target.setDirectory(path, attributes(node));
        } else if (!nested && !node.path().equals("/")) {
            target.setTime(path, attributes(node).mtimeNs());
        }
    }

    /** Directories between the copied one and an included path come along as they are in the source. */
    private void makeIncludedParents(TreeNode node, String relative, String path) {
        if (filter.takesAll()) {
            return;
        }
        int slash = relative.lastIndexOf('/');
        if (slash < 0) {
            return;
        }
        String parentPath = parent(path);
        if (!parents.add(parentPath)) {
            return;
        }
        TreeNode parent = source.view().lstat(parent(node.path())).orElseThrow();
        makeIncludedParents(parent, relative.substring(0, slash), parentPath);
        Optional<TreeNode> before = target.lstat(parentPath);
        if (before.isEmpty()) {
            target.makeDirectory(parentPath, attributes(parent));
        } else if (!before.get().isDirectory()) {
            throw new UserFault("cannot copy to non-directory: " + parentPath);
        }
    }

    /** What a copied file gets. */
    Attributes attributes(TreeNode node) {
        int mode = node.mode();
        if (symbolic != null) {
            mode = symbolic.apply(mode, node.isDirectory());
        } else if (action.mode() instanceof FileAction.Mode.Octal(int bits)) {
            mode = bits;
        }
        int uid = owner == null ? node.uid() : owner.uid();
        int gid = owner == null ? node.gid() : owner.gid();
        return new Attributes(mode, uid, gid, action.timestamp() >= 0 ? now : node.mtimeNs());
    }
}
