package dev.drydock.engine;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.SourceRange;
import dev.drydock.frontend.BuildPlan;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Digest;
import dev.drydock.ops.FileTree;
import dev.drydock.solver.KeyRecipe;
import dev.drydock.solver.OpRunner;
import dev.drydock.solver.Runners;
import dev.drydock.solver.StepContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds to every fault of a step the place in the Dockerfile where the step was written, and to every key the time that
 * layers are clamped to: layers of another time are other layers.
 */
final class PlacedRunners implements Runners<FileTree> {
    private final Runners<FileTree> runners;
    /** By the graph's own objects: to compare ops by what is in them takes a while the first time. */
    private final IdentityHashMap<Op, SourceRange> places = new IdentityHashMap<>();

    private final @Nullable Instant epoch;

    PlacedRunners(Runners<FileTree> runners, BuildPlan plan) {
        this.runners = runners;
        this.epoch = plan.config().created();
        for (Vertex vertex : plan.graph().vertices()) {
            BuildPlan.Step step = plan.steps().get(vertex.digest());
            if (step != null && step.range() != null) {
                places.putIfAbsent(vertex.op(), step.range());
            }
        }
    }

    @Override
    public <O extends Op> OpRunner<O, FileTree> runner(O op) {
        return new Placed<>(runners.runner(op), places.get(op), epoch);
    }

    private record Placed<O extends Op>(
            OpRunner<O, FileTree> runner,
            @Nullable SourceRange place,
            @Nullable Instant epoch) implements OpRunner<O, FileTree> {
        /** Work that may fail. */
        private interface Work<T> {
            T run() throws InterruptedException;
        }

        private <T> T at(Work<T> work) throws InterruptedException {
            try {
                return work.run();
            } catch (DrydockException fault) {
                throw place == null ? fault : fault.at(place);
            }
        }

        @Override
        public KeyRecipe recipe(O op, StepContext step) throws InterruptedException {
            KeyRecipe recipe = at(() -> runner.recipe(op, step));
            if (epoch == null || recipe.keeping() != KeyRecipe.Keeping.RECORDED) {
                return recipe;
            }
            String seconds = Long.toString(epoch.getEpochSecond());
            Map<String, String> parts = new LinkedHashMap<>(recipe.parts());
            parts.put("SOURCE_DATE_EPOCH", seconds);
            Digest clamped =
                    Digest.of((recipe.op() + "\nSOURCE_DATE_EPOCH " + seconds).getBytes(StandardCharsets.UTF_8));
            return new KeyRecipe(clamped, recipe.inputs(), parts);
        }

        @Override
        public Digest contentDigest(O op, FileTree input, List<Object> selections) throws InterruptedException {
            return at(() -> runner.contentDigest(op, input, selections));
        }

        @Override
        public List<FileTree> run(O op, List<FileTree> inputs, StepContext step) throws InterruptedException {
            return at(() -> runner.run(op, inputs, step));
        }
    }
}
