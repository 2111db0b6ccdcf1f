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
    private final List<Node> inputs;
    private final BuildPlan.Step step;

    /** {@code op} is null for the build context. Every node has one output. */
    Node(@Nullable Op op, List<Node> inputs, BuildPlan.Step step) {
        this.op = op;
        this.inputs = List.copyOf(inputs);
        this.step = step;
    }

    /** Null for the build context. */
    @Nullable
    Op op() {
        return op;
    }

    List<Node> inputs() {
        return inputs;
    }

    BuildPlan.Step step() {
        return step;
    }
}
