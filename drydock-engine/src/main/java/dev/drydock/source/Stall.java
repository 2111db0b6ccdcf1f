package dev.drydock.source;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Closes a stream that brings nothing for too long, so that whoever reads it does not wait for ever. */
final class Stall implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Thread watcher;
    private volatile long lastMove = System.nanoTime();

    private Stall(InputStream stream) {
        this.watcher = Thread.ofVirtual().name("watch-download").unstarted(() -> watch(stream, PATIENCE));
    }

    /** Watches a stream until this is closed. */
    static Stall watch(InputStream stream) {
        Stall stall = new Stall(stream);
        stall.watcher.start();
        return stall;
    }

    /** Something came. */
    void moved() {
        lastMove = System.nanoTime();
    }

    private void watch(InputStream stream, Duration patience) {
        try {
            long left = patience.toNanos();
            while (left > 0) {
                Thread.sleep(Duration.ofNanos(left));
                left = patience.toNanos() - (System.nanoTime() - lastMove);
            }
            stream.close();
        } catch (InterruptedException | IOException e) {
            // the download has ended, one way or the other
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
