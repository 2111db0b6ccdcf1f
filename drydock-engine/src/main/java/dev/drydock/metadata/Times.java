package dev.drydock.metadata;

import java.time.Instant;

/** Instants as the database keeps them: nanoseconds since 1970. Those beyond 1677 and 2262 become the nearest. */
public final class Times {
    private static final long SECOND = 1_000_000_000L;

    private Times() {}

    /** For a column. */
    public static long nanos(Instant instant) {
        try {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), SECOND), instant.getNano());
        } catch (ArithmeticException e) {
            return instant.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** From a column. */
    public static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND), Math.floorMod(nanos, SECOND));
    }
}
