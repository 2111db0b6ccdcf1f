package dev.drydock.frontend;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import dev.drydock.graph.BuildGraph;
import dev.drydock.graph.Edge;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Digest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes to vertices, once the build context is known. */
final class GraphAssembly {
    private final Map<Node, Vertex> done = new LinkedHashMap<>(); // inputs before their users
    private final List<Vertex> inOrder = new ArrayList<>();

    record Assembled(BuildGraph graph, @Nullable Edge target, Map<Digest, BuildPlan.Step> steps) {}

    /** {@code written} are all nodes in the order of the Dockerfile; those that the target does not need are left out. */
    Assembled assemble(@Nullable Node target, List<Node> written) {
        Edge edge = target == null ? null : new Edge(vertex(target).digest(), 0);
        Map<Digest, BuildPlan.Step> steps = new LinkedHashMap<>();
        for (Node node : written) {
            Vertex vertex = done.get(node);
            if (vertex != null) {
                steps.putIfAbsent(vertex.digest(), node.step());
            }
        }
        Map<Digest, BuildPlan.Step> merged = new HashMap<>();
        done.forEach((node, vertex) -> merged.merge(vertex.digest(), node.step(), GraphAssembly::both));
        steps.replaceAll(merged::getOrDefault);
        return new Assembled(new BuildGraph(inOrder), edge, steps);
    }

    /** Two equal steps are one; it is shown as the one that is come to last, and runs again if either must. */
    private static BuildPlan.Step both(BuildPlan.Step first, BuildPlan.Step last) {
        return last.ignoreCache() || !first.ignoreCache()
                ? last
                : new BuildPlan.Step(last.name(), last.stage(), last.range(), true);
    }

    /** A node on the way, the inputs that are left to visit, and those that are done. */
    private record Position(Node node, Iterator<Node> left, List<Edge> inputs) {
        static Position at(Node node) {
            return new Position(
                    node,
                    node.inputs().iterator(),
                    new ArrayList<>(node.inputs().size()));
        }
    }

    /** Without recursion: a stage may have more instructions than a stack has room for. */
    private Vertex vertex(Node wanted) {
        Vertex last = done.get(wanted);
        if (last != null) {
            return last;
        }
        Deque<Position> way = new ArrayDeque<>();
        way.push(Position.at(wanted));
        while (true) {
            Position here = way.element();
            if (here.left.hasNext()) {
                Node input = here.left.next();
                Vertex known = done.get(input);
                if (known == null) {
                    way.push(Position.at(input));
                } else {
                    here.inputs.add(new Edge(known.digest(), 0));
                }
                continue;
            }
            Op op = here.node.op();
            if (op instanceof Op.Exec exec && exec.meta().args().isEmpty()) {
                throw nothingToRun(here.node.step().range());
            }
            Vertex vertex = Vertex.of(op, here.inputs);
            done.put(here.node, vertex);
            inOrder.add(vertex);
            way.pop();
            Position user = way.peek();
            if (user == null) {
                return vertex;
            }
            user.inputs.add(new Edge(vertex.digest(), 0));
        }
    }

    /** Said here and not of every instruction, as checks of a file and stages that nobody needs pass over it. */
    private static DrydockException nothingToRun(@Nullable SourceRange range) {
        UserFault fault = new UserFault("failed to marshal LLB definition: arguments are required")
                .hint("RUN [] names no program: write RUN [\"program\", \"argument\"], or take the instruction out.");
        return range == null ? fault : fault.at(range).about("[]").about("RUN");
    }
}
