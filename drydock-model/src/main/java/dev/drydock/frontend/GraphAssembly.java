package dev.drydock.frontend;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import dev.drydock.graph.BuildGraph;
import dev.drydock.graph.Edge;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes to vertices, once the build context is known. */
final class GraphAssembly {
    private final Map<Node, Vertex> done = new HashMap<>();
    private final List<Vertex> inOrder = new ArrayList<>();

    record Assembled(BuildGraph graph, @Nullable Edge target, Map<Digest, BuildPlan.Step> steps) {}

    /** {@code written} are all nodes in the order of the Dockerfile; those that the target does not need are left out. */
    Assembled assemble(@Nullable Node target, List<Node> written) {
        Edge edge = target == null ? null : new Edge(vertex(target).digest(), 0);
        Map<Digest, BuildPlan.Step> steps = new LinkedHashMap<>();
        for (Node node : written) {
            Vertex vertex = done.get(node);
            if (vertex != null) {
                steps.merge(vertex.digest(), node.step(), GraphAssembly::both);
            }
        }
        return new Assembled(new BuildGraph(inOrder), edge, steps);
    }

    /** Two equal steps are one; it is shown as the first and runs again if either must. */
    private static BuildPlan.Step both(BuildPlan.Step first, BuildPlan.Step second) {
        return first.ignoreCache() || !second.ignoreCache()
                ? first
                : new BuildPlan.Step(first.name(), first.stage(), first.range(), true);
    }

    private Vertex vertex(Node node) {
        Vertex known = done.get(node);
        if (known != null) {
            return known;
        }
        List<Edge> inputs = new ArrayList<>(node.inputs().size());
        for (Node input : node.inputs()) {
            inputs.add(new Edge(vertex(input).digest(), 0));
        }
        Op op = node.op();
        if (op instanceof Op.Exec exec && exec.meta().args().isEmpty()) {
            throw nothingToRun(node.step().range());
        }
        Vertex vertex = Vertex.of(op, inputs);
        done.put(node, vertex);
        inOrder.add(vertex);
        return vertex;
    }

    /** Said here and not of every instruction, as checks of a file and stages that nobody needs pass over it. */
    private static DrydockException nothingToRun(@Nullable SourceRange range) {
        UserFault fault = new UserFault("failed to marshal LLB definition: arguments are required")
                .hint("RUN [] names no program: write RUN [\"program\", \"argument\"], or take the instruction out.");
        return range == null ? fault : fault.at(range);
    }
}
