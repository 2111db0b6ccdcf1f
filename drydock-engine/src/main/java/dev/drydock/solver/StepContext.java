package dev.drydock.solver;

import dev.drydock.event.BuildEvent;
import dev.drydock.oci.Digest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a running op may tell and know of its step. */
public interface StepContext {
    /** The vertex that runs. */
    Digest vertex();

    /** The step's name as shown, for messages. */
    String name();

    /** Says that the result was there already and nothing had to be done for it. */
    void reused();

    /** Output of a process, as it came. */
    void log(BuildEvent.Stream stream, String text);

    /** Progress of a part; see {@link BuildEvent.Status}. */
    void status(String id, long current, long total, Instant started, @Nullable Instant completed);
}
