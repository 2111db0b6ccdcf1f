package dev.drydock.dockerfile;

import dev.drydock.dockerfile.Instruction.Heredoc;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import java.util.List;

/**
 * One instruction's text: its joined line taken apart, and the heredocs that follow it.
 *
 * @param line as joined, with its trailing blanks
 * @param messagePrefix what comes before the messages of {@link #wrong}
 */
record Statement(
        String line,
        Words.Split split,
        SourceRange range,
        List<String> comments,
        List<Heredoc> heredocs,
        char escape,
        String messagePrefix) {

    String rest() {
        return split.rest();
    }

    /** A fault of the line's grammar: found while the file is taken apart, told without prefix. */
    UserFault malformed(String message) {
        return new UserFault(message).at(range);
    }

    /** A fault of what the instruction says. */
    UserFault wrong(String message) {
        return new UserFault(messagePrefix + message).at(range);
    }
}
