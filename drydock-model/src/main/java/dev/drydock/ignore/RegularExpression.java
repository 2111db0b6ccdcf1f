package dev.drydock.ignore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the regular expressions that patterns become in BuildKit, in the syntax of Go: dots, groups, bars, braces and plus signs
 * are escaped there, so that classes, carets, escapes and what stands for stars remain. A star or question mark inside a class
 * is written out there as elsewhere, which closes the class.
 */
final class RegularExpression {
    private static final String DIRECTORIES = "(.*/)?";
    private static final String EVERYTHING = ".*";
    private static final String STAR = "[^/]*";
    private static final String ANY_ONE = "[^/]";
    private static final int BELL = 7;
    private static final int VERTICAL_TAB = 11;

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int pos;

    private RegularExpression(String text) {
        this.text = text;
    }

    /** The tokens of an expression that begins at the start of a path, empty if it is malformed. */
    static Optional<List<Token>> read(String text) {
        RegularExpression expression = new RegularExpression(text);
        try {
            expression.all();
        } catch (Malformed malformed) {
            return Optional.empty();
        }
        return Optional.of(expression.tokens);
    }

    /** Never seen outside. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed() {
            super("malformed regular expression", null, false, false);
        }
    }

    private void all() throws Malformed {
        while (pos < text.length()) {
            if (accept(DIRECTORIES)) {
                tokens.add(new Token.Directories(false));
            } else if (accept(EVERYTHING)) {
                tokens.add(new Token.Everything(false));
            } else if (accept(STAR)) {
                tokens.add(new Token.Star());
            } else if (accept(ANY_ONE)) {
                tokens.add(new Token.AnyOne());
            } else {
                one();
            }
        }
        Token end = new Token.Place(Token.Place.Kind.END);
        if (!tokens.isEmpty() && tokens.getLast().equals(end)) {
            tokens.removeLast();
        } else {
            tokens.add(new Token.Everything(true)); // the dollar at the end was taken for something else
        }
    }

    private boolean accept(String word) {
        if (!text.startsWith(word, pos)) {
            return false;
        }
        pos += word.length();
        return true;
    }

    private int next() throws Malformed {
        if (pos == text.length()) {
            throw new Malformed();
        }
        int c = text.codePointAt(pos);
        pos += Character.charCount(c);
        return c;
    }

    private void one() throws Malformed {
        int c = next();
        switch (c) {
            case '^' -> tokens.add(new Token.Place(Token.Place.Kind.START));
            case '$' -> tokens.add(new Token.Place(Token.Place.Kind.END));
            case '[' -> {
                CharacterClass members = members();
                tokens.add(new Token.Some(members, accept("*")));
            }
            case '\\' -> escape();
            default -> tokens.add(new Token.One(c));
        }
    }

    private void escape() throws Malformed {
        CharacterClass perl = perlClass();
        if (perl != null) {
            tokens.add(new Token.Some(perl, false));
        } else if (accept("A")) {
            tokens.add(new Token.Place(Token.Place.Kind.START));
        } else if (accept("z")) {
            tokens.add(new Token.Place(Token.Place.Kind.END));
        } else if (accept("b")) {
            tokens.add(new Token.Place(Token.Place.Kind.WORD_BOUNDARY));
        } else if (accept("B")) {
            tokens.add(new Token.Place(Token.Place.Kind.NO_WORD_BOUNDARY));
        } else if (accept("Q")) {
            int end = text.indexOf("\\E", pos);
            text.substring(pos, end < 0 ? text.length() : end).codePoints().forEach(c -> tokens.add(new Token.One(c)));
            pos = end < 0 ? text.length() : end + 2;
        } else {
            tokens.add(new Token.One(escaped()));
        }
    }

    /** What {@code \d} and its like stand for; null, and nothing taken, if it is none of them. */
    private @Nullable CharacterClass perlClass() {
        if (pos == text.length()) {
            return null;
        }
        boolean others = text.startsWith("P", pos);
        if (others || text.startsWith("p", pos)) {
            CharacterClass category = pos + 1 < text.length() ? CharacterClass.category(text.charAt(pos + 1)) : null;
            pos += category == null ? 0 : 2;
            return category == null || !others ? category : category.inverse();
        }
        CharacterClass found = switch (text.charAt(pos)) {
            case 'd' -> CharacterClass.DIGIT;
            case 'D' -> CharacterClass.DIGIT.inverse();
            case 's' -> CharacterClass.SPACE;
            case 'S' -> CharacterClass.SPACE.inverse();
            case 'w' -> CharacterClass.WORD;
            case 'W' -> CharacterClass.WORD.inverse();
            default -> null;
        };
        pos += found == null ? 0 : 1;
        return found;
    }

    /** The character that an escape stands for: of letters only a few have a meaning. */
    private int escaped() throws Malformed {
        int c = next();
        return switch (c) {
            case 'a' -> BELL;
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> VERTICAL_TAB;
            case 'x' -> 16 * hexDigit() + hexDigit();
            case '0' -> octal(0);
            case '1', '2', '3', '4', '5', '6', '7' -> {
                if (!isOctal()) {
                    throw new Malformed(); // it would refer back to a group
                }
                yield octal(c - '0');
            }
            default -> {
                if (c >= 0x80 || Character.isLetterOrDigit(c)) {
                    throw new Malformed();
                }
                yield c;
            }
        };
    }

    private int hexDigit() throws Malformed {
        int digit = Character.digit(next(), 16);
        if (digit < 0 || text.charAt(pos - 1) >= 0x80) {
            throw new Malformed();
        }
        return digit;
    }

    private boolean isOctal() {
        return pos < text.length() && text.charAt(pos) >= '0' && text.charAt(pos) <= '7';
    }

    private int octal(int first) {
        int value = first;
        for (int i = 1; i < 3 && isOctal(); i++) {
            value = value * 8 + text.charAt(pos++) - '0';
        }
        return value;
    }

    /** The class whose bracket was taken. */
    private CharacterClass members() throws Malformed {
        boolean negated = accept("^");
        List<CharacterClass.Range> ranges = new ArrayList<>();
        boolean first = true;
        while (first || !text.startsWith("]", pos)) {
            first = false;
            CharacterClass named = named();
            if (named != null) {
                ranges.addAll(named.ranges());
                continue;
            }
            if (text.startsWith("\\", pos)) {
                pos++;
                CharacterClass perl = perlClass();
                if (perl != null) {
                    ranges.addAll(perl.ranges());
                    continue;
                }
                pos--;
            }
            int low = member();
            int high = low;
            if (text.startsWith("-", pos) && pos + 1 < text.length() && text.charAt(pos + 1) != ']') {
                pos++;
                high = member();
            }
            if (high < low) {
                throw new Malformed();
            }
            ranges.add(new CharacterClass.Range(low, high));
        }
        pos++;
        CharacterClass all = new CharacterClass(ranges);
        return negated ? all.inverse() : all;
    }

    private int member() throws Malformed {
        int c = next();
        return c == '\\' ? escaped() : c;
    }

    /** {@code [:name:]} or {@code [:^name:]}; null, and nothing taken, if there is none. */
    private @Nullable CharacterClass named() throws Malformed {
        int end = text.startsWith("[:", pos) ? text.indexOf(":]", pos + 2) : -1;
        if (end < 0) {
            return null;
        }
        String name = text.substring(pos + 2, end);
        boolean negated = name.startsWith("^");
        CharacterClass found = CharacterClass.NAMED.get(negated ? name.substring(1) : name);
        if (found == null) {
            throw new Malformed();
        }
        pos = end + 2;
        return negated ? found.inverse() : found;
    }
}
