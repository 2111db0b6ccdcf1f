package dev.drydock.solver;

import dev.drydock.graph.Op;

/**
 * Finds the runner for an op.
 *
 * @param <R> the result
 */
@FunctionalInterface
public interface Runners<R> {
    <O extends Op> OpRunner<O, R> runner(O op);
}
