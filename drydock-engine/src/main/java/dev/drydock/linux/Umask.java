package dev.drydock.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** What stands between a mode that is asked for and the mode that a new file gets. */
final class Umask {
    private static final int BITS = read();

    private Umask() {}

    /**
     * The permission bits that the kernel takes from new files. Read once, and not through umask(2), which would change
     * it for the whole process to tell it. If it cannot be known, all bits: every mode is then set again.
     */
    static int bits() {
        return BITS;
    }

    private static int read() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("Umask:")) {
                    return Integer.parseInt(line.substring(6).strip(), 8);
                }
            }
            return 0777;
        } catch (IOException | NumberFormatException e) {
            return 0777;
        }
    }

    /** Writes access and modification time as utimensat takes them. */
    static void putTimes(MemorySegment times, long mtimeNs) {
        long seconds = Math.floorDiv(mtimeNs, 1_000_000_000L);
        long nanos = Math.floorMod(mtimeNs, 1_000_000_000L);
        times.set(JAVA_LONG, 0, seconds);
        times.set(JAVA_LONG, 8, nanos);
        times.set(JAVA_LONG, 16, seconds);
        times.set(JAVA_LONG, 24, nanos);
    }
}
