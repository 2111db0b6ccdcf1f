package dev.drydock.house;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Waits for what the kernel, another process or another thread brings about by itself. However busy the machine is, the wait
 * is long enough; it is shorter than what tests let sleep that must be ended, so nothing passes that was only waited for.
 */
public final class Eventually {
    private static final long PATIENCE = Duration.ofMinutes(2).toNanos();
    private static final long PAUSE_MILLIS = 20;

    private Eventually() {}

    /** What must come to pass. */
    @FunctionalInterface
    public interface Claim {
        void check() throws Exception;
    }

    /** Looks again and again until the claim's assertions hold; the failure is that of the last look. */
    public static void holds(Claim claim) throws Exception {
        long deadline = System.nanoTime() + PATIENCE;
        while (true) {
            try {
                claim.check();
                return;
            } catch (AssertionError notYet) {
                if (System.nanoTime() > deadline) {
                    throw notYet;
                }
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }
}
