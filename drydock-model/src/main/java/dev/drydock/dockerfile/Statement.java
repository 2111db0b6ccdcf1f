package dev.drydock.dockerfile;

import dev.drydock.dockerfile.Instruction.Heredoc;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import java.util.List;

/**
 * One instruction's text: its joined line taken apart, and the heredocs that follow it.
 *
 * @param line as joined, with its trailing blanks
 * @param column where the line begins, counted from 1; 0 if the statement does not stand in a file
 * @param messagePrefix what comes before the messages of {@link #wrong}
 */
record Statement(
        String line,
        Words.Split split,
        SourceRange range,
        int column,
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

    /** As {@link #malformed(String)}, of one word. */
    UserFault malformed(String word, String message) {
        return new UserFault(message).at(place(word)).about(word);
    }

    /** A fault of what the instruction says. */
    UserFault wrong(String message) {
        return new UserFault(messagePrefix + message).at(range);
    }

    /** As {@link #wrong(String)}, of one word. */
    UserFault wrong(String word, String message) {
        return new UserFault(messagePrefix + message).at(place(word)).about(word);
    }

    /** Where a word stands, as far as it is certain: in an instruction of one line that has it once. */
    private SourceRange place(String word) {
        int index = line.indexOf(word);
        boolean certain = column > 0 && !word.isEmpty() && index >= 0 && index == line.lastIndexOf(word);
        if (!certain || range.startLine() != range.endLine()) {
            return range;
        }
        int start = column + index;
        return new SourceRange(range.file(), range.startLine(), start, range.endLine(), start + word.length());
    }
}
