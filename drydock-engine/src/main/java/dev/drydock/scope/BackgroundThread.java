package dev.drydock.scope;

import dev.drydock.fault.Bug;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One thread that does what it is given, in turn, beside what the givers go on to do. A failure keeps it from nothing
 * else; the first one is thrown to somebody once, at the latest to whoever closes it. Safe for several threads.
 */
public final class BackgroundThread implements AutoCloseable {
    private final ExecutorService thread;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    public BackgroundThread(String name) {
        thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    /**
     * Has something done soon.
     *
     * @param afterwards what is done then, also after a failure, which {@link #throwFailure} knows by then; it must not
     *     fail
     * @throws RejectedExecutionException after {@link #close}: neither is done
     */
    public void run(Runnable work, Runnable afterwards) {
        thread.execute(() -> {
            try {
                work.run();
            } catch (Throwable t) { // the top of a thread: whatever it is goes to the one who asks next
                failure.compareAndSet(null, t);
            } finally {
                afterwards.run();
            }
        });
    }

    /** Throws the first failure since the last time. Nobody gets it twice: no exception can be suppressed by itself. */
    public void throwFailure() {
        Throwable first = failure.getAndSet(null);
        switch (first) {
            case null -> {}
            case RuntimeException fault -> throw fault;
            case Error error -> throw error;
            default -> throw new Bug("work in the background: unexpected checked exception", first);
        }
    }

    /**
     * Waits until everything that was given is done, also when interrupted; nothing can be given any more. Throws a failure
     * that nobody has got.
     */
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        while (!thread.isTerminated()) { // the executor's own close() would drop what waits when it is interrupted
            try {
                thread.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        throwFailure();
    }
}
