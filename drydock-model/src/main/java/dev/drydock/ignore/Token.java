package dev.drydock.ignore;

/** What one position of a compiled pattern takes. */
sealed interface Token {
    /** Exactly one character. */
    record One(int c) implements Token {}

    /** Any one character but a slash. */
    record AnyOne() implements Token {}

    /** Any run of characters but slashes. */
    record Star() implements Token {}

    /** Nothing, or anything that ends with a slash; with line feeds in it or without. */
    record Directories(boolean lines) implements Token {}

    /** Anything, with line feeds in it or without. */
    record Everything(boolean lines) implements Token {}

    /** One character of a class, or any run of them; a slash may be among them. */
    record Some(CharacterClass characters, boolean many) implements Token {}

    /** Nothing, at a place that is before, behind or between certain characters. */
    record Place(Kind kind) implements Token {
        enum Kind {
            START,
            END,
            WORD_BOUNDARY,
            NO_WORD_BOUNDARY
        }

        /** {@code before} and {@code behind} are the characters around the place, negative for none. */
        boolean isAt(int before, int behind) {
            return switch (kind) {
                case START -> before < 0;
                case END -> behind < 0;
                case WORD_BOUNDARY -> isWord(before) != isWord(behind);
                case NO_WORD_BOUNDARY -> isWord(before) == isWord(behind);
            };
        }

        private static boolean isWord(int c) {
            return c >= 0 && CharacterClass.WORD.has(c);
        }
    }
}
