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
    /** What SQLite maps beside the database for the first some thousand pages of its log, twice. */
    private static final int MAPPED = 64 * 1024;
    /** Less is little. */
    private static final long LITTLE = 2L * SIZE;

    private final Path root;
    private final Path file;

    Reserve(Path root) {
        this.root = root;
        this.file = root.resolve("reserve");
    }

    /**
     * Makes sure that there is room for what SQLite maps. It writes one byte to each page of it first, so that a full disk is
     * an error; where blocks are smaller than pages that is not enough, and touching the rest would be the end of the process
     * (SIGBUS).
     *
     * @throws dev.drydock.fault.EnvironmentFault if the disk is full
     */
    void checkRoom() {
        if (root.toFile().getUsableSpace() >= LITTLE) {
            return;
        }
        Path trial = root.resolve("room");
        try {
            try {
                Files.write(trial, new byte[MAPPED]);
            } finally {
                Files.deleteIfExists(trial);
            }
        } catch (IOException e) {
            throw Disk.fault("write " + trial, e);
        }
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
