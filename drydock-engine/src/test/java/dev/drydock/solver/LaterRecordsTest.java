package dev.drydock.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Results that are kept beside the build are found as if they had been kept at once. */
@Timeout(300)
class LaterRecordsTest {
    private final CountDownLatch gate = new CountDownLatch(1);
    private final MemoryCache<String> store = new MemoryCache<>();

    /** Keeps nothing before the gate is open. */
    private final ResultCache<String> slow = new ResultCache<>() {
        @Override
        public Optional<Hit<String>> find(Digest key) {
            return store.find(key);
        }

        @Override
        public void record(Entry entry, List<String> outputs) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts the writer", e);
            }
            store.record(entry, outputs);
        }

        @Override
        public Optional<Entry> nearest(Step step) {
            return store.nearest(step);
        }

        @Override
        public List<String> contentChanges(Digest earlier, Digest now) {
            return List.of();
        }
    };

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ResultCache.Entry entry(String name) {
        return new ResultCache.Entry(
                digest(name),
                List.of(digest(name)),
                new ResultCache.Step(name, name + " text", name + " place"),
                Map.of());
    }

    @Test
    void whatIsStillBeingKeptIsWaitedForByWhoeverAsksForItAndByNobodyElse() throws InterruptedException {
        try (LaterRecords<String> cache = new LaterRecords<>(slow)) {
            cache.record(entry("a"), List.of("made"));
            assertThat(cache.find(digest("b"))).isEmpty();
            assertThat(cache.nearest(new ResultCache.Step("b", "b text", "b place")))
                    .isEmpty();
            AtomicBoolean keptTooEarly = new AtomicBoolean(true);
            Thread opener = Thread.startVirtualThread(() -> {
                try {
                    keptTooEarly.set(store.find(digest("a")).isPresent());
                } finally {
                    gate.countDown();
                }
            });
            assertThat(cache.find(digest("a")).orElseThrow().outputs()).containsExactly("made");
            opener.join();
            assertThat(keptTooEarly).isFalse();
            cache.record(entry("c"), List.of("made"));
            assertThat(cache.nearest(new ResultCache.Step("c", "c text", "other")))
                    .isPresent();
        }
    }

    @Test
    void allIsKeptWhenItIsClosedAlsoByWhoWasInterrupted() {
        LaterRecords<String> cache = new LaterRecords<>(slow);
        for (int i = 0; i < 20; i++) {
            cache.record(entry("step " + i), List.of("made"));
        }
        Thread.startVirtualThread(gate::countDown);
        Thread.currentThread().interrupt();
        cache.close();
        assertThat(Thread.interrupted()).isTrue();
        for (int i = 0; i < 20; i++) {
            assertThat(store.find(digest("step " + i))).isPresent();
        }
    }

    @Test
    void nobodyWaitsForWhatComesAfterTheEnd() {
        LaterRecords<String> cache = new LaterRecords<>(store);
        cache.close();
        assertThatThrownBy(() -> cache.record(entry("a"), List.of("made")))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(cache.find(digest("a"))).isEmpty();
    }

    @Test
    void whatCannotBeKeptFailsTheBuildOnce() {
        LaterRecords<String> cache = new LaterRecords<>(new FullCache<String>());
        cache.record(entry("a"), List.of("made"));
        assertThatThrownBy(() -> cache.find(digest("a")))
                .isInstanceOf(EnvironmentFault.class)
                .hasMessageContaining("no space");
        cache.close();
    }
}
