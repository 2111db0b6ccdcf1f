package dev.drydock.frontend;

import dev.drydock.fault.UserFault;
import dev.drydock.graph.FileAction;
import dev.drydock.graph.FileAction.Mode;
import dev.drydock.graph.FileAction.Owner;
import dev.drydock.graph.Op;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code --chown} and {@code --chmod} values. */
final class Ownership {
    private static final int MAX_MODE = 07777;

    private Ownership() {}

    /** {@code user[:group]}; names are looked up in the tree at position {@code input}. */
    static @Nullable Owner owner(@Nullable String text, int input) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        int colon = text.indexOf(':');
        FileAction.Id user = id(colon < 0 ? text : text.substring(0, colon), input);
        return new Owner(user, colon < 0 ? null : id(text.substring(colon + 1), input));
    }

    private static FileAction.Id id(String word, int input) {
        if (word.isEmpty() || word.equals("root")) {
            return new FileAction.Id.Number(0);
        }
        try {
            int number = Integer.parseInt(word);
            if (number >= 0) {
                return new FileAction.Id.Number(number);
            }
        } catch (NumberFormatException notANumber) {
            // a name, then
        }
        if (input == Op.NO_INPUT) {
            throw new UserFault("invalid user index: -1")
                    .about(word)
                    .hint("The name " + word
                            + " cannot be looked up in an empty root: write numbers, for example 1000:1000.");
        }
        return new FileAction.Id.Name(word, input);
    }

    /** Octal or symbolic permission bits. */
    static @Nullable Mode mode(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            try {
                int bits = Integer.parseInt(text, 8);
                if (bits <= MAX_MODE) {
                    return new FileAction.Mode.Octal(bits);
                }
            } catch (NumberFormatException notOctal) {
                throw invalid(text, notOctal);
            }
            throw invalid(text, null);
        }
        for (String clause : text.split(",", -1)) {
            if (!isSymbolic(clause)) {
                throw invalid(text, null);
            }
        }
        return new FileAction.Mode.Symbolic(text);
    }

    private static UserFault invalid(String text, @Nullable Throwable cause) {
        return new UserFault(
                        "invalid chmod parameter: '" + text + "'. it should be octal string and between 0 and 07777",
                        cause)
                .about(text)
                .hint("Write for example 755, or symbolic bits such as u=rwX,go=rX.");
    }

    /** One clause of chmod(1): who, then one or more of an operator with permissions or one letter to copy from. */
    private static boolean isSymbolic(String clause) {
        int i = 0;
        while (i < clause.length() && "ugoa".indexOf(clause.charAt(i)) >= 0) {
            i++;
        }
        if (i == clause.length()) {
            return false;
        }
        while (i < clause.length()) {
            if ("+-=".indexOf(clause.charAt(i)) < 0) {
                return false;
            }
            i++;
            int start = i;
            while (i < clause.length() && "+-=".indexOf(clause.charAt(i)) < 0) {
                i++;
            }
            String bits = clause.substring(start, i);
            if (!Set.of("u", "g", "o").contains(bits) && !bits.chars().allMatch(c -> "rwxXst".indexOf(c) >= 0)) {
                return false;
            }
        }
        return true;
    }
}
