package dev.drydock.layer;

import java.time.Instant;

/**
 * The times of a layer.
 *
 * @param created when it was made
 * @param latestNs the latest time that one of its entries may have, in nanoseconds since the epoch: what is younger is
 *     given this time in the layer's index and stream, and keeps its own on the disk
 */
public record LayerTimes(Instant created, long latestNs) {
    /** Entries keep their times. */
    public static LayerTimes of(Instant created) {
        return new LayerTimes(created, Long.MAX_VALUE);
    }

    /** No entry is younger than {@code latest}. */
    public static LayerTimes until(Instant latest, Instant created) {
        long seconds =
                Math.clamp(latest.getEpochSecond(), Long.MIN_VALUE / 2_000_000_000L, Long.MAX_VALUE / 2_000_000_000L);
        return new LayerTimes(created, seconds * 1_000_000_000L + latest.getNano());
    }
}
