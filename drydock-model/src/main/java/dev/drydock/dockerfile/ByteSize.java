package dev.drydock.dockerfile;

import java.util.Locale;
import java.util.OptionalLong;

/** Sizes such as {@code 64m} or {@code 1.5 GiB}, in powers of 1024. */
public final class ByteSize {
    private ByteSize() {}

    /** The number of bytes, empty if the text is no size. */
    public static OptionalLong parse(String text) {
        int end = text.length();
        while (end > 0 && "0123456789. ".indexOf(text.charAt(end - 1)) < 0) {
            end--;
        }
        String suffix = text.substring(end).toLowerCase(Locale.ROOT);
        String number = text.substring(0, end).endsWith(" ") ? text.substring(0, end - 1) : text.substring(0, end);
        int shift = shift(suffix);
        boolean plain = !number.isEmpty()
                && number.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.')
                && number.indexOf('.') == number.lastIndexOf('.')
                && !number.equals(".");
        if (!plain || shift < 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of((long) (Double.parseDouble(number) * (1L << shift)));
    }

    /** The text for a number of bytes, as {@link #parse} reads it: {@code 64m}; the largest unit that tells it exactly. */
    public static String text(long bytes) {
        String units = "kmgtp";
        int power = 0;
        long rest = bytes;
        while (power < units.length() && rest != 0 && rest % 1024 == 0) {
            rest /= 1024;
            power++;
        }
        return power == 0 ? Long.toString(bytes) : Long.toString(rest) + units.charAt(power - 1);
    }

    private static int shift(String suffix) {
        if (suffix.isEmpty() || suffix.equals("b")) {
            return 0;
        }
        String unit = suffix.substring(1);
        boolean known = unit.isEmpty() || unit.equals("b") || unit.equals("ib");
        int power = "kmgtp".indexOf(suffix.charAt(0)) + 1;
        return known && power > 0 ? power * 10 : -1;
    }
}
