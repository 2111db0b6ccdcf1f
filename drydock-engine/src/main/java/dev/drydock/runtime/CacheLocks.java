package dev.drydock.runtime;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shared and exclusive locks on files, between threads and between processes. The kernel drops a process's locks when it
 * ends, however it ends. It also drops them when the process closes any descriptor of the file, so each file is open once.
 */
final class CacheLocks {
    private static final long PAUSE_MILLIS = 20;

    /** Files that are locked by this process. Guarded by itself. */
    private static final Map<Path, Held> HELD = new HashMap<>();

    private CacheLocks() {}

    /** How a file is locked. */
    enum Mode {
        SHARED,
        EXCLUSIVE
    }

    /** A lock; closing it gives it back. */
    interface Lock extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    private static final class Held {
        private final FileChannel channel;
        private final Mode mode;
        private int holders = 1;

        Held(FileChannel channel, Mode mode) {
            this.channel = channel;
            this.mode = mode;
        }
    }

    /** Waits for the lock; the file is made if it is missing. Caller closes. */
    static Lock acquire(Path file, Mode mode) throws IOException, InterruptedException {
        while (true) {
            Optional<Lock> lock = tryAcquire(file, mode);
            if (lock.isPresent()) {
                return lock.get();
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** The lock if nobody is in the way. Caller closes. */
    static Optional<Lock> tryAcquire(Path file, Mode mode) throws IOException {
        synchronized (HELD) {
            Held held = HELD.get(file);
            if (held != null) {
                if (mode == Mode.EXCLUSIVE || held.mode == Mode.EXCLUSIVE) {
                    return Optional.empty();
                }
                held.holders++;
                return Optional.of(new OneRelease(file, held));
            }
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Object opened = identity(file);
            if (opened == null
                    || channel.tryLock(0, Long.MAX_VALUE, mode == Mode.SHARED) == null
                    || !opened.equals(identity(file))) {
                channel.close();
                return Optional.empty(); // held, or removed by whoever held it: then the next attempt makes another
            }
            Held first = new Held(channel, mode);
            HELD.put(file, first);
            return Optional.of(new OneRelease(file, first));
        }
    }

    /** Tells files of one name from each other, while somebody has them open; null if there is none. */
    private static @Nullable Object identity(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Gives back once, however often it is closed. */
    private static final class OneRelease implements Lock {
        private final Path file;
        private final Held held;
        private boolean closed;

        OneRelease(Path file, Held held) {
            this.file = file;
            this.held = held;
        }

        @Override
        public void close() throws IOException {
            synchronized (HELD) {
                if (closed) {
                    return;
                }
                closed = true;
                held.holders--;
                if (held.holders == 0) {
                    HELD.remove(file);
                    held.channel.close();
                }
            }
        }
    }
}
