package dev.drydock.scope;

import dev.drydock.fault.Bug;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Work that splits and comes together again: whoever opens a scope forks tasks into it, joins them, and closes it. The
 * first task that fails interrupts the others, and {@link #join} throws its failure; later failures are suppressed on it.
 * Closing interrupts what still runs and waits for it, so no task outlives its scope.
 *
 * <pre>{@code
 * try (Scope scope = Scope.ofPlatformThreads("pull")) {
 *     var a = scope.fork(() -> fetch(x));
 *     var b = scope.fork(() -> fetch(y));
 *     scope.join();
 *     use(a.get(), b.get());
 * }
 * }</pre>
 */
public final class Scope implements AutoCloseable {
    private final Thread owner = Thread.currentThread();
    private final ThreadFactory threads;
    private final List<Thread> started = new ArrayList<>();
    private final Object guard = new Object();
    private @Nullable Throwable failure; // by guard
    private boolean cancelled; // by guard

    private Scope(ThreadFactory threads) {
        this.threads = threads;
    }

    /** A scope whose tasks wait for sockets, processes or each other. */
    public static Scope ofVirtualThreads(String name) {
        return new Scope(Thread.ofVirtual().name(name + "-", 0).factory());
    }

    /** A scope whose tasks read and write files or make native calls: those block a virtual thread's carrier. */
    public static Scope ofPlatformThreads(String name) {
        return new Scope(Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    }

    /** A task's work; being interrupted means that it is no longer wanted. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T run() throws InterruptedException;
    }

    /** A forked task. */
    public static final class Task<T extends @Nullable Object> {
        private volatile boolean done;
        private @Nullable T result;

        private Task() {}

        /** The result; call it after {@link Scope#join}. */
        @SuppressWarnings("NullAway") // T says itself whether it may be null
        public T get() {
            if (!done) {
                throw new Bug("read result of a task: it has not finished");
            }
            return result;
        }
    }

    /** Starts {@code work} in a thread of its own. Only the scope's owner may. */
    public <T extends @Nullable Object> Task<T> fork(Work<T> work) {
        checkOwner();
        Task<T> task = new Task<>();
        Thread thread = threads.newThread(() -> run(work, task));
        synchronized (guard) {
            if (cancelled) {
                return task; // a task failed already: join will say so
            }
            started.add(thread);
        }
        thread.start();
        return task;
    }

    /** How many threads were started. */
    int size() {
        checkOwner();
        synchronized (guard) {
            return started.size();
        }
    }

    private <T extends @Nullable Object> void run(Work<T> work, Task<T> task) {
        try {
            task.result = work.run();
            task.done = true;
        } catch (InterruptedException e) {
            fail(e);
        } catch (RuntimeException | Error e) { // the top of a task: join passes it on
            fail(e);
        }
    }

    private void fail(Throwable thrown) {
        synchronized (guard) {
            if (failure == null) {
                if (cancelled && thrown instanceof InterruptedException) {
                    return;
                }
                failure = thrown;
                cancel();
            } else if (!(thrown instanceof InterruptedException)) {
                failure.addSuppressed(thrown);
            }
        }
    }

    private void cancel() {
        synchronized (guard) {
            cancelled = true;
            for (Thread thread : started) {
                if (thread != Thread.currentThread()) {
                    thread.interrupt();
                }
            }
        }
    }

    /**
     * Waits for every task and throws the first failure, if there was one. Interrupting the owner here leaves the tasks
     * to {@link #close}.
     */
    public void join() throws InterruptedException {
        checkOwner();
        for (int i = 0; i < started.size(); i++) {
            started.get(i).join();
        }
        synchronized (guard) {
            switch (failure) {
                case null -> {}
                case InterruptedException e -> throw e;
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new Bug("run task: unexpected checked exception", failure);
            }
        }
    }

    /** Interrupts what still runs and waits for its end. */
    @Override
    public void close() {
        checkOwner();
        cancel();
        boolean interrupted = false;
        for (Thread thread : started) {
            while (true) {
                try {
                    thread.join();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true; // tasks are ending already; the owner learns of it below
                }
            }
        }
        if (interrupted) {
            owner.interrupt();
        }
    }

    private void checkOwner() {
        if (Thread.currentThread() != owner) {
            throw new Bug("use scope: only the thread that opened it may");
        }
    }
}
