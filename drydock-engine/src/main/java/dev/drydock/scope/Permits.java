package dev.drydock.scope;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** A limit on how many do one kind of work at a time, first come first served. Take a permit around the work only. */
public final class Permits {
    private final Semaphore semaphore;

    /** At most {@code limit} at a time. */
    public Permits(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit " + limit);
        }
        semaphore = new Semaphore(limit, true);
    }

    /** Waits for a permit. The caller closes it. */
    public Permit acquire() throws InterruptedException {
        semaphore.acquire();
        return new Permit(semaphore);
    }

    /** The right to do the work until closed; closing twice is harmless. */
    public static final class Permit implements AutoCloseable {
        private final Semaphore semaphore;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Permit(Semaphore semaphore) {
            this.semaphore = semaphore;
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                semaphore.release();
            }
        }
    }
}
