package dev.drydock.metadata;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A running transaction: statements in it see one state of the database, and their changes appear together or not at
 * all. Arguments are strings, numbers, byte arrays or null. Valid only inside the call it was given to.
 */
public final class Transaction {
    private final Sqlite sqlite;

    Transaction(Sqlite sqlite) {
        this.sqlite = sqlite;
    }

    /** Runs a statement that changes rows; returns how many. */
    public int update(String sql, @Nullable Object... arguments) {
        try {
            return bind(sql, arguments).executeUpdate();
        } catch (SQLException e) {
            throw sqlite.fault(e);
        }
    }

    /** Inserts a row and returns its number. */
    public long insert(String sql, @Nullable Object... arguments) {
        update(sql, arguments);
        return first("SELECT last_insert_rowid()", row -> row.number(1)).orElseThrow();
    }

    /** Every row of a query, in its order. */
    public <T> List<T> list(String sql, Function<Row, T> reader, @Nullable Object... arguments) {
        try (ResultSet result = bind(sql, arguments).executeQuery()) {
            List<T> rows = new ArrayList<>();
            Row row = new Row(sqlite, result);
            while (result.next()) {
                rows.add(reader.apply(row));
            }
            return rows;
        } catch (SQLException e) {
            throw sqlite.fault(e);
        }
    }

    /** The first row of a query. */
    public <T> Optional<T> first(String sql, Function<Row, T> reader, @Nullable Object... arguments) {
        try (ResultSet result = bind(sql, arguments).executeQuery()) {
            return result.next() ? Optional.of(reader.apply(new Row(sqlite, result))) : Optional.empty();
        } catch (SQLException e) {
            throw sqlite.fault(e);
        }
    }

    private PreparedStatement bind(String sql, @Nullable Object... arguments) throws SQLException {
        PreparedStatement statement = sqlite.prepared(sql);
        for (int i = 0; i < arguments.length; i++) {
            int column = i + 1;
            switch (arguments[i]) {
                case null -> statement.setNull(column, java.sql.Types.NULL);
                case String text -> statement.setString(column, text);
                case Integer number -> statement.setLong(column, number);
                case Long number -> statement.setLong(column, number);
                case byte[] bytes -> statement.setBytes(column, bytes);
                default -> throw new IllegalArgumentException("argument " + arguments[i]);
            }
        }
        return statement;
    }
}
