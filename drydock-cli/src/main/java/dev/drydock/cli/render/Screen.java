package dev.drydock.cli.render;

import java.io.PrintStream;
import java.util.function.IntSupplier;

/**
 * Where progress goes.
 *
 * @param out takes text; {@link PrintStream#flush} makes it visible
 * @param columns the terminal's width now; asked before each frame
 * @param rows its height now
 */
public record Screen(PrintStream out, IntSupplier columns, IntSupplier rows) {
    private static final int USUAL_COLUMNS = 80;
    private static final int USUAL_ROWS = 24;

    public Screen(PrintStream out, IntSupplier columns) {
        this(out, columns, () -> USUAL_ROWS);
    }

    /** A screen that is not a terminal. */
    public static Screen plain(PrintStream out) {
        return new Screen(out, () -> USUAL_COLUMNS, () -> USUAL_ROWS);
    }
}
