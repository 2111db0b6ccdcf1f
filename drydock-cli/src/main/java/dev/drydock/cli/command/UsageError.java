package dev.drydock.cli.command;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A command line that cannot be understood. Never leaves this package. */
final class UsageError extends RuntimeException {
    /** The exit code of a flag that is wrong. */
    static final int FLAGS = 125;

    /** The exit code of a wrong number of operands, and of unknown commands. */
    static final int OPERANDS = 1;

    @Serial
    private static final long serialVersionUID = 1;

    private final int exitCode;
    private final transient @Nullable CommandSpec spec;

    UsageError(String message, int exitCode, @Nullable CommandSpec spec) {
        super(message, null, false, false);
        this.exitCode = exitCode;
        this.spec = spec;
    }

    int exitCode() {
        return exitCode;
    }

    /** The message, the usage line and where to read more: what Docker prints. */
    String screen() {
        StringBuilder text = new StringBuilder().append(getMessage()).append("\n\n");
        if (spec != null) {
            text.append("Usage:  ").append(spec.usageLine()).append("\n\n");
        }
        String message = getMessage();
        boolean tooFew = message != null && message.contains(" requires at least ");
        return text.append(tooFew ? "See '" : "Run '")
                .append(spec == null ? "drydock" : spec.path())
                .append(" --help' for more information\n")
                .toString();
    }
}
