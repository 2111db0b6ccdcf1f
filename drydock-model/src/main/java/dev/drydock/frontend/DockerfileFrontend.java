package dev.drydock.frontend;

import dev.drydock.dockerfile.Dockerfile;
import dev.drydock.dockerfile.DockerfileParser;
import dev.drydock.dockerfile.Finding;
import dev.drydock.dockerfile.Instruction;
import dev.drydock.fault.Bug;
import dev.drydock.fault.DrydockException;
import dev.drydock.oci.ImageConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Plans the build of a Dockerfile and answers questions about it, as BuildKit's own frontend does. Stateless. */
public final class DockerfileFrontend implements Frontend {
    public DockerfileFrontend() {}

    @Override
    public BuildPlan plan(Definition definition, BuildOptions options, Resolver resolver, Consumer<Finding> findings)
            throws InterruptedException {
        Evaluation done = Evaluation.of(definition, options, resolver, findings, Evaluation.Extent.TARGET);
        StageState target = done.state();
        target.config().labels.putAll(options.labels());
        ImageConfig config = target.config().config();
        Planning plan = done.planning();
        GraphAssembly.Assembled assembled = new GraphAssembly().assemble(target.root(), plan.nodes());
        return new BuildPlan(assembled.graph(), assembled.target(), target.baseManifest(), config, assembled.steps());
    }

    /** Makes the checks: of the target and what it needs, or of every stage if the options name no target. */
    public CheckReport check(Definition definition, BuildOptions options, Resolver resolver)
            throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        String target = options.target();
        Evaluation.Extent extent =
                target == null || target.isEmpty() ? Evaluation.Extent.FILE : Evaluation.Extent.TARGET;
        DrydockException fault = null;
        try {
            Evaluation.of(definition, options, resolver, findings::add, extent);
        } catch (Bug bug) {
            throw bug;
        } catch (DrydockException e) {
            fault = e;
        }
        return new CheckReport(findings, fault);
    }

    /** Tells what a build of the target can be told. */
    public Outline outline(Definition definition, BuildOptions options, Resolver resolver) throws InterruptedException {
        Evaluation done = Evaluation.of(definition, options, resolver, _ -> {}, Evaluation.Extent.TARGET);
        return OutlineWalk.of(done.planning(), done.target());
    }

    /** Every stage, in the order of the file. */
    public List<BuildTarget> targets(Definition definition, BuildOptions options) {
        FrontendImage.require(definition, options.buildArgs());
        Dockerfile file = DockerfileParser.parse(definition.fileName(), definition.text());
        List<Instruction.From> stages = file.instructions().stream()
                .filter(Instruction.From.class::isInstance)
                .map(Instruction.From.class::cast)
                .toList();
        List<BuildTarget> targets = new ArrayList<>();
        for (Instruction.From from : stages) {
            targets.add(new BuildTarget(
                    orEmpty(from.name()),
                    targets.size() == stages.size() - 1,
                    Descriptions.of(from.written().comments(), from.name()),
                    from.base(),
                    orEmpty(from.platform()),
                    from.range()));
        }
        return targets;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
