package dev.drydock.ops;

import dev.drydock.fault.Bug;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.solver.InputRule;
import dev.drydock.solver.KeyRecipe;
import dev.drydock.solver.OpRunner;
import dev.drydock.solver.StepContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Puts the layers of trees on top of each other; no file is touched. */
public final class MergeRunner implements OpRunner<Op.Merge, FileTree> {
    private static final int MOST = 64;

    @Override
    public KeyRecipe recipe(Op.Merge op, StepContext step) {
        // How many inputs there are only the vertex knows; every one of them matters as a whole.
        List<InputRule> rules = Collections.nCopies(MOST, new InputRule.ByKey());
        return new KeyRecipe(Vertex.of(op, List.of()).digest(), rules, Map.of());
    }

    @Override
    public Digest contentDigest(Op.Merge op, FileTree input, List<Object> selections) {
        throw new Bug("digest input of a merge: it is named by its key");
    }

    @Override
    public List<FileTree> run(Op.Merge op, List<FileTree> inputs, StepContext step) {
        List<Layer> layers = new ArrayList<>();
        for (FileTree input : inputs) {
            switch (input) {
                case FileTree.Layers(Snapshot snapshot) -> layers.addAll(snapshot.layers());
                case FileTree.HostDirectory _ -> throw new Bug("merge trees: a context has no layers");
            }
        }
        return List.of(new FileTree.Layers(new Snapshot(layers)));
    }
}
