package dev.drydock.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.Bug;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ScopeTest {
    private static final Duration FOR_EVER = Duration.ofDays(1);

    @Test
    void joinWaitsForEveryTaskAndGivesTheirResults() throws InterruptedException {
        try (Scope scope = Scope.ofPlatformThreads("t")) {
            var a = scope.fork(() -> {
                Thread.sleep(20);
                return 1;
            });
            var b = scope.fork(() -> "two");
            scope.join();
            assertThat(a.get()).isEqualTo(1);
            assertThat(b.get()).isEqualTo("two");
        }
    }

    @Test
    void theFirstFailureInterruptsTheOthersAndIsThrown() throws InterruptedException {
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch sleeping = new CountDownLatch(1);
        try (Scope scope = Scope.ofVirtualThreads("t")) {
            scope.fork(() -> {
                try {
                    sleeping.countDown();
                    Thread.sleep(FOR_EVER);
                } catch (InterruptedException e) {
                    interrupted.set(true);
                    throw e;
                }
                return null;
            });
            scope.fork(() -> {
                sleeping.await();
                throw new IllegalStateException("first");
            });
            assertThatThrownBy(scope::join)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("first");
        }
        assertThat(interrupted).isTrue();
    }

    @Test
    void laterFailuresAreSuppressedOnTheFirst() {
        try (Scope scope = Scope.ofPlatformThreads("t")) {
            CountDownLatch sleeping = new CountDownLatch(1);
            scope.fork(() -> {
                try {
                    sleeping.countDown();
                    Thread.sleep(FOR_EVER);
                    return null;
                } catch (InterruptedException e) {
                    throw new IllegalArgumentException("second", e);
                }
            });
            scope.fork(() -> {
                sleeping.await();
                throw new IllegalStateException("first");
            });
            assertThatThrownBy(scope::join)
                    .hasMessage("first")
                    .satisfies(e ->
                            assertThat(e.getSuppressed()).singleElement().isInstanceOf(IllegalArgumentException.class));
        }
    }

    @Test
    void closeInterruptsWhatStillRunsAndWaitsForIt() {
        AtomicInteger ended = new AtomicInteger();
        try (Scope scope = Scope.ofPlatformThreads("t")) {
            for (int i = 0; i < 3; i++) {
                scope.fork(() -> {
                    try {
                        Thread.sleep(FOR_EVER);
                        return null;
                    } finally {
                        ended.incrementAndGet();
                    }
                });
            }
        }
        assertThat(ended).hasValue(3);
    }

    @Test
    void interruptingTheOwnerEndsTheTasks() throws InterruptedException {
        AtomicBoolean ended = new AtomicBoolean();
        AtomicBoolean thrown = new AtomicBoolean();
        CountDownLatch sleeping = new CountDownLatch(1);
        Thread owner = Thread.ofPlatform().start(() -> {
            try (Scope scope = Scope.ofPlatformThreads("t")) {
                scope.fork(() -> {
                    sleeping.countDown();
                    try {
                        Thread.sleep(FOR_EVER);
                        return null;
                    } finally {
                        ended.set(true);
                    }
                });
                scope.join();
            } catch (InterruptedException e) {
                thrown.set(true);
            }
        });
        sleeping.await();
        owner.interrupt();
        owner.join();
        assertThat(ended).isTrue();
        assertThat(thrown).isTrue();
    }

    @Test
    void onlyTheOwnerForks() throws InterruptedException {
        try (Scope scope = Scope.ofPlatformThreads("t")) {
            var other = Scope.ofPlatformThreads("o");
            var refused = other.fork(() -> {
                try {
                    scope.fork(() -> null);
                    return false;
                } catch (Bug e) {
                    return true;
                }
            });
            other.join();
            other.close();
            assertThat(refused.get()).isTrue();
        }
    }

    @Test
    void permitsLimitHowManyWorkAtOnce() throws InterruptedException {
        Permits permits = new Permits(2);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (Scope scope = Scope.ofVirtualThreads("t")) {
            for (int i = 0; i < 10; i++) {
                scope.fork(() -> {
                    try (Permits.Permit permit = permits.acquire()) {
                        most.accumulateAndGet(now.incrementAndGet(), Math::max);
                        Thread.sleep(5);
                        now.decrementAndGet();
                        permit.close(); // closing twice gives back one
                    }
                    return null;
                });
            }
            scope.join();
        }
        assertThat(most).hasValue(2);
    }
}
