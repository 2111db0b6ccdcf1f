package dev.drydock.ops;

import java.nio.file.Path;
import java.util.Optional;

/** What the caller of a build keeps for its steps, by ID. Safe for several threads. */
public interface StepSecrets {
    /** The value of a secret, empty if there is none of that ID. It goes to the step and nowhere else. */
    Optional<byte[]> secret(String id);

    /** Whether there is any SSH agent. */
    boolean hasAgents();

    /** The socket of an SSH agent, empty if there is none of that ID. */
    Optional<Path> agent(String id) throws InterruptedException;
}
