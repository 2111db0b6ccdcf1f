package dev.drydock.linux;

import java.nio.charset.StandardCharsets;

/**
 * File names as strings, without loss. To Linux a name is any bytes; here it is a string: valid UTF-8 is decoded, and every
 * byte that is not part of valid UTF-8 becomes one char of U+DC80 to U+DCFF, which UTF-8 never yields. Decoding and
 * encoding are inverse for every byte string, whatever the locale of the process is.
 */
public final class PathBytes {
    private static final int ESCAPE = 0xDC00;

    private PathBytes() {}

    /** The string for {@code length} bytes of a name or path. */
    public static String decode(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] < 0) {
                return decodeSlowly(bytes, offset, offset + length);
            }
        }
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }

    /** The string for a name or path. */
    public static String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    private static String decodeSlowly(byte[] bytes, int offset, int end) {
        StringBuilder text = new StringBuilder(end - offset);
        int i = offset;
        while (i < end) {
            int length = sequenceLength(bytes, i, end);
            if (length == 0) {
                text.append((char) (ESCAPE | (bytes[i] & 0xFF)));
                i++;
            } else {
                text.appendCodePoint(codePoint(bytes, i, length));
                i += length;
            }
        }
        return text.toString();
    }

    /** The length of the valid UTF-8 sequence at {@code i}, or 0 if there is none. */
    private static int sequenceLength(byte[] bytes, int i, int end) {
        int lead = bytes[i] & 0xFF;
        if (lead < 0x80) {
            return 1;
        }
        int length =
                lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
        if (length == 0 || i + length > end) {
            return 0;
        }
        for (int j = 1; j < length; j++) {
            if ((bytes[i + j] & 0xC0) != 0x80) {
                return 0;
            }
        }
        int point = codePoint(bytes, i, length);
        boolean overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
        boolean surrogate = point >= 0xD800 && point <= 0xDFFF;
        return overlong || surrogate || point > 0x10FFFF ? 0 : length;
    }

    private static int codePoint(byte[] bytes, int i, int length) {
        if (length == 1) {
            return bytes[i];
        }
        int point = bytes[i] & (0xFF >> (length + 1));
        for (int j = 1; j < length; j++) {
            point = (point << 6) | (bytes[i + j] & 0x3F);
        }
        return point;
    }

    /** The bytes of a name or path. A lone surrogate that no decoding gives is encoded as {@code ?}. */
    public static byte[] encode(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (Character.isSurrogate(path.charAt(i))) {
                return encodeSlowly(path);
            }
        }
        return path.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] encodeSlowly(String path) {
        byte[] bytes = new byte[path.length() * 3];
        int length = 0;
        int i = 0;
        while (i < path.length()) {
            int point = path.codePointAt(i);
            i += Character.charCount(point);
            if (point >= 0xDC80 && point <= 0xDCFF) {
                bytes[length++] = (byte) point;
            } else {
                for (byte b : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
                    bytes[length++] = b;
                }
            }
        }
        return java.util.Arrays.copyOf(bytes, length);
    }

    /**
     * Orders paths component by component, each by its bytes: a directory comes before what is below it, and what is below
     * it before the next name.
     */
    public static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                if (x >= 0xD800 || y >= 0xD800) {
                    return compare(encode(a), encode(b));
                }
                return x == '/' ? -1 : y == '/' ? 1 : x - y;
            }
        }
        return a.length() - b.length();
    }

    /** Orders encoded paths likewise. */
    public static int compare(byte[] a, byte[] b) {
        int at = java.util.Arrays.mismatch(a, b);
        if (at < 0) {
            return 0;
        }
        if (at >= a.length || at >= b.length) {
            return a.length - b.length;
        }
        return a[at] == '/' ? -1 : b[at] == '/' ? 1 : (a[at] & 0xFF) - (b[at] & 0xFF);
    }
}
