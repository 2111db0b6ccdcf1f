package dev.drydock.frontend;

import dev.drydock.dockerfile.Dockerfile;
import dev.drydock.dockerfile.DockerfileParser;
import dev.drydock.dockerfile.Instruction;
import dev.drydock.dockerfile.WordExpander;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.ImageConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plans the build of a Dockerfile, as BuildKit's own frontend does. Stateless. */
public final class DockerfileFrontend implements Frontend {
    private static final String CHECK = "BUILDKIT_DOCKERFILE_CHECK";
    private static final String EPOCH = "SOURCE_DATE_EPOCH";

    public DockerfileFrontend() {}

    @Override
    public BuildPlan plan(Definition definition, BuildOptions options, Resolver resolver) throws InterruptedException {
        Dockerfile file = DockerfileParser.parse(definition.fileName(), definition.text());
        Lint lint = new Lint(
                options.buildArgs().getOrDefault(CHECK, file.directives().get("check")));
        lint.takeOver(file.findings());

        WordExpander words = WordExpander.withEscape(file.escape());
        List<Instruction.Arg> globalArgs = globalArgs(file);
        String targetStage = targetStage(file, options.target());
        GlobalScope scope = GlobalScope.of(globalArgs, options, options.buildArgs(), targetStage, words);
        StageTable table = StageTable.of(file, scope, words, lint);
        table.checkDefaults(file.instructions(), GlobalScope.of(globalArgs, options, Map.of(), targetStage, words));

        Stage target = table.target(options.target(), file.fileName());
        List<Stage> needed = new StageLinker(table, resolver, options.targetPlatform()).link(target);
        Planning plan = new Planning(options, options.buildArgs(), scope, file.escape(), lint, epoch(options, scope));
        for (Stage stage : needed) {
            carryOut(plan, stage, table.size() == 1);
        }
        lint.failIfAsked();
        return finished(plan, plan.state(target));
    }

    private static List<Instruction.Arg> globalArgs(Dockerfile file) {
        List<Instruction.Arg> args = new ArrayList<>();
        for (Instruction instruction : file.instructions()) {
            if (!(instruction instanceof Instruction.Arg arg)) {
                break;
            }
            args.add(arg);
        }
        return args;
    }

    private static String targetStage(Dockerfile file, @Nullable String target) {
        if (target != null && !target.isEmpty()) {
            return target.toLowerCase(Locale.ROOT);
        }
        String name = null;
        for (Instruction instruction : file.instructions()) {
            if (instruction instanceof Instruction.From from) {
                name = from.name();
            }
        }
        return name == null ? "default" : name;
    }

    private static @Nullable Instant epoch(BuildOptions options, GlobalScope scope) {
        String text = options.buildArgs().getOrDefault(EPOCH, scope.value(EPOCH));
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return Instant.ofEpochSecond(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new UserFault("invalid SOURCE_DATE_EPOCH: " + text, e).hint("Give seconds since 1970 as a number.");
        }
    }

    private static void carryOut(Planning plan, Stage stage, boolean alone) {
        boolean inFile = stage.index() != Stage.NOT_IN_FILE;
        StageState state = StageState.open(plan, stage, alone || !inFile ? "" : stage.title());
        plan.put(stage, state);
        for (Command command : stage.commands()) {
            Dispatch.carryOut(state, command);
        }
    }

    private static BuildPlan finished(Planning plan, StageState target) {
        target.config().labels.putAll(plan.options().labels());
        ImageConfig config = target.config().config();
        GraphAssembly.Assembled assembled = new GraphAssembly(plan.contextOp()).assemble(target.root(), plan.nodes());
        return new BuildPlan(
                assembled.graph(),
                assembled.target(),
                target.baseManifest(),
                config,
                assembled.steps(),
                plan.lint().findings());
    }
}
