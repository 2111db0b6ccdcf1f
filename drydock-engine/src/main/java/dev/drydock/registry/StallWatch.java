package dev.drydock.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Cuts off answers whose bytes no longer come, so that whoever reads them learns of it and can ask again. */
final class StallWatch implements AutoCloseable {
    private final Duration patience;
    private final Set<Guarded> waiting = ConcurrentHashMap.newKeySet();
    private @Nullable ScheduledExecutorService timer; // by this
    private boolean closed; // by this

    /** @param patience how long a read may wait */
    StallWatch(Duration patience) {
        this.patience = patience;
    }

    Duration patience() {
        return patience;
    }

    /** What is wrong with a transfer that was cut off. */
    String words() {
        return "nothing moved for " + patience.toSeconds() + " s";
    }

    /** The same bytes; a read of them that waits too long fails. */
    InputStream guard(InputStream body) {
        return new Guarded(body);
    }

    private synchronized void start() {
        if (timer == null && !closed) {
            timer = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("registry-stalls").factory());
            long every = Math.clamp(patience.toMillis() / 10, 50, 5000);
            var _ = timer.scheduleWithFixedDelay(this::check, every, every, TimeUnit.MILLISECONDS);
        }
    }

    private void check() {
        long now = System.nanoTime();
        for (Guarded each : waiting) {
            if (now - each.since > patience.toNanos()) {
                each.cut();
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (timer != null) {
            timer.shutdownNow();
        }
    }

    private final class Guarded extends FilterInputStream {
        private volatile long since;
        private volatile boolean stalled;

        Guarded(InputStream in) {
            super(in);
        }

        void cut() {
            stalled = true;
            try {
                in.close();
            } catch (IOException e) {
                // The reader gets its failure from the read.
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            int count = read(one, 0, 1);
            return count < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (in.available() == 0) {
                start();
                since = System.nanoTime();
                waiting.add(this);
            }
            try {
                int count = in.read(buffer, offset, length);
                if (count < 0 && stalled) {
                    throw new IOException(words());
                }
                return count;
            } catch (IOException e) {
                throw stalled ? new IOException(words(), e) : e;
            } finally {
                waiting.remove(this);
            }
        }
    }
}
