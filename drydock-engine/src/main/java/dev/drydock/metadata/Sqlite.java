package dev.drydock.metadata;

import dev.drydock.fault.Bug;
import dev.drydock.fault.CorruptData;
import dev.drydock.fault.DrydockException;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.scope.Disk;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.sqlite.JDBC;

/** One connection with its prepared statements. Used by one thread at a time. */
final class Sqlite implements AutoCloseable {
    /** How long a transaction waits for another process's; those only do a few writes each. */
    private static final int PATIENCE_MILLIS = 60_000;

    /** What to do about a damaged database. */
    static final String REBUILD =
            "drydock fsck --repair makes it again from what the store holds: images and names come back, the"
                    + " build cache does not.";

    private static final int IO = 10;
    private static final int FULL = 13;

    private final Path file;
    private final Connection connection;
    private final Statement plain;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Sqlite(Path file) throws SQLException {
        this.file = file;
        Properties properties = new Properties();
        properties.setProperty("busy_timeout", Integer.toString(PATIENCE_MILLIS));
        connection = JDBC.createConnection(JDBC.PREFIX + file, properties);
        plain = connection.createStatement();
    }

    void execute(String sql) throws SQLException {
        plain.execute(sql);
    }

    int number(String sql) throws SQLException {
        try (ResultSet result = plain.executeQuery(sql)) {
            return result.getInt(1);
        }
    }

    /** Runs a statement that is no loss when others are in the way or the disk is full. */
    void tryExecute(String sql) throws SQLException {
        plain.execute("PRAGMA busy_timeout=0");
        try {
            plain.execute(sql);
        } catch (SQLException e) {
            int code = e.getErrorCode() & 0xff;
            if (code != 5 && code != 6 && code != IO && code != FULL) {
                throw e;
            }
        } finally {
            plain.execute("PRAGMA busy_timeout=" + PATIENCE_MILLIS);
        }
    }

    /** The first column of every row. */
    List<String> texts(String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (ResultSet result = plain.executeQuery(sql)) {
            while (result.next()) {
                texts.add(String.valueOf(result.getString(1)));
            }
        }
        return texts;
    }

    /** Undoes the open transaction, unless SQLite has done so already, as it does on a full disk. */
    void rollback() throws SQLException {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
                throw e;
            }
        }
    }

    PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        return statement;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** The fault for a failed statement. */
    DrydockException fault(SQLException e) {
        return fault(file, e);
    }

    /** The fault for a database that could not be opened or used. */
    static DrydockException fault(Path file, SQLException e) {
        String task = "use store's database " + file + ": ";
        // The primary code is in the low byte: https://www.sqlite.org/rescode.html
        int code = e.getErrorCode() & 0xff;
        return switch (code == IO && Disk.isFull(file) ? FULL : code) {
            case 5, 6 ->
                new EnvironmentFault(task + "another process holds it for too long", e)
                        .hint("Look for a drydock process that was stopped and continue or end it.");
            case 8, 14, 23 ->
                new EnvironmentFault(task + "permission denied", e)
                        .hint("Choose a store that you may write with --root DIR, or run as the user who owns it.");
            case IO ->
                new EnvironmentFault(task + lower(e), e).hint("Look into the kernel's log for what the disk reported.");
            case FULL ->
                new EnvironmentFault(task + "no space left on device", e)
                        .hint("Free space on that file system, or choose another place for the store with --root DIR.");
            case 11, 26 ->
                new CorruptData(task + (e.getErrorCode() == 26 ? "it is not a database" : "it is damaged"), e)
                        .hint(REBUILD);
            default -> new Bug(task + lower(e), e);
        };
    }

    private static String lower(SQLException e) {
        return e.getMessage() == null ? "unknown cause" : e.getMessage().toLowerCase(Locale.ROOT);
    }

    CorruptData missing(int column) {
        return new CorruptData("read store's database " + file + ": column " + column + " is empty");
    }
}
