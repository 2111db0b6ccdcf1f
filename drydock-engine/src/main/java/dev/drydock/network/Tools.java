package dev.drydock.network;

import dev.drydock.fault.EnvironmentFault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The programs that networks are made with. */
public interface Tools {
    /** Where a program is. */
    Optional<Path> find(String program);

    /** Starts a process that ends with this JVM, with its standard streams as pipes. */
    Process start(List<String> command) throws InterruptedException;

    /** @throws EnvironmentFault if the program is not there */
    default String require(String program) {
        return find(program)
                .orElseThrow(() -> new EnvironmentFault("make network of steps: " + program + " not found on the PATH"))
                .toString();
    }
}
