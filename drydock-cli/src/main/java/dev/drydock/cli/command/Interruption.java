package dev.drydock.cli.command;

import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * While open, Ctrl-C and TERM interrupt the thread that opened it; the second one ends the process at once. Through JLine,
 * as the JDK's own class for signals cannot be named without a warning that nothing silences.
 */
final class Interruption implements AutoCloseable {
    private final @Nullable Object previousInt;
    private final @Nullable Object previousTerm;
    private boolean asked;

    private Interruption(Thread thread) {
        Runnable handler = () -> interrupt(thread);
        previousInt = Signals.register("INT", handler);
        previousTerm = Signals.register("TERM", handler);
    }

    static Interruption ofThisThread() {
        return new Interruption(Thread.currentThread());
    }

    private synchronized void interrupt(Thread thread) {
        if (asked) {
            // the store needs no repair, and mounts and steps die with this process
            Runtime.getRuntime().halt(Commands.INTERRUPTED);
        }
        asked = true;
        thread.interrupt();
    }

    @Override
    public void close() {
        Signals.unregister("INT", previousInt);
        Signals.unregister("TERM", previousTerm);
    }
}
