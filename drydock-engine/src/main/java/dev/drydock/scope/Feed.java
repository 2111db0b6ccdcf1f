package dev.drydock.scope;

import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Like {@link Batch}, for items that are found one after the other: the first are worked on while the next are looked for.
 * For one thread, which opens, feeds and closes it.
 */
public final class Feed<T> implements AutoCloseable {
    private static final int MOST = 8;

    private final String name;
    private final Batch.Work<T> work;
    private final int limit = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST);
    private @Nullable Round<T> round;

    /** The items between one {@link #await} and the next. */
    private record Round<T>(Scope scope, LinkedBlockingQueue<Item<T>> items) {}

    /** An item, or the end. */
    private record Item<T>(@Nullable T value) {}

    /** @param name what the threads are called */
    public Feed(String name, Batch.Work<T> work) {
        this.name = name;
        this.work = work;
    }

    /** Has {@code work} done for one more item, at once or later; does not wait. */
    public void add(T item) {
        Round<T> current = round;
        if (current == null) {
            current = new Round<>(Scope.ofPlatformThreads(name), new LinkedBlockingQueue<>());
            round = current;
        }
        current.items.add(new Item<>(item));
        if (current.scope.size() < limit) {
            LinkedBlockingQueue<Item<T>> items = current.items;
            current.scope.fork(() -> {
                drain(items);
                return true;
            });
        }
    }

    private void drain(LinkedBlockingQueue<Item<T>> items) throws InterruptedException {
        while (true) {
            T value = items.take().value;
            if (value == null) {
                return;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            work.run(value);
        }
    }

    /** Waits until the work is done for everything that was added. The first failure stopped the rest and is thrown. */
    public void await() throws InterruptedException {
        Round<T> current = round;
        if (current == null) {
            return;
        }
        try {
            for (int i = 0; i < current.scope.size(); i++) {
                current.items.add(new Item<>(null));
            }
            current.scope.join();
        } finally {
            close();
        }
    }

    /** Stops what is still going on and waits for its end. */
    @Override
    public void close() {
        Round<T> current = round;
        round = null;
        if (current != null) {
            current.scope.close();
        }
    }
}
