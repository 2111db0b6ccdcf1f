package dev.drydock.frontend;

import dev.drydock.graph.Op;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A vertex in the making. It has no digest yet because the build context below it is only known when the whole file has
 * been read: which of its paths are wanted is part of its op.
 */
final class Node {
    private final @Nullable Op op;
    private final @Nullable LocalTree local;
    private final List<Node> inputs;
    private final BuildPlan.Step step;

    /** Every node has one output. */
    Node(Op op, List<Node> inputs, BuildPlan.Step step) {
        this.op = op;
        this.local = null;
        this.inputs = List.copyOf(inputs);
        this.step = step;
    }

    /** A directory of the caller's. */
    Node(LocalTree local, BuildPlan.Step step) {
        this.op = null;
        this.local = local;
        this.inputs = List.of();
        this.step = step;
    }

    /** What it does; final for a directory of the caller's only when the whole file was read. */
    Op op() {
        if (op != null) {
            return op;
        }
        if (local == null) {
            throw new IllegalStateException("a node is an op or a directory");
        }
        return local.op();
    }

    List<Node> inputs() {
        return inputs;
    }

    BuildPlan.Step step() {
        return step;
    }
}
