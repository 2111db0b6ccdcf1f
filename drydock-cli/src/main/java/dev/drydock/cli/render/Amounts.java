package dev.drydock.cli.render;

import java.time.Duration;

/** Numbers as BuildKit's progress prints them. */
final class Amounts {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};
    private static final long THOUSAND = 1000;

    private Amounts() {}

    /** Seconds with one decimal: {@code 1.2s}. */
    static String seconds(Duration duration) {
        return decimal(duration, 1) + "s";
    }

    /** Seconds with {@code digits} decimals, truncated for 3 and rounded for 1 as BuildKit does. */
    static String decimal(Duration duration, int digits) {
        long millis = Math.max(0, duration.toMillis());
        if (digits == 3) {
            return millis / THOUSAND + "." + pad(millis % THOUSAND, 3);
        }
        long tenths = (millis + 50) / 100;
        return tenths / 10 + "." + tenths % 10;
    }

    private static String pad(long number, int width) {
        String text = Long.toString(number);
        return "0".repeat(Math.max(0, width - text.length())) + text;
    }

    /** Bytes in decimal units with at most two decimals: {@code 139B}, {@code 1.68kB}, {@code 12.59MB}. */
    static String bytes(long bytes) {
        if (bytes < THOUSAND) {
            return bytes + "B";
        }
        double value = bytes;
        int unit = 0;
        while (value >= THOUSAND && unit < UNITS.length - 1) {
            value /= THOUSAND;
            unit++;
        }
        long hundredths = Math.round(value * 100);
        return hundredths / 100 + "." + pad(hundredths % 100, 2) + UNITS[unit];
    }

    /** The amount that a part shows: nothing, {@code 2B}, or {@code 1.07MB / 3MB}. */
    static String progress(Steps.Part part) {
        if (part.total() > 0) {
            return bytes(part.current()) + " / " + bytes(part.total());
        }
        return part.current() > 0 ? bytes(part.current()) : "";
    }
}
