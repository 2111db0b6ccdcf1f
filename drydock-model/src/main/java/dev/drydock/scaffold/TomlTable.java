package dev.drydock.scaffold;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table of a TOML document, its keys in the order of the document. */
record TomlTable(Map<String, TomlValue> entries) implements TomlValue {
    static final TomlTable EMPTY = new TomlTable(Map.of());

    public TomlTable {
        entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /** The text at a path of keys. */
    Optional<String> text(String... path) {
        return at(path) instanceof TomlValue.Text value ? Optional.of(value.text()) : Optional.empty();
    }

    /** The text or the number at a path of keys, as written. */
    Optional<String> scalar(String... path) {
        return at(path) instanceof TomlValue.Literal value ? Optional.of(value.text()) : text(path);
    }

    /** Whether the path holds this boolean. */
    boolean is(boolean wanted, String... path) {
        return at(path) instanceof TomlValue.Flag(boolean on) && on == wanted;
    }

    /** The table at a path; empty if there is none. */
    TomlTable table(String... path) {
        return at(path) instanceof TomlTable table ? table : EMPTY;
    }

    boolean has(String... path) {
        return at(path) != null;
    }

    /** The tables in the array at a path. */
    List<TomlTable> tables(String... path) {
        return items(path).stream()
                .filter(TomlTable.class::isInstance)
                .map(TomlTable.class::cast)
                .toList();
    }

    /** The texts in the array at a path. */
    List<String> texts(String... path) {
        return items(path).stream()
                .filter(TomlValue.Text.class::isInstance)
                .map(value -> ((TomlValue.Text) value).text())
                .toList();
    }

    private List<TomlValue> items(String... path) {
        return at(path) instanceof TomlValue.Items(List<TomlValue> all) ? all : List.of();
    }

    private @Nullable TomlValue at(String... path) {
        TomlValue found = this;
        for (String key : path) {
            found = found instanceof TomlTable table ? table.entries.get(key) : null;
        }
        return found;
    }
}
