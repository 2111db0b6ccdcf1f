package dev.drydock.event;

import dev.drydock.dockerfile.Finding;
import dev.drydock.oci.Digest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a build, in order: the single stream that renderers and APIs read. A vertex goes from {@link Queued}
 * to {@link Started} to exactly one of {@link Completed}, {@link Cached}, {@link Failed} and {@link Canceled}; a cached
 * one may skip {@link Started}. A base image may be completed twice: when it is known, and when its content has come.
 * {@link Status} and {@link Log} belong to a started vertex. {@link Finished} is last. Receivers are called from one thread
 * at a time and must not block for long.
 */
public sealed interface BuildEvent {
    /** When it happened. */
    Instant at();

    /** The vertex is part of the build. {@code name} is the step's name as BuildKit prints it. */
    record Queued(Instant at, Digest vertex, String name, List<Digest> inputs) implements BuildEvent {
        public Queued {
            inputs = List.copyOf(inputs);
        }
    }

    record Started(Instant at, Digest vertex) implements BuildEvent {}

    /** The vertex ran and succeeded. */
    record Completed(Instant at, Digest vertex) implements BuildEvent {}

    /** An earlier result was used; nothing ran. */
    record Cached(Instant at, Digest vertex) implements BuildEvent {}

    record Failed(Instant at, Digest vertex, String message) implements BuildEvent {}

    record Canceled(Instant at, Digest vertex) implements BuildEvent {}

    /**
     * Progress of a part of a vertex.
     *
     * @param id what it is, for example {@code transferring context:}; unique within the vertex
     * @param current bytes or items done
     * @param total bytes or items in all, 0 when not known
     * @param completed null while it goes on
     */
    record Status(
            Instant at,
            Digest vertex,
            String id,
            long current,
            long total,
            Instant started,
            @Nullable Instant completed)
            implements BuildEvent {}

    /** A piece of a RUN step's output, as it came: not cut at line ends. */
    record Log(Instant at, Digest vertex, Stream stream, String text) implements BuildEvent {}

    /** Which stream a {@link Log} came from. */
    enum Stream {
        OUT(1),
        ERR(2);

        private final int descriptor;

        Stream(int descriptor) {
            this.descriptor = descriptor;
        }

        /** 1 or 2. */
        public int descriptor() {
            return descriptor;
        }
    }

    /** A finding of the Dockerfile checks. {@code source} is the text of the Dockerfile that it is about. */
    record Warning(Instant at, Digest vertex, Finding finding, String source) implements BuildEvent {}

    /** Why a step ran again: one sentence for each input that changed. Sent for steps that miss the cache. */
    record Explained(Instant at, Digest vertex, List<String> reasons) implements BuildEvent {
        public Explained {
            reasons = List.copyOf(reasons);
        }
    }

    /** The build is over. {@code image} is the image ID, null when it failed or made none. */
    record Finished(Instant at, @Nullable Digest image) implements BuildEvent {}
}
