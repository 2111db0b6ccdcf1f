package dev.drydock.frontend;

import dev.drydock.dockerfile.CheckOptions;
import dev.drydock.dockerfile.Checks;
import dev.drydock.dockerfile.Directive;
import dev.drydock.dockerfile.Dockerfile;
import dev.drydock.dockerfile.DockerfileParser;
import dev.drydock.dockerfile.Finding;
import dev.drydock.dockerfile.Instruction;
import dev.drydock.dockerfile.WordExpander;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import dev.drydock.frontend.Frontend.Definition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Dockerfile whose stages were carried out, on paper: what plans, checks and outlines are made from.
 *
 * @param planning what all stages share
 * @param target the stage that was asked for
 */
record Evaluation(Planning planning, Stage target) {
    private static final String CHECK = "BUILDKIT_DOCKERFILE_CHECK";

    /** Which stages are carried out. */
    enum Extent {
        /** The target and what it needs. */
        TARGET,
        /** Every stage of the file. */
        FILE
    }

    static Evaluation of(
            Definition definition, BuildOptions options, Resolver resolver, Consumer<Finding> findings, Extent extent)
            throws InterruptedException {
        FrontendImage.require(definition, options.buildArgs());
        Checks checks = Checks.of(checkOptions(definition, options), findings);
        Dockerfile file = DockerfileParser.parse(definition.fileName(), definition.text(), checks);
        WordExpander words = WordExpander.withEscape(file.escape());
        List<Instruction.Arg> globalArgs = globalArgs(file);
        String targetStage = targetStage(file, options.target());
        defaults(file, globalArgs, options, targetStage, words, checks);
        GlobalScope scope = GlobalScope.of(globalArgs, options, options.buildArgs(), targetStage, words);
        Map<String, String> buildArgs = options.buildArgs();
        Instant epoch = SourceDateEpoch.of(file.instructions(), options, scope, words, resolver);
        if (SourceDateEpoch.isName(options, scope)) {
            buildArgs = scope.resolveEpoch(epoch, buildArgs);
        }
        StageTable table = StageTable.of(file, scope, words, checks, options);

        Stage target = table.target(options.target(), file.fileName());
        List<Stage> wanted = extent == Extent.FILE ? table.stages() : List.of(target);
        List<Stage> needed = new StageLinker(table, resolver, options).link(wanted);
        Planning plan = new Planning(options, buildArgs, scope, file.escape(), checks, epoch);
        plan.expect(needed, target);
        boolean alone = table.isAlone();
        for (Stage stage : needed) {
            carryOut(plan, stage, alone);
        }
        checks.failIfAsked();
        return new Evaluation(plan, target);
    }

    /** The target's state after its last instruction. */
    StageState state() {
        return planning.state(target);
    }

    private static CheckOptions checkOptions(Definition definition, BuildOptions options) {
        String argument = options.buildArgs().get(CHECK);
        if (argument != null) {
            return parsed(argument, "failed to parse build-arg:" + CHECK + ": ", null);
        }
        Directive directive = Directive.check(definition.text());
        return directive == null
                ? CheckOptions.USUAL
                : parsed(
                        directive.firstWord(),
                        "failed to parse check options: ",
                        SourceRange.lines(definition.fileName(), directive.line(), directive.line()));
    }

    private static CheckOptions parsed(String text, String prefix, @Nullable SourceRange place) {
        try {
            return CheckOptions.parse(text);
        } catch (UserFault fault) {
            throw place == null ? Faults.prefixed(prefix, fault) : Faults.prefixed(prefix, fault.at(place));
        }
    }

    private static void defaults(
            Dockerfile file,
            List<Instruction.Arg> globalArgs,
            BuildOptions options,
            String targetStage,
            WordExpander words,
            Checks checks) {
        GlobalScope scope;
        try {
            scope = GlobalScope.of(globalArgs, options, Map.of(), targetStage, words);
        } catch (UserFault noDefaults) {
            return; // the build will most likely fail for the same reason
        }
        FromRules.defaults(file.instructions(), scope, words, checks);
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
            return target;
        }
        String name = null;
        for (Instruction instruction : file.instructions()) {
            if (instruction instanceof Instruction.From from) {
                name = from.name();
            }
        }
        return name == null ? "default" : name;
    }

    private static void carryOut(Planning plan, Stage stage, boolean alone) {
        boolean inFile = stage.index() != Stage.NOT_IN_FILE;
        StageState state = StageState.open(plan, stage, alone || !inFile ? "" : stage.title());
        plan.put(stage, state);
        for (Command command : stage.commands()) {
            Dispatch.carryOut(state, command);
        }
    }
}
