package dev.drydock.dockerfile;

import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A word that opens a heredoc: {@code <<EOF}, {@code 3<<-"EOF"}. Words are found with a shell's quoting, in which the
 * backslash escapes whatever the directive says.
 *
 * @param name the delimiter without quotes
 * @param expand no part of the delimiter was quoted
 * @param written as it stands in the line, where no more than one blank is in it
 */
record HeredocToken(String name, String fileDescriptor, boolean expand, boolean chomp, String written) {
    private static final Set<WordScanner.Mode> PLAIN = Set.of(WordScanner.Mode.KEEP_UNSET);
    private static final Set<WordScanner.Mode> RAW = Set.of(WordScanner.Mode.KEEP_UNSET, WordScanner.Mode.RAW);

    /** The tokens of a line, in order. A blank may stand between {@code <<} and the delimiter, but not behind a dash. */
    static List<HeredocToken> inLine(String line) {
        List<HeredocToken> tokens = new ArrayList<>();
        List<String> words = words(line, RAW);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String written = word;
            if (i + 1 < words.size() && isBareOperator(word)) {
                written = word + " " + words.get(++i);
                word += words.get(i);
            }
            HeredocToken token = of(word, written);
            if (token != null) {
                tokens.add(token);
            }
        }
        return tokens;
    }

    private static boolean isBareOperator(String word) {
        return word.endsWith("<<") && digits(word) == word.length() - 2;
    }

    private static int digits(String word) {
        int i = 0;
        while (i < word.length() && word.charAt(i) >= '0' && word.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    /** The token that a word is, null if it is none. */
    static @Nullable HeredocToken of(String word) {
        return of(word, word);
    }

    private static @Nullable HeredocToken of(String word, String written) {
        int digits = digits(word);
        if (!word.startsWith("<<", digits)) {
            return null;
        }
        boolean chomp = word.startsWith("-", digits + 2);
        String rest = word.substring(digits + (chomp ? 3 : 2)).stripLeading();
        if (rest.isEmpty() || rest.indexOf('<') >= 0) {
            return null;
        }
        List<String> names = words(rest, PLAIN);
        List<String> rawNames = words(rest, RAW);
        if (names.size() != 1 || rawNames.size() != 1) {
            return null;
        }
        boolean expand = names.getFirst().equals(rawNames.getFirst());
        return new HeredocToken(names.getFirst(), word.substring(0, digits), expand, chomp, written);
    }

    private static List<String> words(String text, Set<WordScanner.Mode> modes) {
        WordScanner.Splitter words = new WordScanner.Splitter();
        try {
            new WordScanner(text, '\\', _ -> null, modes).scan(words);
        } catch (UserFault _) {
            // Text that this quoting cannot read (an apostrophe in a shell comment) is the shell's business.
            return List.of();
        }
        return words.words();
    }
}
