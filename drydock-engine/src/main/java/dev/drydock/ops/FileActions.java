package dev.drydock.ops;

import dev.drydock.fault.Bug;
import dev.drydock.fault.UserFault;
import dev.drydock.graph.FileAction;
import dev.drydock.graph.Op;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.Attributes;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.PathPattern;
import dev.drydock.snapshot.PendingTree;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.snapshot.TreeNode;
import dev.drydock.snapshot.TreeView;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The actions of one file op, in order. Each works on an input or on what an earlier one made; actions on the same tree
 * share one pending layer, which becomes a layer when it is an output, or when somebody needs it as it is.
 */
final class FileActions implements AutoCloseable {
    private final List<FileTree> inputs;
    private final LayerMaker layers;
    private final Digest step;
    private final long now;
    private final List<Work> works = new ArrayList<>();
    /** What each action left behind, by its number. */
    private final Map<Integer, Work> results = new HashMap<>();

    private final Map<Integer, InputTree> sources = new HashMap<>();

    /** A pending layer over a snapshot. */
    private static final class Work {
        final Snapshot base;
        final LayerMaker.Draft draft;
        final PendingTree tree;
        /** The last action that worked on it. */
        int last;

        @Nullable
        Snapshot sealed;

        Work(Snapshot base, LayerMaker.Draft draft, PendingTree tree) {
            this.base = base;
            this.draft = draft;
            this.tree = tree;
        }
    }

    FileActions(List<FileTree> inputs, LayerMaker layers, Digest step, long now) {
        this.inputs = inputs;
        this.layers = layers;
        this.step = step;
        this.now = now;
    }

    /** Does them all; the outputs in order. */
    List<FileTree> run(List<FileAction> actions) throws InterruptedException {
        TreeMap<Integer, FileTree> outputs = new TreeMap<>();
        for (int i = 0; i < actions.size(); i++) {
            FileAction action = actions.get(i);
            Work work = work(action.input());
            work.last = i;
            run(action, work.tree);
            results.put(i, work);
            if (action.output() >= 0) {
                outputs.put(action.output(), new FileTree.Layers(seal(work)));
            }
        }
        return List.copyOf(outputs.values());
    }

    /** The tree that an action changes. */
    private Work work(int position) throws InterruptedException {
        int action = position - inputs.size();
        Work before = action < 0 ? null : results.get(action);
        if (action >= 0 && before == null) {
            throw new Bug("run file action: position " + position + " comes later");
        }
        if (before != null && before.sealed == null && before.last == action) {
            return before;
        }
        Snapshot base = before != null ? seal(before) : position == Op.NO_INPUT ? Snapshot.EMPTY : layers(position);
        LayerMaker.Draft draft = layers.draft();
        Work work = new Work(base, draft, PendingTree.over(base, draft.directory(), now));
        work.tree.whenMuchIsWritten(draft::startSync);
        works.add(work);
        return work;
    }

    private Snapshot layers(int position) {
        return switch (inputs.get(position)) {
            case FileTree.Layers(Snapshot snapshot) -> snapshot;
            case FileTree.HostDirectory _ -> throw new Bug("run file action: a context cannot be changed");
        };
    }

    /** Makes the pending layer a layer. */
    private Snapshot seal(Work work) throws InterruptedException {
        if (work.sealed == null) {
            work.tree.finish();
            Layer layer = work.draft.commit(work.base, work.tree.contents());
            layers.remember(step, layer);
            work.sealed = work.base.with(layer);
        }
        return work.sealed;
    }

    private void run(FileAction action, PendingTree tree) throws InterruptedException {
        switch (action) {
            case FileAction.Copy copy -> {
                InputTree source = source(copy.secondaryInput());
                Ownership owner = Ownership.of(copy.owner(), this::view);
                new TreeCopy(copy, source, tree, owner, layers.earlier(step), now).run();
            }
            case FileAction.MakeFile file -> makeFile(file, tree);
            case FileAction.MakeDirectory directory -> makeDirectory(directory, tree);
            case FileAction.Remove remove -> remove(remove, tree);
            case FileAction.Symlink link -> {
                String path = tree.resolve(link.path());
                if (tree.lstat(path).isPresent()) {
                    throw new UserFault("symlink " + link.target() + " " + path + ": file exists");
                }
                tree.symlink(path, link.target(), attributes(0777, link.owner(), link.timestamp()));
            }
        }
    }

    private InputTree source(int position) throws InterruptedException {
        if (position >= inputs.size()) {
            Work work = results.get(position - inputs.size());
            if (work == null) {
                throw new Bug("run file action: position " + position + " comes later");
            }
            work.tree.flush();
            return new InputTree.Pending(work.tree);
        }
        return sources.computeIfAbsent(
                position,
                at -> at == Op.NO_INPUT
                        ? new InputTree.Layered(LayeredTree.of(Snapshot.EMPTY))
                        : InputTree.of(inputs.get(at)));
    }

    /** The tree at a position, to look up names in. */
    private TreeView view(int position) {
        if (position == Op.NO_INPUT) {
            throw new UserFault("invalid user index: -1")
                    .hint("Names cannot be looked up in an empty root: write numbers, for example 1000:1000.");
        }
        Work work = results.get(position - inputs.size());
        return work == null
                ? sources.computeIfAbsent(position, at -> InputTree.of(inputs.get(at)))
                        .view()
                : work.tree;
    }

    private Attributes attributes(int mode, FileAction.@Nullable Owner owner, long timestamp) {
        Ownership ownership = Ownership.of(owner, this::view);
        int uid = ownership == null ? 0 : ownership.uid();
        int gid = ownership == null ? 0 : ownership.gid();
        return new Attributes(mode, uid, gid, timestamp >= 0 ? timestamp * 1_000_000_000L : now);
    }

    private void makeFile(FileAction.MakeFile action, PendingTree tree) throws InterruptedException {
        String path = tree.resolve(action.path());
        tree.flush();
        Optional<TreeNode> before = tree.lstat(path);
        if (before.isPresent() && before.get().isDirectory()) {
            throw new UserFault("open " + path + ": is a directory");
        }
        if (tree.lstat(path.substring(0, Math.max(1, path.lastIndexOf('/')))).isEmpty()) {
            throw new UserFault("open " + path + ": no such file or directory");
        }
        Attributes attributes = attributes(action.mode() & 0777, action.owner(), action.timestamp());
        try (InputStream bytes = new ByteArrayInputStream(action.data().bytes())) {
            tree.file(path, bytes::read, attributes);
        } catch (IOException e) {
            throw new Bug("write " + path, e);
        }
    }

    private void makeDirectory(FileAction.MakeDirectory action, PendingTree tree) {
        String path = tree.resolve(action.path());
        Attributes attributes = attributes(action.mode() & 0777, action.owner(), action.timestamp());
        if (action.makeParents()) {
            makeDirectories(path, attributes, tree);
            return;
        }
        if (tree.lstat(path).isEmpty()) {
            if (tree.lstat(path.substring(0, Math.max(1, path.lastIndexOf('/'))))
                    .isEmpty()) {
                throw new UserFault("mkdir " + path + ": no such file or directory");
            }
            tree.makeDirectory(path, attributes);
        }
    }

    private static void makeDirectories(String path, Attributes attributes, PendingTree tree) {
        Optional<TreeNode> node = tree.lstat(path);
        if (node.isPresent()) {
            if (!node.get().isDirectory()) {
                throw new UserFault("mkdir " + path + ": not a directory");
            }
            return;
        }
        makeDirectories(path.substring(0, Math.max(1, path.lastIndexOf('/'))), attributes, tree);
        tree.makeDirectory(path, attributes);
    }

    private static void remove(FileAction.Remove action, PendingTree tree) throws InterruptedException {
        tree.flush();
        List<String> paths = action.allowWildcard()
                ? PathPattern.expand(tree, action.path())
                : List.of(TreeView.clean(action.path()));
        for (String each : paths) {
            String path = tree.resolveParent(each);
            if (!action.allowNotFound() && tree.lstat(path).isEmpty()) {
                throw new UserFault("stat " + path + ": no such file or directory");
            }
            tree.remove(path);
        }
    }

    @Override
    public void close() {
        for (Work work : works) {
            work.tree.close();
            work.draft.close();
        }
        sources.values().forEach(InputTree::close);
    }
}
