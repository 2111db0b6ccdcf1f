package dev.drydock.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FeedTest {
    @Test
    void doesTheWorkForEveryItemOnceInEveryRound() throws Exception {
        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        AtomicInteger count = new AtomicInteger();
        try (Feed<Integer> feed = new Feed<>("test", item -> {
            seen.add(item);
            count.incrementAndGet();
        })) {
            feed.await();
            for (int round = 1; round <= 3; round++) {
                for (int i = 0; i < 1000; i++) {
                    feed.add(i);
                }
                feed.await();
                assertThat(count).hasValue(round * 1000);
            }
        }
        assertThat(seen).hasSize(1000);
    }

    @Test
    void worksBeforeItIsWaitedFor() throws Exception {
        CountDownLatch worked = new CountDownLatch(1);
        try (Feed<String> feed = new Feed<>("test", _ -> worked.countDown())) {
            feed.add("first");
            worked.await();
            feed.add("second");
            feed.await();
        }
    }

    @Test
    void theFirstFailureIsThrownAndTheRestIsLeft() throws Exception {
        try (Feed<Integer> feed = new Feed<>("test", item -> {
            if (item == 3) {
                throw new IllegalStateException("item 3");
            }
        })) {
            for (int i = 0; i < 100; i++) {
                feed.add(i);
            }
            assertThatThrownBy(feed::await)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("item 3");
        }
    }

    @Test
    void closingStopsTheWorkAndWaits() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        Feed<String> feed = new Feed<>("test", _ -> {
            started.countDown();
            try {
                Thread.sleep(Duration.ofDays(1));
            } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
            }
        });
        feed.add("long");
        started.await();
        feed.close();
        assertThat(interrupted).isTrue();
        feed.close();
    }
}
