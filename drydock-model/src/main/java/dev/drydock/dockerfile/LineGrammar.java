package dev.drydock.dockerfile;

import dev.drydock.dockerfile.Instruction.Pair;
import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a line must look like for the file to be taken apart at all: pairs and JSON arrays. BuildKit looks at all lines in this
 * way before it looks at what any instruction says, so a fault of a late line hides those of earlier instructions.
 */
final class LineGrammar {
    private LineGrammar() {}

    /** @throws UserFault with its place */
    static void check(Statement statement) {
        Words.Split line = statement.split();
        if (keyword(line).equals("ONBUILD")) {
            line = Words.Split.of(line.rest());
        }
        String keyword = keyword(line);
        switch (keyword) {
            case "ENV", "LABEL" -> Pairs.read(statement, keyword, line.rest());
            case "ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME" -> jsonStrings(statement, line.rest());
            case "HEALTHCHECK" -> {
                List<String> words = GoText.splitBlanks(line.rest(), 2);
                jsonStrings(statement, words.size() == 2 ? words.get(1) : "");
            }
            default -> {}
        }
    }

    /** Lower-casing decides, as in BuildKit: an upper-casing comparison would accept look-alike letters. */
    private static String keyword(Words.Split line) {
        return line.keyword().toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT);
    }

    /** The strings of the JSON form, null if the text has another form. */
    static @Nullable List<String> jsonStrings(Statement statement, String text) {
        try {
            return JsonStrings.parse(text);
        } catch (UserFault fault) {
            throw statement.malformed(Statement.once(fault, statement.line(), text), fault.text());
        }
    }

    /**
     * What ENV and LABEL set.
     *
     * @param legacy whether it is the old form, {@code KEY value with blanks}
     */
    record Pairs(boolean legacy, List<Pair> list) {
        static Pairs read(Statement statement, String keyword, String rest) {
            List<String> words = Words.quoted(rest, statement.escape());
            boolean legacy = !words.isEmpty() && words.getFirst().indexOf('=') < 0;
            return new Pairs(legacy, legacy ? legacyPair(statement, keyword, rest) : newPairs(statement, words));
        }

        private static List<Pair> legacyPair(Statement statement, String keyword, String rest) {
            List<String> parts = GoText.splitBlanks(rest, 2);
            if (parts.size() < 2) {
                throw statement
                        .malformed(parts.getFirst(), keyword + " must have two arguments")
                        .hint("Write " + keyword + " " + parts.getFirst() + "=value.");
            }
            return List.of(new Pair(parts.get(0), parts.get(1)));
        }

        private static List<Pair> newPairs(Statement statement, List<String> words) {
            List<Pair> pairs = new ArrayList<>();
            for (String word : words) {
                int equals = word.indexOf('=');
                if (equals < 0) {
                    throw statement
                            .malformed(
                                    word,
                                    "Syntax error - can't find = in " + GoText.quote(word)
                                            + ". Must be of the form: name=value")
                            .hint("Put a value that holds blanks in double quotes.");
                }
                pairs.add(new Pair(word.substring(0, equals), word.substring(equals + 1)));
            }
            return pairs;
        }
    }
}
