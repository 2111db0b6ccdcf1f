package dev.drydock.cli.template;

import java.util.ArrayList;
import java.util.List;

/** Cuts a template into text and the words of its actions. */
final class Scanner {
    private static final String SPACE = " \t\r\n";
    private static final int MARKER = 2;

    /** What a token is. */
    enum Kind {
        TEXT,
        OPEN,
        CLOSE,
        /** A name, {@code .}, {@code .Field}, {@code $x}, or a number. */
        WORD,
        STRING,
        PIPE,
        LEFT,
        RIGHT,
        DECLARE,
        ASSIGN,
        COMMA
    }

    /** {@code space} tells whether blanks come before it. */
    record Token(Kind kind, String text, int at, boolean space) {}

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Scanner(String source) {
        this.source = source;
    }

    static List<Token> scan(String source) {
        Scanner scanner = new Scanner(source);
        scanner.run();
        return scanner.tokens;
    }

    private void run() {
        boolean trim = false;
        while (true) {
            int open = source.indexOf("{{", at);
            int end = open < 0 ? source.length() : open;
            String text = source.substring(at, end);
            if (trim) {
                text = text.substring(leading(text));
            }
            boolean trimsLeft = open >= 0
                    && source.startsWith("-", open + MARKER)
                    && open + 3 < source.length()
                    && SPACE.indexOf(source.charAt(open + 3)) >= 0;
            if (trimsLeft) {
                text = text.stripTrailing();
            }
            if (!text.isEmpty()) {
                tokens.add(new Token(Kind.TEXT, text, at, false));
            }
            if (open < 0) {
                return;
            }
            at = open + MARKER + (trimsLeft ? MARKER : 0);
            trim = source.startsWith("/*", at) ? comment() : action(open);
        }
    }

    private static int leading(String text) {
        int i = 0;
        while (i < text.length() && SPACE.indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        return i;
    }

    private boolean comment() {
        int end = source.indexOf("*/", at);
        if (end < 0) {
            throw wrong("unclosed comment");
        }
        at = end + MARKER;
        boolean trims = source.startsWith(" -}}", at);
        at += trims ? MARKER : 0;
        if (!source.startsWith("}}", at)) {
            throw wrong("comment ends before closing delimiter");
        }
        at += MARKER;
        return trims;
    }

    /** Reads up to the end of an action; tells whether it trims the text after it. */
    private boolean action(int open) {
        tokens.add(new Token(Kind.OPEN, "{{", open, false));
        boolean space = false;
        while (true) {
            if (at >= source.length()) {
                throw wrong("unclosed action");
            }
            boolean trims = space && source.startsWith("-}}", at);
            if (trims || source.startsWith("}}", at)) {
                tokens.add(new Token(Kind.CLOSE, "}}", at, space));
                at += trims ? 3 : MARKER;
                return trims;
            }
            if (SPACE.indexOf(source.charAt(at)) >= 0) {
                space = true;
                at++;
            } else {
                token(space);
                space = false;
            }
        }
    }

    private void token(boolean space) {
        char c = source.charAt(at);
        int begin = at;
        switch (c) {
            case '|' -> single(Kind.PIPE, space);
            case '(' -> single(Kind.LEFT, space);
            case ')' -> single(Kind.RIGHT, space);
            case ',' -> single(Kind.COMMA, space);
            case '=' -> single(Kind.ASSIGN, space);
            case ':' -> {
                if (!source.startsWith(":=", at)) {
                    throw wrong("expected :=");
                }
                at += MARKER;
                tokens.add(new Token(Kind.DECLARE, ":=", begin, space));
            }
            case '"' -> tokens.add(new Token(Kind.STRING, quoted(), begin, space));
            case '`' -> {
                int end = source.indexOf('`', at + 1);
                if (end < 0) {
                    throw wrong("unterminated raw quoted string");
                }
                at = end + 1;
                tokens.add(new Token(Kind.STRING, source.substring(begin + 1, end), begin, space));
            }
            default -> {
                if (!isWord(c) && c != '.' && c != '$' && c != '-' && c != '+') {
                    throw wrong("unexpected \"" + c + "\" in command");
                }
                at++;
                boolean number = Character.isDigit(c) || c == '-' || c == '+';
                while (at < source.length() && (isWord(source.charAt(at)) || (number && source.charAt(at) == '.'))) {
                    at++;
                }
                tokens.add(new Token(Kind.WORD, source.substring(begin, at), begin, space));
            }
        }
    }

    private void single(Kind kind, boolean space) {
        tokens.add(new Token(kind, source.substring(at, at + 1), at, space));
        at++;
    }

    private static boolean isWord(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private String quoted() {
        StringBuilder text = new StringBuilder();
        int i = at + 1;
        while (true) {
            if (i >= source.length() || source.charAt(i) == '\n') {
                throw wrong("unterminated quoted string");
            }
            char c = source.charAt(i++);
            if (c == '"') {
                at = i;
                return text.toString();
            }
            if (c == '\\') {
                if (i >= source.length()) {
                    throw wrong("unterminated quoted string");
                }
                i = escape(text, i);
            } else {
                text.append(c);
            }
        }
    }

    private int escape(StringBuilder text, int from) {
        char c = source.charAt(from);
        switch (c) {
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case 'r' -> text.append('\r');
            case '\\', '"', '\'' -> text.append(c);
            case 'x', 'u' -> {
                int digits = c == 'x' ? 2 : 4;
                int end = from + 1 + digits;
                if (end > source.length()) {
                    throw wrong("invalid syntax");
                }
                try {
                    text.append((char) Integer.parseInt(source.substring(from + 1, end), 16));
                } catch (NumberFormatException e) {
                    throw wrong("invalid syntax");
                }
                return end;
            }
            default -> throw wrong("invalid syntax");
        }
        return from + 1;
    }

    private TemplateError wrong(String problem) {
        return TemplateError.parse(lineOf(source, Math.min(at, source.length())), problem);
    }

    static int lineOf(String source, int at) {
        int line = 1;
        for (int i = 0; i < at; i++) {
            line += source.charAt(i) == '\n' ? 1 : 0;
        }
        return line;
    }
}
