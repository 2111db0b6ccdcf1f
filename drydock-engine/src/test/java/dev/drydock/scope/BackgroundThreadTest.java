package dev.drydock.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class BackgroundThreadTest {
    private final List<Integer> done = new ArrayList<>(); // read after close

    @Test
    void allIsDoneInTurnWhenItIsClosedAlsoByWhoWasInterrupted() {
        BackgroundThread thread = new BackgroundThread("test");
        for (int i = 0; i < 100; i++) {
            int number = i;
            thread.run(() -> done.add(number), () -> {});
        }
        Thread.currentThread().interrupt();
        thread.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(done).isEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void anErrorIsThrownOnceAndKeepsNothingElse() {
        BackgroundThread thread = new BackgroundThread("test");
        thread.run(
                () -> {
                    throw new StackOverflowError("of the test");
                },
                () -> done.add(1));
        thread.run(() -> done.add(2), () -> done.add(3));
        assertThatThrownBy(thread::close).isInstanceOf(StackOverflowError.class).hasMessage("of the test");
        assertThat(done).containsExactly(1, 2, 3);
        thread.close();
    }

    @Test
    void whoSeesTheEndOfSomethingSeesItsFailure() throws InterruptedException {
        try (BackgroundThread thread = new BackgroundThread("test")) {
            CountDownLatch end = new CountDownLatch(1);
            thread.run(
                    () -> {
                        throw new IllegalStateException("of the test");
                    },
                    end::countDown);
            end.await();
            assertThatThrownBy(thread::throwFailure).hasMessage("of the test");
        }
    }

    @Test
    void nothingIsTakenAfterTheEnd() {
        BackgroundThread thread = new BackgroundThread("test");
        thread.close();
        assertThatThrownBy(() -> thread.run(() -> done.add(1), () -> done.add(2)))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(done).isEmpty();
    }
}
