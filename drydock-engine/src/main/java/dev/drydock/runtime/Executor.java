package dev.drydock.runtime;

import dev.drydock.event.BuildEvent;
import dev.drydock.graph.Op;
import dev.drydock.network.StepNetwork;
import java.util.List;

/** Runs one process in one root with given mounts; knows nothing of images, caches or Dockerfiles. */
public interface Executor {
    /**
     * Runs the process and blocks until it has ended and all its output has been delivered. When the calling thread is
     * interrupted, the process and its children are killed, everything mounted is gone, and the interrupt is rethrown.
     * No process of the step lives on, whatever way this method ends.
     *
     * @throws dev.drydock.fault.EnvironmentFault if the process could not be started for a reason of the host's
     */
    Exit run(ProcessSpec spec, Output output) throws InterruptedException;

    /** Says that a step will be run in a moment, so that what takes time and does not depend on it may begin. */
    void expectStep();

    /**
     * The network that steps are on that ask for this one; made if it is not there yet.
     *
     * @throws dev.drydock.fault.EnvironmentFault if it cannot be made
     */
    StepNetwork network(Op.Network wanted) throws InterruptedException;

    /** Lets steps with a network of their own reach a port of the host's loopback interface, at the same address. */
    void forward(int port) throws InterruptedException;

    /** Hosts that steps asked for and that a list of allowed hosts does not name, each with its port. */
    List<String> refusedHosts();

    /** Whether several steps can have one directory of the host's at once; if not, it is moved into the root that has it. */
    boolean sharesDirectories();

    /** What the runtime that is used is called, for messages: {@code runc 1.1.5}. */
    String name();

    /** Receives output as it comes; called from two threads, one per stream. */
    interface Output {
        void write(BuildEvent.Stream stream, byte[] bytes, int length);
    }

    /**
     * How a process ended.
     *
     * @param code its exit code; 128 plus the signal's number when a signal ended it
     * @param errors the first 2000 bytes or so of what came on standard error, the runtime's words among them
     */
    record Exit(int code, String errors) {}
}
