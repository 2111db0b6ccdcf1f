package dev.drydock.solver;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Runs the work of steps on platform threads, because file and native calls hold a virtual thread's carrier. A permit is
 * taken around the work only, after its inputs are ready: a step that held one while it waits could deadlock the build.
 */
final class Workers {
    private final Semaphore permits;

    /** Enough for work that calls itself for each directory of a path: there are 2,047 in the longest. In bytes. */
    private static final long STACK = 16L << 20;

    Workers(int parallel) {
        permits = new Semaphore(parallel);
    }

    /** Runs {@code work} and waits. An interrupt goes on to the work, and the wait lasts until that has cleaned up. */
    <T> T run(String name, Callable<T> work) throws InterruptedException {
        permits.acquire();
        try {
            Job<T> job = new Job<>(work);
            Thread thread =
                    Thread.ofPlatform().daemon().name(name).stackSize(STACK).start(job);
            return job.await(thread);
        } finally {
            permits.release();
        }
    }

    private static final class Job<T> implements Runnable {
        private final Callable<T> work;
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile @Nullable T value;
        private volatile @Nullable Throwable failure;

        Job(Callable<T> work) {
            this.work = work;
        }

        @Override
        public void run() {
            try {
                value = work.call();
            } catch (Throwable t) { // the top of a forked task: whatever it is goes to the one who waits
                failure = t;
            } finally {
                ended.countDown();
            }
        }

        T await(Thread thread) throws InterruptedException {
            boolean interrupted = false;
            while (true) {
                try {
                    ended.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                    thread.interrupt();
                }
            }
            if (interrupted) {
                throw new InterruptedException();
            }
            return switch (failure) {
                case null -> result();
                case InterruptedException e -> throw e;
                case RuntimeException fault -> throw fault;
                case Error error -> throw error;
                default -> throw new IllegalStateException("work failed", failure);
            };
        }

        private T result() {
            T result = value;
            if (result == null) {
                throw new IllegalStateException("work gave nothing");
            }
            return result;
        }
    }
}
