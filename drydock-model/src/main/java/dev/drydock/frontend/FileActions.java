package dev.drydock.frontend;

import dev.drydock.graph.FileAction;
import dev.drydock.graph.Op;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A chain of file actions over one tree: each works on the result of the one before. */
final class FileActions {
    private final int base;
    private final NodeInputs inputs = new NodeInputs();
    private final List<Draft> drafts = new ArrayList<>();

    /** An action whose place in the chain is not known yet. */
    interface Draft {
        FileAction at(int input, int output);
    }

    /** {@code base} is the tree that is changed, null for an empty one. */
    FileActions(@Nullable Node base) {
        this.base = inputs.position(base);
    }

    /** Position of the tree that is changed, before any action: names of owners are looked up there. */
    int base() {
        return base;
    }

    /** Position of a tree that is copied from. */
    int source(@Nullable Node node) {
        return inputs.position(node);
    }

    void add(Draft draft) {
        drafts.add(draft);
    }

    Node node(BuildPlan.Step step) {
        List<FileAction> actions = new ArrayList<>(drafts.size());
        for (int i = 0; i < drafts.size(); i++) {
            int input = i == 0 ? base : inputs.size() + i - 1;
            actions.add(drafts.get(i).at(input, i == drafts.size() - 1 ? 0 : -1));
        }
        return new Node(new Op.Files(actions), inputs.nodes(), step);
    }
}
