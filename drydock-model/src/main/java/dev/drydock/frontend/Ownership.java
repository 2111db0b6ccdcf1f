package dev.drydock.frontend;

import dev.drydock.fault.UserFault;
import dev.drydock.graph.FileAction;
import dev.drydock.graph.FileAction.Mode;
import dev.drydock.graph.FileAction.Owner;
import dev.drydock.graph.Op;
import dev.drydock.graph.SymbolicMode;
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
        if (text.charAt(0) >= '0' && text.charAt(0) <= '9') {
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
        SymbolicMode.parse(text);
        return new FileAction.Mode.Symbolic(text);
    }

    private static UserFault invalid(String text, @Nullable Throwable cause) {
        return new UserFault(
                        "invalid chmod parameter: '" + text + "'. it should be octal string and between 0 and 07777",
                        cause)
                .about(text)
                .hint("Write for example 755, or symbolic bits such as u=rwX,go=rX.");
    }
}
