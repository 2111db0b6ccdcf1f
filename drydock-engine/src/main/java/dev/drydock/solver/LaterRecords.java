package dev.drydock.solver;

import dev.drydock.oci.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A cache that keeps results beside what the build goes on to do: the next step need not wait until the last one is on
 * record. Whoever asks for what is still to be kept waits for it, so that everybody finds what they would have found.
 */
final class LaterRecords<R> implements ResultCache<R>, AutoCloseable {
    private final ResultCache<R> cache;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("cache-records").factory());
    /** By what is asked for, the latest of a name; those before it are kept before it. */
    private final Map<Object, CompletableFuture<?>> pending = new ConcurrentHashMap<>();

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

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

    /** Returns at once. That something could not be kept is told by the next call, or at the end. */
    @Override
    public void record(Entry entry, List<R> outputs) {
        throwFailure();
        List<Object> names = new ArrayList<>(entry.keys());
        names.add(new Text(entry.step().text()));
        names.add(new Position(entry.step().position()));
        CompletableFuture<Void> kept = new CompletableFuture<>();
        names.forEach(name -> pending.put(name, kept));
        writer.execute(() -> {
            try {
                cache.record(entry, outputs);
            } catch (Throwable t) { // the top of a thread: whatever it is goes to the one who asks next
                failure.compareAndSet(null, t);
            } finally {
                names.forEach(name -> pending.remove(name, kept));
                kept.complete(null);
            }
        });
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
        throwFailure();
    }

    private void throwFailure() {
        switch (failure.get()) {
            case null -> {}
            case RuntimeException fault -> throw fault;
            case Error error -> throw error;
            default -> throw new IllegalStateException("keep the result of a step", failure.get());
        }
    }

    /** Waits until everything is kept, also when interrupted; nothing can be kept any more. */
    @Override
    public void close() {
        writer.shutdown();
        boolean interrupted = false;
        while (!writer.isTerminated()) {
            try {
                writer.awaitTermination(1, TimeUnit.MINUTES);
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
