package dev.drydock.snapshot;

import dev.drydock.linux.Directory;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Brings a file system's changes to the disk beside other work, at most once at a time. */
final class BackgroundSync {
    private @Nullable Thread running; // by this
    private @Nullable RuntimeException failure; // by this

    /** Starts, unless it runs already. */
    synchronized void start(Path directory) {
        if (running == null || !running.isAlive()) {
            running = Thread.ofPlatform().name("sync").daemon().start(() -> sync(directory));
        }
    }

    private void sync(Path directory) {
        try (Directory open = Directory.open(directory)) {
            open.syncFileSystem();
        } catch (RuntimeException e) { // the top of a thread: join passes it on
            synchronized (this) {
                failure = e;
            }
        }
    }

    /** Waits for its end; throws what went wrong, for the kernel tells of a failed write only once. */
    void join() throws InterruptedException {
        Thread thread;
        synchronized (this) {
            thread = running;
        }
        if (thread != null) {
            thread.join();
        }
        synchronized (this) {
            if (failure != null) {
                throw failure;
            }
        }
    }
}
