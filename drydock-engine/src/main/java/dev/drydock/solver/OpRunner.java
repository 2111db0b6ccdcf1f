package dev.drydock.solver;

import dev.drydock.graph.Op;
import dev.drydock.oci.Digest;
import java.util.List;

/**
 * Answers for one kind of op: how is it keyed, how is it run. It decides nothing about caching or order.
 *
 * @param <O> the kind of op
 * @param <R> the result, one for each output of a vertex
 */
public interface OpRunner<O extends Op, R> {
    /**
     * Which facts name the result. May block: to ask a server what it has today, and to fetch it if only its content tells.
     *
     * @param step takes progress of what is worth showing
     */
    KeyRecipe recipe(O op, StepContext step) throws InterruptedException;

    /** The digest of what {@code selections} see of an input's content. */
    Digest contentDigest(O op, R input, List<Object> selections) throws InterruptedException;

    /** Does the work. Results come in the order of the vertex's outputs. */
    List<R> run(O op, List<R> inputs, StepContext step) throws InterruptedException;
}
