package dev.drydock.linux;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Removes trees that nobody uses any more beside what their owners go on to do. What is left when the process dies must go
 * with the directory above. Safe for several threads.
 */
public final class LaterRemoval implements AutoCloseable {
    private final ExecutorService remover = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("later-removal").factory());
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

    /** Has a tree removed soon, if it is there. */
    public void remove(Path tree) {
        remover.execute(() -> {
            try {
                now(tree);
            } catch (RuntimeException e) {
                failure.compareAndSet(null, e);
            }
        });
    }

    /** Removes a tree, if it is there. */
    public static void now(Path tree) {
        try (Directory parent = Directory.open(tree.toAbsolutePath().resolveSibling(""))) {
            parent.removeTree(tree.getFileName().toString());
        }
    }

    /**
     * Waits until all that was given is gone, also when interrupted.
     *
     * @throws RuntimeException the first that could not be removed
     */
    @Override
    public void close() {
        remover.shutdown();
        boolean interrupted = false;
        while (!remover.isTerminated()) {
            try {
                remover.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        RuntimeException first = failure.getAndSet(null);
        if (first != null) {
            throw first;
        }
    }
}
