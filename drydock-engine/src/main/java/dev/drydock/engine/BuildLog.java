package dev.drydock.engine;

import dev.drydock.event.BuildEvent;
import dev.drydock.event.BuildEvents;
import dev.drydock.fault.DrydockException;
import dev.drydock.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the events of a build's many threads into one order, and tells of the work that is not a step of the graph. */
final class BuildLog implements BuildEvents {
    private final BuildEvents receiver;
    private final InstantSource clock;
    private final Object order = new Object();

    BuildLog(BuildEvents receiver, InstantSource clock) {
        this.receiver = receiver;
        this.clock = clock;
    }

    @Override
    public void accept(BuildEvent event) {
        synchronized (order) {
            receiver.accept(event);
        }
    }

    /** Work with a result. */
    @FunctionalInterface
    interface Work<T> {
        T run(Part part) throws InterruptedException;
    }

    /** Tells of a part of the work that goes on. */
    interface Part {
        /** Says that {@code id} began at {@code started} and is done. */
        void done(String id, long amount, Instant started);
    }

    /** Does work under a name of its own, as BuildKit shows its internal vertices. */
    <T> T internal(String name, Work<T> work) throws InterruptedException {
        Digest vertex = internalVertex(name);
        accept(new BuildEvent.Queued(clock.instant(), vertex, name, List.of()));
        accept(new BuildEvent.Started(clock.instant(), vertex));
        try {
            T result = work.run((id, amount, started) -> {
                Instant now = clock.instant();
                accept(new BuildEvent.Status(now, vertex, id, amount, 0, started, now));
            });
            accept(new BuildEvent.Completed(clock.instant(), vertex));
            return result;
        } catch (DrydockException fault) {
            accept(new BuildEvent.Failed(clock.instant(), vertex, fault.text()));
            throw fault;
        } catch (InterruptedException e) {
            accept(new BuildEvent.Canceled(clock.instant(), vertex));
            throw e;
        }
    }

    /** The vertex that {@link #internal} makes for a name. */
    static Digest internalVertex(String name) {
        return Digest.of(("internal\n" + name).getBytes(StandardCharsets.UTF_8));
    }

    void finished(@Nullable Digest image) {
        accept(new BuildEvent.Finished(clock.instant(), image));
    }

    Instant now() {
        return clock.instant();
    }
}
