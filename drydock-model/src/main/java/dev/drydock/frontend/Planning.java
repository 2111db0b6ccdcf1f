package dev.drydock.frontend;

import dev.drydock.dockerfile.Checks;
import dev.drydock.dockerfile.WordExpander;
import dev.drydock.graph.Op;
import dev.drydock.ignore.IgnoreMatcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What all stages of one plan share. */
final class Planning {
    private static final String CONTEXT = "context";

    private final BuildOptions options;
    private final Map<String, String> buildArgs;
    private final GlobalScope scope;
    private final WordExpander words;
    private final WordExpander stepNames;
    private final Checks checks;
    private final @Nullable Instant epoch;

    private final Map<Stage, StageState> states = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final TreeSet<String> contextPaths = new TreeSet<>();
    private @Nullable Node context;
    private @Nullable IgnoreMatcher ignored;

    Planning(
            BuildOptions options,
            Map<String, String> buildArgs,
            GlobalScope scope,
            char escape,
            Checks checks,
            @Nullable Instant epoch) {
        this.options = options;
        this.buildArgs = buildArgs;
        this.scope = scope;
        this.words = WordExpander.withEscape(escape);
        this.stepNames = WordExpander.forStepNames(escape);
        this.checks = checks;
        this.epoch = epoch;
    }

    BuildOptions options() {
        return options;
    }

    /** {@code --build-arg}s. */
    Map<String, String> buildArgs() {
        return buildArgs;
    }

    GlobalScope scope() {
        return scope;
    }

    WordExpander words() {
        return words;
    }

    /** Leaves quotes and unknown variables as they are. */
    WordExpander stepNames() {
        return stepNames;
    }

    Checks checks() {
        return checks;
    }

    /** What the ignore file hides. */
    IgnoreMatcher ignored() {
        if (ignored == null) {
            ignored = IgnoreMatcher.of(options.ignorePatterns());
        }
        return ignored;
    }

    /** SOURCE_DATE_EPOCH. */
    @Nullable
    Instant epoch() {
        return epoch;
    }

    /** Seconds of {@link #epoch()}, or -1. */
    long epochSeconds() {
        return epoch == null ? -1 : epoch.getEpochSecond();
    }

    void put(Stage stage, StageState state) {
        states.put(stage, state);
    }

    StageState state(Stage stage) {
        StageState state = states.get(stage);
        if (state == null) {
            throw new IllegalStateException("stage " + stage.title() + " is used before it was carried out");
        }
        return state;
    }

    /** Remembers that {@code node} was written here. */
    Node add(Node node) {
        nodes.add(node);
        return node;
    }

    List<Node> nodes() {
        return nodes;
    }

    /** The build context, of which {@code path} is wanted: absolute, wildcards allowed. */
    Node context(String path) {
        contextPaths.add(path);
        if (context == null) {
            context = add(
                    new Node(null, List.of(), new BuildPlan.Step("[internal] load build context", "", null, false)));
        }
        return context;
    }

    /** The build context's op, once everything was read. */
    Op.Local contextOp() {
        List<String> wanted = new ArrayList<>();
        if (!contextPaths.contains("/")) {
            for (String path : contextPaths) {
                wanted.add(path.substring(1));
            }
        }
        return new Op.Local(CONTEXT, options.ignorePatterns(), wanted);
    }
}
