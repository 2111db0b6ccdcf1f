package dev.drydock.metadata;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** One row of a result; columns count from 1. Valid only while it is being read. */
public final class Row {
    private final Sqlite sqlite;
    private final ResultSet result;

    Row(Sqlite sqlite, ResultSet result) {
        this.sqlite = sqlite;
        this.result = result;
    }

    /** A column that is never null. */
    public String text(int column) {
        String text = textOrNull(column);
        if (text == null) {
            throw sqlite.missing(column);
        }
        return text;
    }

    public @Nullable String textOrNull(int column) {
        try {
            return result.getString(column);
        } catch (SQLException e) {
            throw sqlite.fault(e);
        }
    }

    /** A number, 0 for null. */
    public long number(int column) {
        try {
            return result.getLong(column);
        } catch (SQLException e) {
            throw sqlite.fault(e);
        }
    }

    /** A column that is never null. */
    public byte[] bytes(int column) {
        try {
            byte[] bytes = result.getBytes(column);
            if (bytes == null) {
                throw sqlite.missing(column);
            }
            return bytes;
        } catch (SQLException e) {
            throw sqlite.fault(e);
        }
    }
}
