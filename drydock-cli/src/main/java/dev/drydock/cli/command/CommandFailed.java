package dev.drydock.cli.command;

import java.io.Serial;
import java.util.List;

/** A command ends here, with these words on the error stream. Never leaves this package. */
final class CommandFailed extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int exitCode;
    private final transient List<String> hints;

    CommandFailed(String message) {
        this(message, 1, List.of());
    }

    CommandFailed(String message, int exitCode, List<String> hints) {
        super(message, null, false, false);
        this.exitCode = exitCode;
        this.hints = List.copyOf(hints);
    }

    String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }

    int exitCode() {
        return exitCode;
    }

    List<String> hints() {
        return hints;
    }
}
