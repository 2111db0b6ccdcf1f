package dev.drydock.cli.render;

/** How many columns text takes on a terminal. */
final class Widths {
    private Widths() {}

    static int of(String text) {
        return text.codePoints().map(Widths::of).sum();
    }

    /** The longest beginning of {@code text} that fits into {@code width} columns. */
    static String cut(String text, int width) {
        int used = 0;
        int end = 0;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            used += of(point);
            if (used > width) {
                return text.substring(0, end);
            }
            end += Character.charCount(point);
        }
        return text;
    }

    private static int of(int point) {
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        boolean wide = in(point, 0x1100, 0x115f)
                || in(point, 0x2e80, 0xa4cf)
                || in(point, 0xac00, 0xd7a3)
                || in(point, 0xf900, 0xfaff)
                || in(point, 0xfe30, 0xfe6f)
                || in(point, 0xff00, 0xff60)
                || in(point, 0xffe0, 0xffe6)
                || in(point, 0x1f300, 0x1faff)
                || in(point, 0x20000, 0x3fffd);
        return wide ? 2 : 1;
    }

    private static boolean in(int point, int first, int last) {
        return point >= first && point <= last;
    }
}
