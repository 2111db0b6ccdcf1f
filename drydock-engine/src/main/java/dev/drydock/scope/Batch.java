package dev.drydock.scope;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A list of items worked off by as many platform threads as there are processors: for reading and writing files. */
public final class Batch {
    private static final int MOST = 8;

    private Batch() {}

    /** What is done with one item. */
    @FunctionalInterface
    public interface Work<T> {
        void run(T item) throws InterruptedException;
    }

    /**
     * Does {@code work} for every item, in no order, and returns when all of it is done. The first failure stops the rest
     * and is thrown; no work goes on after this method ends, whatever way it does.
     */
    public static <T> void run(String name, List<T> items, Work<T> work) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        int threads = Math.min(items.size(), Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST));
        try (Scope scope = Scope.ofPlatformThreads(name)) {
            for (int i = 0; i < threads; i++) {
                scope.fork(() -> {
                    drain(items, next, work);
                    return true;
                });
            }
            scope.join();
        }
    }

    private static <T> void drain(List<T> items, AtomicInteger next, Work<T> work) throws InterruptedException {
        for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            work.run(items.get(i));
        }
    }
}
