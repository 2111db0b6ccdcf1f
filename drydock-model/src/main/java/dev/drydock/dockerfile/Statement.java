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

    /** A fault of the line's grammar, at one word: found while the file is taken apart, told without prefix. */
    UserFault malformed(String word, String message) {
        return told(word, message);
    }

    /** A fault of what the instruction says, at one word. */
    UserFault wrong(String word, String message) {
        return told(word, messagePrefix + message);
    }

    /** The keyword is pointed at where the word does not stand as it is, as quotes and escapes make it. */
    private UserFault told(String word, String message) {
        return new UserFault(message).at(place(word)).about(word).about(split.keyword());
    }

    /** The word that a fault is about if the line has it once, so that it is found there, else {@code wider}. */
    static String once(UserFault fault, String line, String wider) {
        return fault.subject().filter(word -> hasOnce(line, word)).orElse(wider);
    }

    private static boolean hasOnce(String line, String word) {
        int index = line.indexOf(word);
        return !word.isEmpty() && index >= 0 && index == line.lastIndexOf(word);
    }

    /** Where a word stands, as far as it is certain: in an instruction of one line that has it once. */
    private SourceRange place(String word) {
        int index = line.indexOf(word);
        if (column == 0 || !hasOnce(line, word) || range.startLine() != range.endLine()) {
            return range;
        }
        int start = column + index;
        return new SourceRange(range.file(), range.startLine(), start, range.endLine(), start + word.length());
    }
}
