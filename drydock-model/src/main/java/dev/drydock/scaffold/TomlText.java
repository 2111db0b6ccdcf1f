package dev.drydock.scaffold;

/** The characters of a TOML document and the reading of its smallest parts. */
final class TomlText {
    private final String text;
    private int at;

    TomlText(String text) {
        this.text = text;
    }

    /** What stood where something else had to stand; {@link Toml} makes a fault of it. */
    static final class Unexpected extends RuntimeException {
        final int line;
        final int column;

        Unexpected(String message, int line, int column) {
            super(message, null, false, false);
            this.line = line;
            this.column = column;
        }
    }

    Unexpected unexpected(String message) {
        int line = 1;
        int start = 0;
        int end = Math.min(at, text.length());
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                start = i + 1;
            }
        }
        return new Unexpected(message, line, end - start + 1);
    }

    boolean atEnd() {
        return at >= text.length();
    }

    boolean at(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    boolean take(String token) {
        boolean found = text.startsWith(token, at);
        if (found) {
            at += token.length();
        }
        return found;
    }

    void expect(String token, String what) {
        if (!take(token)) {
            throw unexpected("expected " + what);
        }
    }

    void skipSpace() {
        while (at(' ') || at('\t')) {
            at++;
        }
    }

    /** Skips spaces, line ends and comments. */
    void skipBlank() {
        while (!atEnd()) {
            char c = text.charAt(at);
            if (c == '#') {
                skipComment();
            } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\uFEFF') {
                at++;
            } else {
                return;
            }
        }
    }

    private void skipComment() {
        while (!atEnd() && !at('\n')) {
            at++;
        }
    }

    void endOfLine() {
        skipSpace();
        if (at('#')) {
            skipComment();
        }
        take("\r");
        if (!atEnd() && !take("\n")) {
            throw unexpected("expected the end of the line");
        }
    }

    String keyPart() {
        if (at('"') || at('\'')) {
            if (text.startsWith("\"\"\"", at) || text.startsWith("'''", at)) {
                throw unexpected("a key cannot be a text of several lines");
            }
            return string();
        }
        int start = at;
        while (!atEnd() && isBare(text.charAt(at))) {
            at++;
        }
        if (start == at) {
            throw unexpected("expected a key");
        }
        return text.substring(start, at);
    }

    private static boolean isBare(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    /** A number, a date or a boolean: everything up to what ends a value. */
    String word() {
        int start = at;
        while (!atEnd() && ",]}#\n\r\t \"'=[{".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        // A date and its time may be parted by one blank.
        if (at - start == 10 && text.charAt(start + 4) == '-' && at(' ') && at + 1 < text.length()) {
            char next = text.charAt(at + 1);
            if (next >= '0' && next <= '9') {
                at++;
                word();
            }
        }
        return text.substring(start, at);
    }

    /** A string of any of the four kinds. */
    String string() {
        if (take("\"\"\"")) {
            firstLineEnd();
            return quoted("\"\"\"", true);
        }
        if (take("'''")) {
            firstLineEnd();
            return quoted("'''", false);
        }
        if (take("\"")) {
            return quoted("\"", true);
        }
        take("'");
        return quoted("'", false);
    }

    private void firstLineEnd() {
        if (!take("\r\n")) {
            take("\n");
        }
    }

    private String quoted(String end, boolean escapes) {
        boolean lines = end.length() == 3;
        var out = new StringBuilder();
        while (!atEnd()) {
            if (text.startsWith(end, at)) {
                at += end.length();
                // Up to two quotes may stand before the closing three.
                for (int extra = 0; lines && extra < 2 && at(end.charAt(0)); extra++) {
                    out.append(end.charAt(0));
                    at++;
                }
                return out.toString();
            }
            char c = text.charAt(at);
            if (c == '\n' && !lines) {
                break;
            }
            if (c == '\\' && escapes) {
                at++;
                escape(out, lines);
            } else {
                out.append(c);
                at++;
            }
        }
        throw unexpected("the text is not closed: expected " + end);
    }

    private void escape(StringBuilder out, boolean lines) {
        if (atEnd()) {
            throw unexpected("the text ends in a backslash");
        }
        char c = text.charAt(at++);
        switch (c) {
            case 'b' -> out.append('\b');
            case 't' -> out.append('\t');
            case 'n' -> out.append('\n');
            case 'f' -> out.append('\f');
            case 'r' -> out.append('\r');
            case '"', '\\' -> out.append(c);
            case 'u' -> codePoint(out, 4);
            case 'U' -> codePoint(out, 8);
            case ' ', '\t', '\r', '\n' -> {
                at--;
                int start = at;
                while (!atEnd() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                    at++;
                }
                if (!lines || text.indexOf('\n', start) >= at || text.indexOf('\n', start) < 0) {
                    throw unexpected("a backslash before a blank must end its line");
                }
            }
            default -> throw unexpected("unknown escape '\\" + c + "'");
        }
    }

    private void codePoint(StringBuilder out, int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = atEnd() ? -1 : Character.digit(text.charAt(at), 16);
            if (digit < 0 || value > 0x10FFFF) {
                throw unexpected("expected " + digits + " hexadecimal digits");
            }
            value = value * 16 + digit;
            at++;
        }
        if (!Character.isValidCodePoint(value) || (value >= 0xD800 && value <= 0xDFFF)) {
            throw unexpected("not a character: U+" + Integer.toHexString(value));
        }
        out.appendCodePoint(value);
    }
}
