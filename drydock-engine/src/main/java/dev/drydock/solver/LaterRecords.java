package dev.drydock.solver;

import dev.drydock.oci.Digest;
import dev.drydock.scope.BackgroundThread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/**
 * A cache that keeps results beside what the build goes on to do: the next step need not wait until the last one is on
 * record. Whoever asks for what is still to be kept waits for it, so that everybody finds what they would have found.
 */
final class LaterRecords<R> implements ResultCache<R>, AutoCloseable {
    private final ResultCache<R> cache;
    private final BackgroundThread writer = new BackgroundThread("cache-records");
    /** By what is asked for, the latest of a name; those before it are kept before it. */
    private final Map<Object, CompletableFuture<?>> pending = new ConcurrentHashMap<>();

    private record Text(String text) {}

    private record Position(String position) {}

    LaterRecords(ResultCache<R> cache) {
        this.cache = cache;
    }

    @Override
    public Optional<Hit<R>> find(Digest key) {
        await(key);
        return cache.find(key);
    }

    /**
     * Returns at once. That something could not be kept is told by the next call, or at the end. One at a time: the latest
     * of a name must be the last that is kept.
     */
    @Override
    public synchronized void record(Entry entry, List<R> outputs) {
        writer.throwFailure();
        List<Object> names = new ArrayList<>(entry.keys());
        names.add(new Text(entry.step().text()));
        names.add(new Position(entry.step().position()));
        CompletableFuture<Void> kept = new CompletableFuture<>();
        names.forEach(name -> pending.put(name, kept));
        Runnable release = () -> {
            names.forEach(name -> pending.remove(name, kept));
            kept.complete(null);
        };
        try {
            writer.run(() -> cache.record(entry, outputs), release);
        } catch (RejectedExecutionException e) {
            release.run();
            throw e;
        }
    }

    @Override
    public Optional<Entry> nearest(Step step) {
        await(new Text(step.text()));
        await(new Position(step.position()));
        return cache.nearest(step);
    }

    @Override
    public List<String> contentChanges(Digest earlier, Digest now) {
        return cache.contentChanges(earlier, now);
    }

    /** An interrupt waits, too: it takes a moment. */
    private void await(Object name) {
        CompletableFuture<?> kept = pending.get(name);
        if (kept != null) {
            kept.join();
        }
        writer.throwFailure();
    }

    /** Waits until everything is kept, also when interrupted; nothing can be kept any more. */
    @Override
    public void close() {
        writer.close();
    }
}
