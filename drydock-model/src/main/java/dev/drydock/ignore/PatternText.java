package dev.drydock.ignore;

/**
 * How a pattern is matched: as plain text as far as possible, else by a regular expression, which BuildKit makes so and whose
 * oddities are part of the language.
 *
 * @param expression of the whole path, for {@link Kind#EXPRESSION}
 */
record PatternText(Kind kind, String expression) {
    private static final String ESCAPED = ".+()|{}$";

    enum Kind {
        /** The path is the pattern. */
        EXACT,
        /** The path begins with the pattern without its {@code **}. */
        PREFIX,
        /** The path ends with the pattern without its {@code **}, or is that without its slash. */
        SUFFIX,
        EXPRESSION
    }

    static PatternText of(String pattern) {
        int[] codes = pattern.codePoints().toArray();
        StringBuilder expression = new StringBuilder();
        Kind kind = Kind.EXACT;
        int start = codes.length > 0 && codes[0] == 0xFEFF ? 1 : 0; // Go's scanner passes over a byte order mark
        int pos = start;
        while (pos < codes.length) {
            int at = pos;
            int c = codes[pos++];
            if (c == '*' && pos < codes.length && codes[pos] == '*') {
                pos += pos + 1 < codes.length && codes[pos + 1] == '/' ? 2 : 1;
                boolean last = pos == codes.length;
                if (!last || kind != Kind.EXACT) {
                    expression.append(last ? ".*" : "(.*/)?");
                }
                kind = at == start ? Kind.SUFFIX : last && kind == Kind.EXACT ? Kind.PREFIX : Kind.EXPRESSION;
            } else if (c == '*' || c == '?') {
                expression.append(c == '*' ? "[^/]*" : "[^/]");
                kind = Kind.EXPRESSION;
            } else if (ESCAPED.indexOf(c) >= 0) {
                expression.append('\\').appendCodePoint(c);
            } else if (c == '\\') {
                expression.append('\\');
                if (pos < codes.length) {
                    expression.appendCodePoint(codes[pos++]);
                    kind = Kind.EXPRESSION;
                }
            } else {
                expression.appendCodePoint(c);
                kind = c == '[' || c == ']' ? Kind.EXPRESSION : kind;
            }
        }
        return new PatternText(kind, expression.append('$').toString());
    }
}
