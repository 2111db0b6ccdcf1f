package dev.drydock.space;

/**
 * How much of the cache stays, in bytes, 0 where a limit is not set. BuildKit's rules: the cache is brought under {@code
 * maxUsed} and so far down that {@code minFree} bytes of the disk are free, but never under {@code reserved}. Without any
 * limit everything may go.
 */
public record Limits(long reserved, long maxUsed, long minFree) {
    /** Nothing is kept. */
    public static final Limits NONE = new Limits(0, 0, 0);

    boolean isNone() {
        return reserved == 0 && maxUsed == 0 && minFree == 0;
    }

    /**
     * Down to how many bytes the cache must go.
     *
     * @param cache what it takes now
     * @param free what is free on the disk
     */
    long keep(long cache, long free) {
        long keep = maxUsed > 0 ? maxUsed : Long.MAX_VALUE;
        if (minFree == 0 && maxUsed == 0) {
            keep = reserved;
        }
        if (minFree > free) {
            keep = Math.min(keep, Math.max(0, cache - (minFree - free)));
        }
        return Math.max(keep, reserved);
    }
}
