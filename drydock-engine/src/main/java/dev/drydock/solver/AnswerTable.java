package dev.drydock.solver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Memoised questions, each answered once on a virtual thread of its own. Answers and failures are kept for the table's
 * life, so that a diamond's base runs once even when its users ask one after the other. The table owns the threads:
 * a question is interrupted when its last waiter has gone, and forgotten then.
 */
final class AnswerTable {
    private final Map<Object, Answer> answers = new ConcurrentHashMap<>();

    /** One question with the work that answers it. */
    record Asked<T>(Object question, Callable<T> work) {}

    <T> T ask(Object question, Callable<T> work) throws InterruptedException {
        return askAll(List.of(new Asked<>(question, work))).getFirst();
    }

    /**
     * Asks all at once and waits for all, in any order. The first failure is thrown and the others are let go.
     */
    <T> List<T> askAll(List<Asked<T>> questions) throws InterruptedException {
        LinkedBlockingQueue<Answer> finished = new LinkedBlockingQueue<>();
        List<Answer> waiting = new ArrayList<>(questions.size());
        try {
            for (Asked<T> asked : questions) {
                waiting.add(join(asked, finished));
            }
            for (int i = 0; i < waiting.size(); i++) {
                finished.take().throwFailure();
            }
            List<T> values = new ArrayList<>(waiting.size());
            for (Answer answer : waiting) {
                @SuppressWarnings("unchecked") // a question is always asked with the same type of work
                T value = (T) answer.value();
                values.add(value);
            }
            return values;
        } finally {
            for (Answer answer : waiting) {
                answer.leave(finished);
            }
        }
    }

    private Answer join(Asked<?> asked, LinkedBlockingQueue<Answer> finished) {
        while (true) {
            Answer fresh = new Answer(asked);
            Answer present = answers.putIfAbsent(asked.question(), fresh);
            Answer answer = present == null ? fresh : present;
            if (answer.enter(finished)) {
                if (present == null) {
                    fresh.start();
                }
                return answer;
            }
            answers.remove(asked.question(), answer); // abandoned by its last waiter just now: ask anew
        }
    }

    /** Waits until no question's thread is left; callers have interrupted or answered all of them. */
    void awaitQuiet() {
        boolean interrupted = false;
        for (Answer answer : answers.values()) {
            while (true) {
                try {
                    answer.thread.join();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Answer {
        private final Thread thread;
        private final List<LinkedBlockingQueue<Answer>> waiters = new ArrayList<>(); // guarded by this
        private boolean done; // guarded by this
        private boolean abandoned; // guarded by this
        private @Nullable Object value; // guarded by this
        private @Nullable Throwable failure; // guarded by this

        Answer(Asked<?> asked) {
            this.thread = Thread.ofVirtual().name("answer").unstarted(() -> run(asked.work()));
        }

        void start() {
            thread.start();
        }

        synchronized boolean enter(LinkedBlockingQueue<Answer> waiter) {
            if (abandoned) {
                return false;
            }
            if (done) {
                waiter.add(this);
            } else {
                waiters.add(waiter);
            }
            return true;
        }

        synchronized void leave(LinkedBlockingQueue<Answer> waiter) {
            if (waiters.remove(waiter) && waiters.isEmpty() && !done) {
                abandoned = true;
                thread.interrupt();
            }
        }

        private void run(Callable<?> work) {
            Object result = null;
            Throwable thrown = null;
            try {
                result = work.call();
            } catch (Throwable t) { // the top of a forked task: whatever it is goes to those who wait
                thrown = t;
            }
            synchronized (this) {
                value = result;
                failure = thrown;
                done = true;
                for (LinkedBlockingQueue<Answer> waiter : waiters) {
                    waiter.add(this);
                }
                waiters.clear();
            }
        }

        synchronized @Nullable Object value() {
            return value;
        }

        synchronized void throwFailure() throws InterruptedException {
            switch (failure) {
                case null -> {}
                case InterruptedException interrupted -> throw interrupted;
                case RuntimeException fault -> throw fault;
                case Error error -> throw error;
                default -> throw new IllegalStateException("a question failed", failure);
            }
        }
    }
}
