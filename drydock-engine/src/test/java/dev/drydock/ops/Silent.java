package dev.drydock.ops;

import dev.drydock.event.BuildEvent;
import dev.drydock.oci.Digest;
import dev.drydock.solver.StepContext;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A step of which nobody hears. */
record Silent() implements StepContext {
    @Override
    public Digest vertex() {
        return Digest.of(new byte[0]);
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public void reused() {}

    @Override
    public void log(BuildEvent.Stream stream, String text) {}

    @Override
    public void status(String id, long current, long total, Instant started, @Nullable Instant completed) {}
}
