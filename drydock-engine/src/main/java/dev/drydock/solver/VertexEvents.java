package dev.drydock.solver;

import dev.drydock.event.BuildEvent;
import dev.drydock.event.BuildEvents;
import dev.drydock.fault.DrydockException;
import dev.drydock.oci.Digest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What one build tells of its vertices: each begins once, and ends once as completed, cached, failed or cancelled. Several
 * threads may tell at once.
 */
final class VertexEvents {
    private final BuildEvents events;
    private final InstantSource clock;
    /** Vertices of which it is told, or is being told, how they end. */
    private final Set<Digest> announced = ConcurrentHashMap.newKeySet();
    /** Vertices whose work was seen to begin; a recipe that takes its time begins it early. */
    private final Set<Digest> started = ConcurrentHashMap.newKeySet();

    VertexEvents(BuildEvents events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
    }

    /** The vertex is worked for. */
    void started(Digest vertex) {
        if (started.add(vertex)) {
            events.accept(new BuildEvent.Started(clock.instant(), vertex));
        }
    }

    /** Nothing was to be done for the vertex: it is complete as it stands. */
    void unused(Digest vertex) {
        if (announced.add(vertex)) {
            started(vertex);
            events.accept(new BuildEvent.Completed(clock.instant(), vertex));
        }
    }

    /**
     * Leaves it to the caller to tell how the vertex ends.
     *
     * @return false when somebody has told, or tells
     */
    boolean claim(Digest vertex) {
        return announced.add(vertex);
    }

    /** An earlier result serves for a vertex that the caller has claimed. */
    void cached(Digest vertex) {
        events.accept(new BuildEvent.Cached(clock.instant(), vertex));
    }

    /** Why the vertex runs. */
    void explained(Digest vertex, List<String> reasons) {
        if (!reasons.isEmpty()) {
            events.accept(new BuildEvent.Explained(clock.instant(), vertex, reasons));
        }
    }

    /** A vertex that the caller has claimed did its work. */
    void completed(Digest vertex) {
        events.accept(new BuildEvent.Completed(clock.instant(), vertex));
    }

    void failed(Digest vertex, DrydockException fault) {
        announced.add(vertex);
        events.accept(new BuildEvent.Failed(clock.instant(), vertex, fault.text()));
    }

    /** The vertex was given up; told only where something had been told of it before. */
    void cancelled(Digest vertex) {
        if (announced.contains(vertex) || started.contains(vertex)) {
            events.accept(new BuildEvent.Canceled(clock.instant(), vertex));
        }
    }

    /** What the running step of a vertex says goes out under its name. */
    Step step(Digest vertex, String name) {
        return new Step(vertex, name);
    }

    /** One vertex at work. */
    final class Step implements StepContext {
        private final Digest vertex;
        private final String name;
        private volatile boolean reused;

        private Step(Digest vertex, String name) {
            this.vertex = vertex;
            this.name = name;
        }

        /** Whether the step found that an earlier result serves. */
        boolean isReused() {
            return reused;
        }

        @Override
        public Digest vertex() {
            return vertex;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void reused() {
            reused = true;
        }

        @Override
        public void log(BuildEvent.Stream stream, String text) {
            started(vertex);
            events.accept(new BuildEvent.Log(clock.instant(), vertex, stream, text));
        }

        @Override
        public void status(String id, long current, long total, Instant since, @Nullable Instant completed) {
            started(vertex);
            events.accept(new BuildEvent.Status(clock.instant(), vertex, id, current, total, since, completed));
        }
    }
}
