package dev.drydock.engine;

/**
 * What bringing a store under its ceiling did.
 *
 * @param bytes what it freed
 * @param total what the store takes now; 0 if it needed no measuring
 * @param over whether that is still more than the ceiling, because images and running work need it
 */
public record Collected(long bytes, long total, boolean over) {}
