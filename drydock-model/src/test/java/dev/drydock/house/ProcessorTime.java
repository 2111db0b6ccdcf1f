package dev.drydock.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a computation takes of a processor, which does not grow with what else the machine has to do. */
public final class ProcessorTime {
    private static final Path STAT = Path.of("/proc/thread-self/stat");
    /** The kernel counts in hundredths of a second, whatever its own clock does. */
    private static final int MILLIS_OF_TICK = 10;

    private ProcessorTime() {}

    /** Milliseconds that the calling thread has computed so far, itself and in the kernel. */
    public static long millisOfThisThread() {
        try {
            String stat = Files.readString(STAT);
            // the name, in parentheses, may hold anything; what follows it begins with the third field
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MILLIS_OF_TICK;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
