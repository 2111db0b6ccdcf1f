package dev.drydock.metadata;

import dev.drydock.scope.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The store's metadata: names, images, cache records and claims in one SQLite file, {@code drydock.db}. Safe for several
 * threads and several processes. Transactions are short: nobody waits in one for a build, a child process or the network.
 */
public final class Database implements AutoCloseable {
    /** When a change must survive a power cut. The end of a process loses nothing either way. */
    public enum Durability {
        /** Before the transaction returns: what a person asked for. */
        NOW,
        /** With the next {@link #NOW} or checkpoint: what can be made again. */
        SOON
    }

    private final Sqlite sqlite;
    /** Held for a transaction: one connection has one at a time, and SQLite lets only one writer in anyway. */
    private final ReentrantLock turn = new ReentrantLock();

    private Durability set = Durability.SOON; // by turn

    private Database(Sqlite sqlite) {
        this.sqlite = sqlite;
    }

    /**
     * Opens the database of the store under {@code root}, making it or bringing it to this version first. The caller
     * closes it.
     *
     * @throws dev.drydock.fault.EnvironmentFault if it cannot be used, or a newer version wrote it; then it is untouched
     */
    public static Database open(Path root) {
        try {
            if (!Files.isDirectory(root)) {
                Files.createDirectories(root);
            }
            NativeLibrary.prepare(root);
        } catch (IOException e) {
            throw Disk.fault("open store " + root, e);
        }
        try {
            Sqlite sqlite = new Sqlite(root.resolve("drydock.db"));
            try {
                Schema.migrate(sqlite, root);
                sqlite.execute("PRAGMA foreign_keys=ON");
                sqlite.execute("PRAGMA synchronous=NORMAL");
                return new Database(sqlite);
            } catch (SQLException | RuntimeException e) {
                sqlite.close();
                throw e;
            }
        } catch (SQLException e) {
            throw Sqlite.fault(e);
        }
    }

    /** Reads one state of the database. */
    public <T extends @Nullable Object> T read(Function<Transaction, T> work) {
        return run("BEGIN", work);
    }

    /** Changes the database: all of it or, when {@code work} throws, nothing. */
    public <T extends @Nullable Object> T write(Durability durability, Function<Transaction, T> work) {
        turn.lock();
        try {
            if (set != durability) {
                sqlite.execute(durability == Durability.NOW ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
                set = durability;
            }
            // Immediate: a transaction that reads first and writes later would fail if another came between.
            return run("BEGIN IMMEDIATE", work);
        } catch (SQLException e) {
            throw Sqlite.fault(e);
        } finally {
            turn.unlock();
        }
    }

    private <T extends @Nullable Object> T run(String begin, Function<Transaction, T> work) {
        turn.lock();
        try {
            sqlite.execute(begin);
            try {
                T result = work.apply(new Transaction(sqlite));
                sqlite.execute("COMMIT");
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                rollback(e);
                throw e;
            }
        } catch (SQLException e) {
            throw Sqlite.fault(e);
        } finally {
            turn.unlock();
        }
    }

    private void rollback(Throwable because) {
        try {
            sqlite.rollback();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    /** Closing twice is harmless. */
    @Override
    public void close() {
        turn.lock();
        try {
            sqlite.close();
        } catch (SQLException e) {
            throw Sqlite.fault(e);
        } finally {
            turn.unlock();
        }
    }
}
