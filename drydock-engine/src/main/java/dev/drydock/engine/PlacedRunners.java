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
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds to every fault of a step the place in the Dockerfile where the step was written. */
final class PlacedRunners implements Runners<FileTree> {
    private final Runners<FileTree> runners;
    /** By the graph's own objects: to compare ops by what is in them takes a while the first time. */
    private final IdentityHashMap<Op, SourceRange> places = new IdentityHashMap<>();

    PlacedRunners(Runners<FileTree> runners, BuildPlan plan) {
        this.runners = runners;
        for (Vertex vertex : plan.graph().vertices()) {
            BuildPlan.Step step = plan.steps().get(vertex.digest());
            if (step != null && step.range() != null) {
                places.putIfAbsent(vertex.op(), step.range());
            }
        }
    }

    @Override
    public <O extends Op> OpRunner<O, FileTree> runner(O op) {
        return new Placed<>(runners.runner(op), places.get(op));
    }

    private record Placed<O extends Op>(
            OpRunner<O, FileTree> runner, @Nullable SourceRange place) implements OpRunner<O, FileTree> {
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
            return at(() -> runner.recipe(op, step));
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
