package dev.drydock.frontend;

import dev.drydock.dockerfile.Checks;
import dev.drydock.dockerfile.WordExpander;
import dev.drydock.ignore.IgnoreMatcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    /** How many stages still start from each; the target's state is wanted in the end. */
    private final Map<Stage, Integer> children = new HashMap<>();

    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, LocalTree> locals = new HashMap<>();
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

    /** The stages that will be carried out, and the one whose state is wanted in the end. */
    void expect(List<Stage> stages, Stage target) {
        for (Stage stage : stages) {
            if (stage.base() != null) {
                children.merge(stage.base(), 1, Integer::sum);
            }
        }
        children.merge(target, 1, Integer::sum);
    }

    /** To be asked once for each stage that starts from {@code base}: whether no other will. */
    boolean isLastChildOf(Stage base) {
        return children.merge(base, -1, Integer::sum) == 0;
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
        return local(CONTEXT, options.ignorePatterns(), "[internal] load build context", path);
    }

    /** A named context that is a directory, of which {@code path} is wanted. */
    Node named(NamedContexts.Named named, NamedContext.Local context, String path) {
        return local(
                named.localName(), context.ignorePatterns(), "[context " + named.name() + "] load from client", path);
    }

    private Node local(String name, List<String> ignorePatterns, String step, String path) {
        LocalTree tree = locals.get(name);
        if (tree == null) {
            tree = new LocalTree(name, ignorePatterns, new BuildPlan.Step(step, "", null, false));
            locals.put(name, tree);
            add(tree.wanting(path));
        }
        return tree.wanting(path);
    }

    /** The tree that {@code --from} means, of which {@code path} is wanted; null for an empty one. */
    @Nullable
    Node tree(Stage from, String path) {
        NamedContexts.Named named = from.context();
        return named != null && from.index() == Stage.NOT_IN_FILE && named.context() instanceof NamedContext.Local local
                ? named(named, local, path)
                : state(from).root();
    }
}
