package dev.drydock.frontend;

import dev.drydock.graph.Op;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The inputs of one node: each once, in the order of first use. */
final class NodeInputs {
    private final List<Node> nodes = new ArrayList<>();

    /** The node's position; scratch, which is null, has none. */
    int position(@Nullable Node node) {
        if (node == null) {
            return Op.NO_INPUT;
        }
        int known = nodes.indexOf(node);
        if (known >= 0) {
            return known;
        }
        nodes.add(node);
        return nodes.size() - 1;
    }

    int size() {
        return nodes.size();
    }

    List<Node> nodes() {
        return nodes;
    }
}
