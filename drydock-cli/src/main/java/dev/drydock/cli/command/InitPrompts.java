package dev.drydock.cli.command;

import dev.drydock.scaffold.Question;
import java.util.List;

/** How {@code init} asks. Every method blocks until there is an answer that will do. The caller closes it. */
interface InitPrompts extends AutoCloseable {
    /** Nobody will answer: the input ended, or the person pressed Ctrl-C. Never leaves this package. */
    final class Cancelled extends RuntimeException {
        private final int exitCode;

        private Cancelled(String message, int exitCode) {
            super(message, null, false, false);
            this.exitCode = exitCode;
        }

        static Cancelled byEndOfInput() {
            return new Cancelled("init: the input ended before every question was answered; nothing was written", 1);
        }

        static Cancelled byPerson() {
            return new Cancelled("init: cancelled; nothing was written", Commands.INTERRUPTED);
        }

        CommandFailed asFailure() {
            List<String> hints = exitCode == Commands.INTERRUPTED
                    ? List.of()
                    : List.of("Use --yes to take the proposed answers without being asked.");
            String message = getMessage();
            return new CommandFailed(message == null ? "init: cancelled" : message, exitCode, hints);
        }
    }

    /** Asks for one of some entries. Returns its place in the list. */
    int choose(String question, List<String> entries, int initial);

    /** Asks for an answer that the question accepts. */
    String ask(Question question);

    /** Asks for a yes; anything else is a no. */
    boolean confirm(String question);

    @Override
    void close();
}
