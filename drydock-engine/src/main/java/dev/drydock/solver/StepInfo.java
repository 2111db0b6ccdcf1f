package dev.drydock.solver;

/**
 * What the solver needs to know of a vertex beside its op.
 *
 * @param name as shown
 * @param step to find its earlier results
 * @param ignoreCache it runs whatever the cache holds
 */
public record StepInfo(String name, ResultCache.Step step, boolean ignoreCache) {}
