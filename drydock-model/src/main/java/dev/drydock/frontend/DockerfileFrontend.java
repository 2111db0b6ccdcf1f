package dev.drydock.frontend;

import dev.drydock.dockerfile.Finding;
import dev.drydock.oci.ImageConfig;
import java.util.function.Consumer;

/** Plans the build of a Dockerfile, as BuildKit's own frontend does. Stateless. */
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
}
