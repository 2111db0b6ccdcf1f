package dev.drydock.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/** Copies one pipe of a process, as it comes. */
final class OutputPump {
    /** Where what is copied goes. */
    interface Sink {
        void write(byte[] bytes, int length);
    }

    private final InputStream from;
    private final Sink to;
    private Thread thread = Thread.currentThread();

    OutputPump(InputStream from, Sink to) {
        this.from = from;
        this.to = to;
    }

    void start(String name) {
        thread = Thread.ofPlatform().name(name).daemon(true).start(this::copy);
    }

    private void copy() {
        byte[] buffer = new byte[32 * 1024];
        try (from) {
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                to.write(buffer, n);
            }
        } catch (IOException e) {
            return; // the process is gone, and so is its pipe
        }
    }

    /** Waits for the end of the pipe, which comes when the last process of the step is gone. */
    void join() throws InterruptedException {
        boolean interrupted = false;
        long deadline = System.nanoTime() + OciExecutor.KILL_DEADLINE;
        while (thread.isAlive() && System.nanoTime() < deadline) {
            try {
                thread.join(TimeUnit.NANOSECONDS.toMillis(OciExecutor.KILL_DEADLINE));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            throw new InterruptedException();
        }
    }
}
