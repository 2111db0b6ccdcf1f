package dev.drydock.cli.render;

import dev.drydock.event.BuildEvent;
import dev.drydock.oci.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a build's events add up to: its steps in the order they became known, with what happened to each. */
final class Steps {
    private final Map<Digest, Step> steps = new LinkedHashMap<>();
    private final List<BuildEvent.Warning> warnings = new ArrayList<>();
    private @Nullable Instant began;
    private @Nullable Step lastFailed;

    /** Where a step is. */
    enum State {
        QUEUED,
        RUNNING,
        DONE,
        CACHED,
        FAILED,
        CANCELED
    }

    /** A part of a step with its progress. */
    record Part(
            String id,
            long current,
            long total,
            Instant started,
            @Nullable Instant completed) {}

    /** One step. */
    static final class Step {
        final Digest vertex;
        final String name;
        final List<Digest> inputs;
        final Map<String, Part> parts = new LinkedHashMap<>();
        final LogTail log = new LogTail();
        State state = State.QUEUED;
        int order;

        @Nullable
        Instant started;

        @Nullable
        Instant ended;

        @Nullable
        String error;

        List<String> reasons = List.of();

        Step(Digest vertex, String name, List<Digest> inputs) {
            this.vertex = vertex;
            this.name = name;
            this.inputs = List.copyOf(inputs);
        }

        boolean begun() {
            return state != State.QUEUED;
        }

        boolean over() {
            return state != State.QUEUED && state != State.RUNNING;
        }

        Duration age(Instant now) {
            Instant from = started;
            if (from == null) {
                return Duration.ZERO;
            }
            Instant to = ended;
            return Duration.between(from, to == null ? now : to);
        }
    }

    void accept(BuildEvent event) {
        if (began == null) {
            began = event.at();
        }
        switch (event) {
            case BuildEvent.Queued queued ->
                steps.putIfAbsent(queued.vertex(), new Step(queued.vertex(), queued.name(), queued.inputs()));
            case BuildEvent.Started started -> {
                Step step = step(started.vertex());
                step.state = State.RUNNING;
                if (step.started == null) {
                    step.started = started.at();
                }
            }
            case BuildEvent.Completed done -> end(done.vertex(), State.DONE, done.at());
            case BuildEvent.Cached cached -> end(cached.vertex(), State.CACHED, cached.at());
            case BuildEvent.Canceled canceled -> end(canceled.vertex(), State.CANCELED, canceled.at());
            case BuildEvent.Failed failed -> {
                Step step = end(failed.vertex(), State.FAILED, failed.at());
                step.error = failed.message();
                lastFailed = step;
            }
            case BuildEvent.Status status ->
                step(status.vertex())
                        .parts
                        .put(
                                status.id(),
                                new Part(
                                        status.id(),
                                        status.current(),
                                        status.total(),
                                        status.started(),
                                        status.completed()));
            case BuildEvent.Log log -> {
                Step step = step(log.vertex());
                Instant from = step.started;
                Duration age = from == null ? Duration.ZERO : Duration.between(from, log.at());
                step.log.add(log.text(), age);
            }
            case BuildEvent.Warning warning -> warnings.add(warning);
            case BuildEvent.Explained explained -> step(explained.vertex()).reasons = explained.reasons();
            case BuildEvent.Finished _ -> {}
        }
    }

    private Step end(Digest vertex, State state, Instant at) {
        Step step = step(vertex);
        step.state = state;
        if (step.started == null) {
            step.started = at;
        }
        step.ended = at;
        return step;
    }

    Step step(Digest vertex) {
        return steps.computeIfAbsent(vertex, digest -> new Step(digest, digest.toString(), List.of()));
    }

    Collection<Step> all() {
        return steps.values();
    }

    List<BuildEvent.Warning> warnings() {
        return warnings;
    }

    @Nullable
    Step lastFailed() {
        return lastFailed;
    }

    Duration age(Instant now) {
        Instant from = began;
        return from == null ? Duration.ZERO : Duration.between(from, now);
    }
}
