package dev.drydock.metadata;

import dev.drydock.fault.CorruptData;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.scope.Disk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
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

    /** The file's name below a store's root. */
    public static final String FILE = "drydock.db";

    /** The file beside it that has a copy of the images' names. */
    public static final String NAMES = "names";

    /** With fewer pages of 4 KiB there is nothing to win. */
    private static final int LEAST_UNUSED_PAGES = 64;

    private final Sqlite sqlite;
    private final Reserve reserve;
    /** Held for a transaction: one connection has one at a time, and SQLite lets only one writer in anyway. */
    private final ReentrantLock turn = new ReentrantLock();

    private Durability set = Durability.SOON; // by turn
    private volatile boolean written;

    private Database(Sqlite sqlite, Reserve reserve) {
        this.sqlite = sqlite;
        this.reserve = reserve;
    }

    /**
     * Opens the database of the store under {@code root}, making it or bringing it to this version first. The caller
     * closes it.
     *
     * @throws dev.drydock.fault.EnvironmentFault if it cannot be used, or a newer version wrote it; then it is untouched
     */
    public static Database open(Path root) {
        prepare(root);
        try {
            return openFile(root);
        } catch (EnvironmentFault fault) {
            if (!Disk.isFull(fault)) {
                throw fault;
            }
            // even to read takes 32 KiB beside the database; without, nothing could be removed either
            new Reserve(root).spend();
            return openFile(root);
        }
    }

    private static Database openFile(Path root) {
        try {
            checkThere(root);
            new Reserve(root).checkRoom();
            Sqlite sqlite = new Sqlite(root.resolve(FILE));
            try {
                Schema.migrate(sqlite, root);
                sqlite.execute("PRAGMA foreign_keys=ON");
                sqlite.execute("PRAGMA synchronous=NORMAL");
                return new Database(sqlite, new Reserve(root));
            } catch (SQLException | RuntimeException e) {
                sqlite.close();
                throw e;
            }
        } catch (SQLException e) {
            throw Sqlite.fault(root.resolve(FILE), e);
        } catch (IOException e) {
            throw Disk.fault("open store " + root, e);
        }
    }

    /** A database that is gone must not be taken for a new store: all that it knew would look like leftovers. */
    private static void checkThere(Path root) throws IOException {
        Path file = root.resolve(FILE);
        if (Files.exists(file) && Files.size(file) > 0) {
            return;
        }
        Path layers = root.resolve("layers");
        if (Files.exists(root.resolve(NAMES))
                || (Files.isDirectory(layers) && !Disk.entries(layers).isEmpty())) {
            throw new CorruptData("use store's database " + file + ": it is "
                            + (Files.exists(file) ? "empty" : "missing") + ", but the store has images")
                    .hint(Sqlite.REBUILD);
        }
    }

    /** Makes the directory usable, or says what keeps it from being a store. */
    private static void prepare(Path root) {
        try {
            if (!Files.isDirectory(root)) {
                Files.createDirectories(root);
            }
            if (!Files.isWritable(root) || !Files.isExecutable(root)) {
                throw unusable(
                        root, Files.getFileStore(root).isReadOnly() ? "read-only file system" : "permission denied");
            }
            NativeLibrary.prepare(root);
        } catch (AccessDeniedException e) {
            throw unusable(root, "permission denied: " + e.getFile());
        } catch (IOException e) {
            Path file = root;
            while (!Files.exists(file) && file.getParent() != null) {
                file = file.getParent();
            }
            throw Files.isDirectory(file)
                    ? Disk.fault("open store " + root, e)
                    : unusable(root, file + " is not a directory");
        }
    }

    private static EnvironmentFault unusable(Path root, String cause) {
        return new EnvironmentFault("open store " + root + ": " + cause)
                .hint("A store is a directory that this user may write: choose one with --root DIR or DRYDOCK_ROOT.");
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
            if (!written) {
                reserve.checkRoom(); // from the first write on the whole map is there
                written = true;
            }
            // Immediate: a transaction that reads first and writes later would fail if another came between.
            return run("BEGIN IMMEDIATE", work);
        } catch (SQLException e) {
            throw sqlite.fault(e);
        } finally {
            turn.unlock();
        }
    }

    /**
     * Changes the database so that space becomes free. On a full disk it has the store's reserve to do so; {@code work}
     * may then run twice.
     */
    public <T extends @Nullable Object> T free(Durability durability, Function<Transaction, T> work) {
        try {
            return write(durability, work);
        } catch (EnvironmentFault fault) {
            if (!Disk.isFull(fault)) {
                throw fault;
            }
            reserve.spend();
            return write(durability, work);
        }
    }

    /** Whether {@link #write} was called since it was opened. */
    public boolean isWritten() {
        return written;
    }

    /** What SQLite finds wrong in the file, one complaint each; empty when all is well. */
    public List<String> complaints() {
        turn.lock();
        try {
            List<String> complaints = new ArrayList<>();
            for (String line : sqlite.texts("PRAGMA integrity_check(20)")) {
                if (!line.equals("ok")) {
                    complaints.add(line);
                }
            }
            for (String table : sqlite.texts("PRAGMA foreign_key_check")) {
                complaints.add("a row of " + table + " refers to nothing");
            }
            return complaints;
        } catch (SQLException e) {
            throw sqlite.fault(e);
        } finally {
            turn.unlock();
        }
    }

    /** Makes all indexes again from their tables; returns whether SQLite finds nothing wrong then. */
    public boolean rebuildIndexes() {
        turn.lock();
        try {
            sqlite.execute("REINDEX");
        } catch (SQLException e) {
            return false;
        } finally {
            turn.unlock();
        }
        return complaints().isEmpty();
    }

    /**
     * Gives the file system back what deleted rows took, if that is worth it. While others work with the database nothing
     * happens.
     */
    public void compact() {
        turn.lock();
        try {
            long pages = sqlite.number("PRAGMA page_count");
            long unused = sqlite.number("PRAGMA freelist_count");
            if (unused > LEAST_UNUSED_PAGES && unused * 4 > pages) {
                sqlite.tryExecute("VACUUM");
            }
            sqlite.tryExecute("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            throw sqlite.fault(e);
        } finally {
            turn.unlock();
        }
    }

    /** Gives up the space that {@link #free} has, for what must be written before that can be called. */
    public void spendReserve() {
        reserve.spend();
    }

    /** Makes sure that {@link #free} will have its space; called when work on the store begins. */
    public void fillReserve() {
        reserve.fill();
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
            throw sqlite.fault(e);
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
            throw sqlite.fault(e);
        } finally {
            turn.unlock();
        }
    }
}
