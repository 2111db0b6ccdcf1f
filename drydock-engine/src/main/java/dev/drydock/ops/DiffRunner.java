package dev.drydock.ops;

import dev.drydock.fault.Bug;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.Attributes;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.PendingTree;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.snapshot.TreeNode;
import dev.drydock.solver.InputRule;
import dev.drydock.solver.KeyRecipe;
import dev.drydock.solver.OpRunner;
import dev.drydock.solver.StepContext;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one tree has over another: the layers on top of the other's where it stands on them, else one layer that turns the
 * one into the other.
 */
public final class DiffRunner implements OpRunner<Op.Diff, FileTree> {
    private final LayerMaker layers;

    public DiffRunner(LayerMaker layers) {
        this.layers = layers;
    }

    @Override
    public KeyRecipe recipe(Op.Diff op, StepContext step) {
        List<InputRule> rules = List.of(new InputRule.ByKey(), new InputRule.ByKey());
        return new KeyRecipe(Vertex.of(op, List.of()).digest(), rules, Map.of());
    }

    @Override
    public Digest contentDigest(Op.Diff op, FileTree input, List<Object> selections) {
        throw new Bug("digest input of a diff: it is named by its key");
    }

    @Override
    public List<FileTree> run(Op.Diff op, List<FileTree> inputs, StepContext step) throws InterruptedException {
        Snapshot lower = snapshot(op.lower(), inputs);
        Snapshot upper = snapshot(op.upper(), inputs);
        int shared = lower.layers().size();
        if (upper.layers().size() >= shared && upper.layers().subList(0, shared).equals(lower.layers())) {
            List<Layer> rest = upper.layers().subList(shared, upper.layers().size());
            return List.of(new FileTree.Layers(new Snapshot(rest)));
        }
        try (LayerMaker.Draft draft = layers.draft();
                LayeredTree wanted = LayeredTree.of(upper);
                PendingTree changed = PendingTree.over(lower, draft.directory(), 0)) {
            turn(changed, wanted, "/");
            changed.finish();
            return List.of(new FileTree.Layers(Snapshot.EMPTY.with(draft.commit(Snapshot.EMPTY, changed.contents()))));
        }
    }

    private static Snapshot snapshot(int position, List<FileTree> inputs) {
        if (position == Op.NO_INPUT) {
            return Snapshot.EMPTY;
        }
        return switch (inputs.get(position)) {
            case FileTree.Layers(Snapshot snapshot) -> snapshot;
            case FileTree.HostDirectory _ -> throw new Bug("compare trees: a context has no layers");
        };
    }

    private static void turn(PendingTree changed, LayeredTree wanted, String directory) throws InterruptedException {
        Set<String> names = new HashSet<>();
        for (TreeNode node : wanted.list(directory)) {
            names.add(node.name());
            make(changed, wanted, node);
        }
        changed.flush();
        for (TreeNode node : changed.list(directory)) {
            if (!names.contains(node.name())) {
                changed.remove(node.path());
            }
        }
    }

    private static void make(PendingTree changed, LayeredTree wanted, TreeNode node) throws InterruptedException {
        Optional<TreeNode> before = changed.lstat(node.path());
        if (before.isPresent() && before.get().isDirectory() != node.isDirectory()) {
            changed.remove(node.path());
            before = Optional.empty();
        }
        Attributes attributes = Attributes.of(node);
        switch (node.kind()) {
            case DIRECTORY -> {
                if (before.isEmpty()) {
                    changed.makeDirectory(node.path(), attributes);
                }
                turn(changed, wanted, node.path());
                changed.setDirectory(node.path(), attributes);
            }
            case FILE -> changed.file(node.path(), node, attributes, null, true, null);
            case SYMLINK -> changed.symlink(node.path(), node.target(), attributes);
            case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET ->
                changed.node(node.path(), node.kind(), node.device(), attributes);
        }
    }
}
