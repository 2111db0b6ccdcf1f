package dev.drydock.dockerfile;

import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON form of an instruction's arguments. Text that is not one whole JSON array is not an error, it is another
 * form; an array that holds anything but strings is an error. Works without recursion, so that no text can exhaust the
 * stack.
 */
final class JsonStrings {
    private static final int MAX_DEPTH = 10_000;

    private final String text;
    private int pos;

    private JsonStrings(String text) {
        this.text = text;
    }

    /**
     * The array's strings, or null if the text is not a JSON array.
     *
     * @throws UserFault about the first value that is no string, if it is an array that holds one
     */
    static @Nullable List<String> parse(String text) {
        JsonStrings json = new JsonStrings(text);
        json.skipSpace();
        // Go's reader takes any Unicode space before the bracket: the caller's trim has seen to that.
        if (!json.accept('[')) {
            return null;
        }
        List<String> values = new ArrayList<>();
        String other = null; // the first that is no string
        json.skipSpace();
        if (!json.accept(']')) {
            do {
                json.skipSpace();
                if (json.peek() == '"') {
                    String value = json.string();
                    if (value == null) {
                        return null;
                    }
                    values.add(value);
                } else {
                    int start = json.pos;
                    if (!json.skipValue()) {
                        return null;
                    }
                    other = other == null ? text.substring(start, json.pos) : other;
                }
                json.skipSpace();
            } while (json.accept(','));
            if (!json.accept(']')) {
                return null;
            }
        }
        json.skipSpace();
        if (json.pos != text.length()) {
            return null;
        }
        if (other != null) {
            throw new UserFault("when using JSON array syntax, arrays must be comprised of strings only").about(other);
        }
        return values;
    }

    private int peek() {
        return pos < text.length() ? text.charAt(pos) : -1;
    }

    private boolean accept(char c) {
        if (peek() == c) {
            pos++;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (pos < text.length() && " \t\r\n".indexOf(text.charAt(pos)) >= 0) {
            pos++;
        }
    }

    /** Skips one value that is not a string at the top; nested containers are kept on a stack of bits (set: object). */
    private boolean skipValue() {
        BitSet objects = new BitSet();
        int depth = 0;
        while (true) {
            skipSpace();
            boolean opened = false;
            if (peek() == '[' || peek() == '{') {
                boolean object = text.charAt(pos++) == '{';
                if (depth == MAX_DEPTH) {
                    return false;
                }
                objects.set(depth++, object);
                skipSpace();
                opened = !accept(object ? '}' : ']');
                if (opened && object && !key()) {
                    return false;
                }
                if (!opened) {
                    depth--;
                }
            } else if (!skipScalar()) {
                return false;
            }
            while (!opened && depth > 0) {
                skipSpace();
                boolean object = objects.get(depth - 1);
                if (accept(',')) {
                    skipSpace();
                    if (object && !key()) {
                        return false;
                    }
                    opened = true;
                } else if (accept(object ? '}' : ']')) {
                    depth--;
                } else {
                    return false;
                }
            }
            if (depth == 0) {
                return true;
            }
        }
    }

    private boolean key() {
        if (peek() != '"' || string() == null) {
            return false;
        }
        skipSpace();
        return accept(':');
    }

    private boolean skipScalar() {
        return switch (peek()) {
            case '"' -> string() != null;
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        };
    }

    private boolean word(String word) {
        if (text.startsWith(word, pos)) {
            pos += word.length();
            return true;
        }
        return false;
    }

    private boolean number() {
        accept('-');
        if (!accept('0') && !digits()) {
            return false;
        }
        if (accept('.') && !digits()) {
            return false;
        }
        if (accept('e') || accept('E')) {
            if (!accept('+')) {
                accept('-');
            }
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int start = pos;
        while (peek() >= '0' && peek() <= '9') {
            pos++;
        }
        return pos > start;
    }

    private @Nullable String string() {
        pos++;
        StringBuilder out = new StringBuilder();
        while (pos < text.length()) {
            char c = text.charAt(pos++);
            if (c == '"') {
                return out.toString();
            }
            if (c < 0x20) {
                return null;
            }
            if (c != '\\') {
                out.append(c);
            } else if (!escape(out)) {
                return null;
            }
        }
        return null;
    }

    private boolean escape(StringBuilder out) {
        if (pos == text.length()) {
            return false;
        }
        char c = text.charAt(pos++);
        switch (c) {
            case '"', '\\', '/' -> out.append(c);
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'u' -> {
                return unicode(out);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** An escape that is half a surrogate pair becomes U+FFFD, as in Go. */
    private boolean unicode(StringBuilder out) {
        int unit = hex4(pos);
        if (unit < 0) {
            return false;
        }
        pos += 4;
        if (!Character.isSurrogate((char) unit)) {
            out.append((char) unit);
            return true;
        }
        if (Character.isHighSurrogate((char) unit) && text.startsWith("\\u", pos)) {
            int low = hex4(pos + 2);
            if (low >= 0 && Character.isLowSurrogate((char) low)) {
                out.append((char) unit).append((char) low);
                pos += 6;
                return true;
            }
        }
        out.append('\uFFFD');
        return true;
    }

    private int hex4(int at) {
        if (at + 4 > text.length()) {
            return -1;
        }
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
