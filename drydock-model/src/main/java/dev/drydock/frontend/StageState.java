package dev.drydock.frontend;

import dev.drydock.dockerfile.WordExpander;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import dev.drydock.graph.FileAction;
import dev.drydock.graph.Op;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.Platform;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A stage while its instructions are carried out: the tree so far, the config and the variables. */
final class StageState {
    private final Planning plan;
    private final Stage stage;
    private final String label;
    private final Platform platform;
    private final ConfigDraft config;
    private final SequencedMap<String, String> env;
    private final Map<String, String> args;
    private final StageRules rules;
    private final StageFacts facts = new StageFacts();
    private boolean baseIsSeen = true;
    private boolean envIsImages = true; // its last ones are the image's, in the image's order
    private final int steps;
    private final @Nullable Digest baseManifest;

    private @Nullable Node root;
    private int step;
    private boolean workdirSet;

    private StageState(
            Planning plan,
            Stage stage,
            String label,
            Platform platform,
            ImageConfig base,
            Platform configPlatform,
            @Nullable Digest baseManifest) {
        this(
                plan,
                stage,
                label,
                platform,
                new ConfigDraft(base, configPlatform, plan.epoch()),
                baseManifest,
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
        config.allEnv(env);
    }

    private StageState(
            Planning plan,
            Stage stage,
            String label,
            Platform platform,
            ConfigDraft config,
            @Nullable Digest baseManifest,
            SequencedMap<String, String> env,
            Map<String, String> args) {
        this.plan = plan;
        this.stage = stage;
        this.label = label;
        this.platform = platform;
        this.baseManifest = baseManifest;
        this.rules = new StageRules(plan.checks());
        this.facts.used.addAll(stage.usedArgs());
        this.config = config;
        this.env = env;
        this.args = args;
        this.steps = stage.stepCount();
    }

    /** Starts a stage; {@code label} is how steps call it, empty in a file of one stage. */
    static StageState open(Planning plan, Stage stage, String label) {
        Stage base = stage.base();
        if (base != null) {
            return fromStage(plan, stage, label, plan.state(base), plan.isLastChildOf(base));
        }
        // scratch is of the target's platform, whatever --platform says
        Platform target = plan.options().targetPlatform();
        StageState state = stage.needsImage()
                ? fromImage(plan, stage, label, stage.platform() == null ? target : stage.platform())
                : new StageState(plan, stage, label, target, ConfigDraft.scratch(target), target, null);
        state.startFromContext();
        return state;
    }

    /** {@code last}: what is large is then taken over from the base, which is not opened again. */
    private static StageState fromStage(Planning plan, Stage stage, String label, StageState from, boolean last) {
        StageState state = new StageState(
                plan,
                stage,
                label,
                from.platform,
                from.config.child(last),
                from.baseManifest,
                last ? from.env : new LinkedHashMap<>(from.env),
                last ? from.args : new LinkedHashMap<>(from.args));
        state.root = from.root;
        state.workdirSet = from.workdirSet;
        state.baseIsSeen = from.baseIsSeen;
        if (!from.envIsImages) {
            state.config.allEnv(state.env); // an ARG above counts there no more where the image has that variable
        }
        return state;
    }

    private static StageState fromImage(Planning plan, Stage stage, String label, Platform wanted) {
        Resolver.ResolvedImage image = StageLinker.imageOf(stage);
        String reference = image.reference().withDefaultTag().toString();
        boolean seen = !image.isUnseen();
        Platform pulled = image.config().platform();
        boolean known = !pulled.os().isEmpty() && !pulled.architecture().isEmpty();
        if (known && stage.context() == null) {
            FromRules.basePlatform(stage.baseName(), wanted, pulled, stage.place(), plan.checks());
        }
        StageState state = seen
                ? new StageState(plan, stage, label, wanted, image.config(), known ? pulled : wanted, image.manifest())
                : new StageState(plan, stage, label, wanted, ConfigDraft.scratch(wanted), wanted, null);
        state.baseIsSeen = seen;
        String name = stage.index() == Stage.NOT_IN_FILE ? "FROM " + reference : state.numbered("FROM " + reference);
        state.root = plan.add(new Node(
                new Op.Image(reference, image.manifest(), wanted),
                List.of(),
                new BuildPlan.Step(name, state.stageKey(), stage.place(), false)));
        return state;
    }

    /** A named context under the stage is its root, and its first layer. */
    private void startFromContext() {
        NamedContexts.Named named = stage.context();
        if (named == null || named.context() instanceof NamedContext.Image) {
            return;
        }
        String title = "[context " + named.name() + "] ";
        root = switch (named.context()) {
            case NamedContext.Local local -> stage.index() == Stage.NOT_IN_FILE ? null : copied(named, local, title);
            case NamedContext.Repository(GitSource source) -> source(source.op(), title + source.remote());
            case NamedContext.Web(String url) -> source(new Op.Http(url, null, "context", 0600, 0, 0), title + url);
            case NamedContext.Image _ -> throw new IllegalStateException("an image is a base like any other");
        };
        if (stage.index() != Stage.NOT_IN_FILE) {
            config.untoldLayer();
        }
    }

    private Node source(Op op, String name) {
        return plan.add(new Node(op, List.of(), cacheableStep(name.replaceFirst("://[^/]*@", "://"), stage.place())));
    }

    /** Steps work on layers, so a directory of the caller's becomes one first. */
    private Node copied(NamedContexts.Named named, NamedContext.Local local, String title) {
        Node files = plan.named(named, local, "/");
        FileActions actions = new FileActions(null);
        int from = actions.source(files);
        actions.add((input, output) -> new FileAction.Copy(
                input, from, output, "/", "/", null, null, false, true, false, true, false, false, -1, List.of(),
                List.of(), false, List.of()));
        return plan.add(actions.node(cacheableStep(title + "copy / /", stage.place())));
    }

    Planning plan() {
        return plan;
    }

    Stage stage() {
        return stage;
    }

    /** For which platform its steps run. */
    Platform platform() {
        return platform;
    }

    ConfigDraft config() {
        return config;
    }

    /** The manifest of the image at the bottom, null for scratch. */
    @Nullable
    Digest baseManifest() {
        return baseManifest;
    }

    /** The tree so far, null for an empty one. */
    @Nullable
    Node root() {
        return root;
    }

    void root(Node node) {
        this.root = node;
    }

    /** Variables of RUN and of words: ENV and ARG together, the last writer wins. */
    Map<String, String> env() {
        return env;
    }

    /** Sets a variable for the rest of the stage that does not go into the image. */
    void argument(String name, String value) {
        env.putLast(name, value);
        envIsImages = false;
    }

    /** Sets a variable of the image. A process has it last of all, while the image keeps its place. */
    void variable(String name, String value) {
        envIsImages &= !config.hasEnv(name);
        env.putLast(name, value);
        config.setEnv(name, value);
    }

    /** Declared ARGs with their values, empty if they have none. */
    Map<String, String> args() {
        return args;
    }

    /** Whether a WORKDIR came before, in this stage or those it starts from. */
    boolean workdirSet() {
        return workdirSet;
    }

    void workdirIsSet() {
        workdirSet = true;
    }

    /** Expands a word, with a finding for each variable that nothing sets. */
    String expand(String word, Command command) {
        return expand(plan.words(), word, command);
    }

    /** As {@link #expand(String, Command)}, in another way. What is not set is reported also if it makes a fault. */
    String expand(WordExpander words, String word, Command command) {
        Set<String> missing = new LinkedHashSet<>();
        try {
            return words.expand(word, name -> {
                        String value = env.get(name);
                        if (value == null && !name.isEmpty()) {
                            missing.add(name);
                        }
                        return value;
                    })
                    .value();
        } finally {
            reportUnset(missing, command);
        }
    }

    private void reportUnset(Set<String> names, Command command) {
        if (!baseIsSeen) {
            return; // an image that nobody looked at may set them
        }
        List<String> undeclared =
                names.stream().filter(name -> !args.containsKey(name)).toList();
        rules.undefined(undeclared, env.keySet(), command);
    }

    /** What it makes use of. */
    StageFacts facts() {
        return facts;
    }

    /** The checks of this stage's instructions. */
    StageRules rules() {
        return rules;
    }

    /** Whether {@code --no-cache} is about this stage. */
    private boolean ignoreCache() {
        if (plan.options().noCache()) {
            return true;
        }
        return plan.options().noCacheStages().stream().anyMatch(name -> name.equalsIgnoreCase(stage.title()));
    }

    /** How the plan names the stage. */
    String stageKey() {
        if (stage.index() == Stage.NOT_IN_FILE) {
            return "";
        }
        return stage.name() == null ? Integer.toString(stage.index()) : stage.name();
    }

    /** The next step's number and the instruction as the build sees it: expanded, and without quotes. */
    String stepName(String text, Command command) {
        return stepName(plan.words(), text, command, env);
    }

    /** As {@link #stepName(String, Command)}, of a text that is the shell's: quotes and what is not set stay. */
    String shellStepName(String text, Command command, Map<String, String> variables) {
        return stepName(plan.stepNames(), text, command, variables);
    }

    private String stepName(WordExpander words, String text, Command command, Map<String, String> variables) {
        String shown;
        try {
            shown = words.expand(text, variables::get).value();
        } catch (UserFault notExpandable) {
            shown = text; // what is no word of ours is shown as it stands
        }
        int blank = shown.indexOf(' ');
        String upper = blank < 0
                ? shown.toUpperCase(Locale.ROOT)
                : shown.substring(0, blank).toUpperCase(Locale.ROOT) + shown.substring(blank);
        return numbered((command.onBuild() ? "ONBUILD " : "") + upper);
    }

    private String numbered(String text) {
        step++;
        String total = Integer.toString(steps);
        String number = Integer.toString(step);
        return "[" + (label.isEmpty() ? "" : label + " ") + " ".repeat(Math.max(0, total.length() - number.length()))
                + number + "/" + total + "] " + text;
    }

    /** The step of an instruction that runs again under {@code --no-cache}. */
    BuildPlan.Step step(String name, SourceRange place) {
        return new BuildPlan.Step(name, stageKey(), place, ignoreCache());
    }

    /** The step of an instruction that {@code --no-cache} leaves alone. */
    BuildPlan.Step cacheableStep(String name, SourceRange place) {
        return new BuildPlan.Step(name, stageKey(), place, false);
    }
}
