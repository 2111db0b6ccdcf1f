package dev.drydock.cli.command;

import org.jspecify.annotations.Nullable;

/**
 * One flag of a command.
 *
 * @param shorthand the letter after one dash, or 0 for none
 * @param type what help says the value is; null for a switch
 * @param repeated whether every occurrence counts, or only the last one
 * @param values what the value may be, for completions; empty when anything may
 */
record Flag(
        String name,
        char shorthand,
        @Nullable String type,
        boolean repeated,
        String help,
        @Nullable String defaultValue,
        java.util.List<String> values) {
    private static final char NONE = 0;

    /** A switch: there or not. */
    static Flag toggle(String name, String help) {
        return new Flag(name, NONE, null, false, help, null, java.util.List.of());
    }

    /** A flag with one value; the last one counts. */
    static Flag value(String name, String type, String help) {
        return new Flag(name, NONE, type, false, help, null, java.util.List.of());
    }

    /** A flag with a value that may be given many times. */
    static Flag list(String name, String type, String help) {
        return new Flag(name, NONE, type, true, help, null, java.util.List.of());
    }

    /** The same flag with a one-letter form too. */
    Flag letter(char letter) {
        return new Flag(name, letter, type, repeated, help, defaultValue, values);
    }

    /** The same flag; help names its default. */
    Flag defaultsTo(String value) {
        return new Flag(name, shorthand, type, repeated, help, value, values);
    }

    /** The same flag with a closed list of values. */
    Flag oneOf(String... allowed) {
        return new Flag(name, shorthand, type, repeated, help, defaultValue, java.util.List.of(allowed));
    }

    boolean isToggle() {
        return type == null;
    }

    /** The flag as messages name it: {@code -f, --filter} or {@code --filter}. */
    String display() {
        return shorthand == NONE ? "--" + name : "-" + shorthand + ", --" + name;
    }

    boolean hasLetter() {
        return shorthand != NONE;
    }
}
