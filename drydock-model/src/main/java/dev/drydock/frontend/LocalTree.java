package dev.drydock.frontend;

import dev.drydock.graph.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** A directory of the caller's, and which of its paths the plan wants. */
final class LocalTree {
    private final String name;
    private final List<String> ignorePatterns;
    private final TreeSet<String> paths = new TreeSet<>();
    private final Node node;

    LocalTree(String name, List<String> ignorePatterns, BuildPlan.Step step) {
        this.name = name;
        this.ignorePatterns = ignorePatterns;
        this.node = new Node(this, step);
    }

    /** Its node; {@code path} of it is wanted: absolute, wildcards allowed. */
    Node wanting(String path) {
        // a path with ** may be anything below the part before it
        int anyDepth = path.indexOf("**");
        paths.add(anyDepth < 0 ? path : UnixPath.clean(path.substring(0, anyDepth) + "/.."));
        return node;
    }

    /** Its op, once everything was read. */
    Op.Local op() {
        List<String> wanted = new ArrayList<>();
        if (!paths.contains("/")) {
            for (String path : paths) {
                wanted.add(path.substring(1));
            }
        }
        return new Op.Local(name, ignorePatterns, wanted);
    }
}
