package dev.drydock.metadata;

import dev.drydock.scope.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that only takes up space: on a full disk it makes room for the transaction that frees what filled it. Made again
 * when there is room.
 */
final class Reserve {
    private static final int SIZE = 512 * 1024;

    private final Path file;

    Reserve(Path root) {
        this.file = root.resolve("reserve");
    }

    /** Makes the file if it is missing. */
    void fill() {
        if (Files.exists(file)) {
            return;
        }
        try {
            Files.write(file, new byte[SIZE]);
        } catch (IOException e) {
            spend(); // no room now; the next work on the store tries again
        }
    }

    /** Gives the space to whoever asks next. */
    void spend() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Disk.fault("delete " + file, e);
        }
    }
}
