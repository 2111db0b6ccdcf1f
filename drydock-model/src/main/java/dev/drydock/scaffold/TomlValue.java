package dev.drydock.scaffold;

import java.util.List;

/** A value of a TOML document. */
sealed interface TomlValue permits TomlValue.Text, TomlValue.Flag, TomlValue.Literal, TomlValue.Items, TomlTable {
    record Text(String text) implements TomlValue {}

    record Flag(boolean on) implements TomlValue {}

    /** A number or a date, as written. */
    record Literal(String text) implements TomlValue {}

    record Items(List<TomlValue> all) implements TomlValue {
        public Items {
            all = List.copyOf(all);
        }
    }
}
