package dev.drydock.scaffold;

/**
 * Something that a language lets people choose; also the name of the flag that answers it without asking.
 *
 * @param id such as {@code rust-version}: lower case, unique in a language; two languages may share one
 * @param label the value's name in the help, such as {@code VERSION}
 * @param description one line for the help
 */
public record Setting(String id, String label, String description) {
    /** The port that the application listens on: every server has one. */
    public static final Setting PORT = new Setting("port", "PORT", "Port that the application listens on.");
}
