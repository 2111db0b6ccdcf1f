package dev.drydock.cli.render;

import dev.drydock.event.BuildEvent;
import dev.drydock.oci.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Progress as lines. One step at a time has the word: its lines carry its number, and when another step has something to
 * say, {@code #5 ...} marks the switch and the other's header is repeated.
 */
final class PlainView implements Progress.View {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Screen screen;
    private final Progress.Settings settings;
    private final Map<Digest, Integer> numbers = new HashMap<>();
    private final Map<Digest, LineCutter> cutters = new LinkedHashMap<>();
    private final Map<Part, Instant> told = new HashMap<>();
    private final StringBuilder text = new StringBuilder();
    private Steps.@Nullable Step speaker;
    private Instant spoke = Instant.EPOCH;
    private boolean closed;

    /** A part of a step, by its name. */
    private record Part(Digest vertex, String id) {}

    PlainView(Screen screen, Progress.Settings settings) {
        this.screen = screen;
        this.settings = settings;
        screen.out().print("#0 building with \"default\" instance using drydock driver\n");
    }

    @Override
    public void show(BuildEvent event, Steps steps) {
        switch (event) {
            case BuildEvent.Started started -> {
                Steps.Step step = steps.step(started.vertex());
                if (speaker == null) {
                    speak(step, event.at());
                }
            }
            case BuildEvent.Log log -> log(steps.step(log.vertex()), log);
            case BuildEvent.Status status -> {
                if (status.completed() != null || isDue(status)) {
                    Steps.Step step = steps.step(status.vertex());
                    speak(step, event.at());
                    line(step, partLine(status));
                }
            }
            case BuildEvent.Explained explained -> {
                if (settings.explain()) {
                    Steps.Step step = steps.step(explained.vertex());
                    speak(step, event.at());
                    explained.reasons().forEach(reason -> line(step, "ran again: " + reason));
                }
            }
            case BuildEvent.Completed done ->
                end(
                        steps.step(done.vertex()),
                        "DONE " + Amounts.seconds(steps.step(done.vertex()).age(done.at())),
                        done.at(),
                        steps);
            case BuildEvent.Cached cached -> end(steps.step(cached.vertex()), "CACHED", cached.at(), steps);
            case BuildEvent.Canceled canceled -> end(steps.step(canceled.vertex()), "CANCELED", canceled.at(), steps);
            case BuildEvent.Failed failed ->
                end(steps.step(failed.vertex()), "ERROR: " + failed.message(), failed.at(), steps);
            case BuildEvent.Warning warning -> warn(warning, steps);
            case BuildEvent.Queued _ -> {}
            case BuildEvent.Finished _ -> {}
        }
        screen.out().print(text);
        screen.out().flush();
        text.setLength(0);
    }

    private void warn(BuildEvent.Warning warning, Steps steps) {
        Steps.Step step = steps.step(warning.vertex());
        speak(step, warning.at());
        line(step, "WARN: " + Findings.oneLine(warning.finding()));
    }

    /** Whether it is time to say again that the part goes on. */
    private boolean isDue(BuildEvent.Status status) {
        Part part = new Part(status.vertex(), status.id());
        Instant last = told.computeIfAbsent(part, _ -> status.started());
        boolean due = Duration.between(last, status.at()).compareTo(PATIENCE) >= 0;
        if (due) {
            told.put(part, status.at());
        }
        return due;
    }

    private static String partLine(BuildEvent.Status status) {
        String amount = Amounts.progress(
                new Steps.Part(status.id(), status.current(), status.total(), status.started(), status.completed()));
        Instant end = status.completed();
        Duration took = Duration.between(status.started(), end == null ? status.at() : end);
        String time = took.compareTo(Duration.ofMillis(10)) < 0 ? "" : " " + Amounts.seconds(took);
        return status.id() + (amount.isEmpty() ? "" : " " + amount) + time + (end == null ? "" : " done");
    }

    private void log(Steps.Step step, BuildEvent.Log log) {
        if (speaker != null
                && !speaker.equals(step)
                && Duration.between(spoke, log.at()).compareTo(PATIENCE) < 0
                && mayWait(step)) {
            cutter(step).hold(log, step);
            return;
        }
        speak(step, log.at());
        cutter(step).add(log, step);
    }

    /** Whether the step's lines may wait until the one that has the word ends; a step that has none yet need not. */
    private boolean mayWait(Steps.Step step) {
        return cutter(step).held() < LineCutter.MOST_HELD;
    }

    private LineCutter cutter(Steps.Step step) {
        return cutter(step.vertex);
    }

    private LineCutter cutter(Digest vertex) {
        return cutters.computeIfAbsent(vertex, _ -> new LineCutter());
    }

    /** Gives the step the word. */
    private void speak(Steps.Step step, Instant at) {
        spoke = at;
        if (step.equals(speaker)) {
            return;
        }
        Steps.Step before = speaker;
        if (before != null) {
            cutter(before).flush();
            if (!before.over()) { // a step that is over speaks of what was found out about it only later
                text.append('#').append(number(before.vertex)).append(" ...\n");
            }
        }
        if (!closed) {
            text.append('\n');
        }
        speaker = step;
        text.append('#')
                .append(number(step.vertex))
                .append(' ')
                .append(step.name)
                .append('\n');
        LineCutter held = cutters.get(step.vertex);
        if (held != null) {
            held.release();
        }
    }

    private void end(Steps.Step step, String how, Instant at, Steps steps) {
        speak(step, at);
        cutter(step).flush();
        line(step, how);
        speaker = null;
        for (Map.Entry<Digest, LineCutter> other : cutters.entrySet()) {
            if (other.getValue().held() > 0) {
                speak(steps.step(other.getKey()), at); // what it said while another had the word
                return;
            }
        }
    }

    private void line(Steps.Step step, String line) {
        cutter(step).flush();
        text.append('#').append(number(step.vertex)).append(' ').append(line).append('\n');
    }

    private int number(Digest vertex) {
        return numbers.computeIfAbsent(vertex, _ -> numbers.size() + 1);
    }

    @Override
    public void close(Steps steps) {
        closed = true;
        Steps.Step last = speaker;
        if (last != null) {
            cutter(last).flush();
        }
        screen.out().print(text);
        text.setLength(0);
    }

    /** Cuts one step's output into lines and puts number and time before each. */
    private final class LineCutter {
        static final int MOST_HELD = 10_000;

        private final StringBuilder waiting = new StringBuilder();
        private boolean atLineStart = true;
        private int heldLines;

        void add(BuildEvent.Log log, Steps.Step step) {
            append(text, log, step);
        }

        void hold(BuildEvent.Log log, Steps.Step step) {
            append(waiting, log, step);
            heldLines++;
        }

        int held() {
            return heldLines;
        }

        private void append(StringBuilder to, BuildEvent.Log log, Steps.Step step) {
            String time = Amounts.decimal(step.age(log.at()), 3);
            String output = log.text();
            int from = 0;
            while (from < output.length()) {
                if (atLineStart) {
                    to.append('#')
                            .append(number(step.vertex))
                            .append(' ')
                            .append(time)
                            .append(' ');
                    atLineStart = false;
                }
                int end = output.indexOf('\n', from);
                to.append(output, from, end < 0 ? output.length() : end + 1);
                if (end < 0) {
                    return;
                }
                atLineStart = true;
                from = end + 1;
            }
        }

        void release() {
            text.append(waiting);
            waiting.setLength(0);
            heldLines = 0;
        }

        void flush() {
            release();
            if (!atLineStart) {
                text.append('\n');
                atLineStart = true;
            }
        }
    }
}
