package dev.drydock.metadata;

import dev.drydock.fault.Bug;
import dev.drydock.fault.CorruptData;
import dev.drydock.fault.DrydockException;
import dev.drydock.fault.EnvironmentFault;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.sqlite.JDBC;

/** One connection with its prepared statements. Used by one thread at a time. */
final class Sqlite implements AutoCloseable {
    /** How long a transaction waits for another process's; those only do a few writes each. */
    private static final int PATIENCE_MILLIS = 60_000;

    private final Connection connection;
    private final Statement plain;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Sqlite(Path file) throws SQLException {
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

    static DrydockException fault(SQLException e) {
        // The primary code is in the low byte: https://www.sqlite.org/rescode.html
        return switch (e.getErrorCode() & 0xff) {
            case 5, 6 ->
                new EnvironmentFault("use store's database: another process holds it for too long", e)
                        .hint("Look for a drydock process that was stopped and continue or end it.");
            case 8, 14, 23 ->
                new EnvironmentFault("use store's database: permission denied", e)
                        .hint("Choose a store that you may write with --root DIR, or run as the user who owns it.");
            case 10 -> new EnvironmentFault("use store's database: " + lower(e), e);
            case 13 ->
                new EnvironmentFault("use store's database: no space left on device", e)
                        .hint("Free space on that file system, or choose another place for the store with --root DIR.");
            case 11, 26 -> new CorruptData("use store's database: " + lower(e), e);
            default -> new Bug("use store's database: " + lower(e), e);
        };
    }

    private static String lower(SQLException e) {
        return e.getMessage() == null ? "unknown cause" : e.getMessage().toLowerCase(Locale.ROOT);
    }

    static CorruptData missing(int column) {
        return new CorruptData("read store's database: column " + column + " is empty");
    }
}
