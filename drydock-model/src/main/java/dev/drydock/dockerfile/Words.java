package dev.drydock.dockerfile;

import java.util.ArrayList;
import java.util.List;

/** Splits argument text into words; quotes and escapes stay in the words for the expansion that comes later. */
final class Words {
    private Words() {}

    /** Words of ENV, LABEL and ARG: separated by white space outside quotes. */
    static List<String> quoted(String text, char escape) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quotesSeen = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && GoText.isSpace(c)) {
                if (quotesSeen || !word.isEmpty()) {
                    words.add(word.toString());
                }
                word.setLength(0);
                quotesSeen = false;
                continue;
            }
            if (c == escape && quote != '\'') {
                if (i + 1 == text.length()) {
                    break;
                }
                word.append(c).append(text.charAt(++i));
                continue;
            }
            if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
                quotesSeen = true;
            } else if (c == quote) {
                quote = 0;
            }
            word.append(c);
        }
        if (quotesSeen || !word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }

    /** An instruction's line taken apart: keyword as written, flag words without quotes and escapes, and the rest. */
    record Split(String keyword, List<String> flags, String rest) {
        static Split of(String line) {
            List<String> parts = GoText.splitBlanks(GoText.trim(line), 2);
            List<String> flags = new ArrayList<>();
            String rest = parts.size() == 2 ? extractFlags(parts.get(1), flags) : "";
            return new Split(parts.getFirst(), flags, GoText.trim(rest));
        }

        /** Moves the leading words that begin with two dashes to {@code flags} and returns what follows them. */
        private static String extractFlags(String text, List<String> flags) {
            int i = 0;
            while (true) {
                while (i < text.length() && GoText.isSpace(text.charAt(i))) {
                    i++;
                }
                if (!text.startsWith("--", i)) {
                    return text.substring(i);
                }
                StringBuilder word = new StringBuilder();
                i = flagWord(text, i, word);
                if (word.length() == 2 && word.indexOf("--") == 0) {
                    return text.substring(i);
                }
                flags.add(word.toString());
            }
        }

        /** Here the escape character is a backslash whatever the directive says. */
        private static int flagWord(String text, int start, StringBuilder word) {
            char quote = 0;
            int i = start;
            for (; i < text.length(); i++) {
                char c = text.charAt(i);
                if (quote == 0 && GoText.isSpace(c)) {
                    break;
                }
                if (quote == 0 && (c == '\'' || c == '"')) {
                    quote = c;
                } else if (quote != 0 && c == quote) {
                    quote = 0;
                } else if (c == '\\') {
                    if (i + 1 < text.length()) {
                        word.append(text.charAt(++i));
                    }
                } else {
                    word.append(c);
                }
            }
            return i;
        }
    }
}
