package dev.drydock.cli.command;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Sizes and times in the words of Docker's tables. */
final class HumanUnits {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final MathContext THREE_DIGITS = new MathContext(3, RoundingMode.HALF_EVEN);
    private static final long EASY = 1_000_000_000_000_000L;
    private static final MathContext FOUR_DIGITS = new MathContext(4, RoundingMode.HALF_EVEN);
    private static final int SHORT_ID = 12;

    private HumanUnits() {}

    /** Three significant digits and a decimal unit: {@code 3.16MB}, {@code 0B}. */
    static String size(long bytes) {
        return bytes >= 0 && bytes < EASY ? easySize(bytes) : size(bytes, THREE_DIGITS);
    }

    /** The same without the weight of decimals: lists have many sizes. */
    private static String easySize(long bytes) {
        if (bytes < 1000) {
            return bytes + "B";
        }
        int unit = 1;
        long divisor = 1000;
        // 999.5 and more of a unit is one of the next
        while (unit < UNITS.length - 1 && bytes >= divisor * 1000 - divisor / 2) {
            divisor *= 1000;
            unit++;
        }
        int decimals = bytes >= divisor * 100 - divisor / 20 ? 0 : bytes >= divisor * 10 - divisor / 200 ? 1 : 2;
        long step = decimals == 0 ? divisor : decimals == 1 ? divisor / 10 : divisor / 100;
        long rounded = bytes / step;
        long rest = bytes % step;
        if (rest * 2 > step || (rest * 2 == step && rounded % 2 == 1)) {
            rounded++;
        }
        while (decimals > 0 && rounded % 10 == 0) {
            rounded /= 10;
            decimals--;
        }
        long scale = decimals == 2 ? 100 : decimals == 1 ? 10 : 1;
        String fraction =
                decimals == 0 ? "" : "." + (decimals == 2 && rounded % scale < 10 ? "0" : "") + rounded % scale;
        return rounded / scale + fraction + UNITS[unit];
    }

    /** Four significant digits: {@code 8.192kB}, {@code 58.85MB}. */
    static String exactSize(long bytes) {
        return size(bytes, FOUR_DIGITS);
    }

    private static String size(long bytes, MathContext digits) {
        BigDecimal value = BigDecimal.valueOf(bytes);
        int unit = 0;
        while (unit < UNITS.length - 1 && value.round(digits).compareTo(BigDecimal.valueOf(1000)) >= 0) {
            value = value.movePointLeft(3);
            unit++;
        }
        BigDecimal rounded = value.round(digits);
        return (rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString()) + UNITS[unit];
    }

    /** {@code 5 seconds ago}; {@code N/A} where there is no date. */
    static String since(@Nullable Instant created, Instant now) {
        if (isUnknown(created)) {
            return "N/A";
        }
        return duration(Duration.between(created, now)) + " ago";
    }

    static boolean isUnknown(@Nullable Instant created) {
        return created == null || created.getEpochSecond() == 0;
    }

    private static String duration(Duration time) {
        long seconds = time.toSeconds();
        if (seconds < 1) {
            return "Less than a second";
        }
        if (seconds == 1) {
            return "1 second";
        }
        if (seconds < 60) {
            return seconds + " seconds";
        }
        long minutes = seconds / 60;
        if (minutes == 1) {
            return "About a minute";
        }
        if (minutes < 60) {
            return minutes + " minutes";
        }
        long hours = (seconds + 1800) / 3600;
        if (hours == 1) {
            return "About an hour";
        }
        if (hours < 48) {
            return hours + " hours";
        }
        if (hours < 24 * 7 * 2) {
            return hours / 24 + " days";
        }
        if (hours < 24 * 30 * 2) {
            return hours / 24 / 7 + " weeks";
        }
        if (hours < 24 * 365 * 2) {
            return hours / 24 / 30 + " months";
        }
        return seconds / 3600 / 24 / 365 + " years";
    }

    /** {@code 2026-11-23 17:16:49 +0000 UTC}. */
    static String date(@Nullable Instant created) {
        return created == null ? "N/A" : iso(created, ' ') + " +0000 UTC";
    }

    /** {@code 2026-11-23T17:16:49}, with another letter between date and time, to the second. */
    static String iso(Instant time, char between) {
        LocalDateTime utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(20).append(utc.getYear());
        two(out.append('-'), utc.getMonthValue());
        two(out.append('-'), utc.getDayOfMonth());
        two(out.append(between), utc.getHour());
        two(out.append(':'), utc.getMinute());
        two(out.append(':'), utc.getSecond());
        return out.toString();
    }

    private static void two(StringBuilder out, int number) {
        out.append(number < 10 ? "0" : "").append(number);
    }

    /** The first twelve digits of an ID; a name stays as it is. */
    static String shortId(String id) {
        int colon = id.indexOf(':');
        String digits = id.substring(colon + 1);
        return digits.substring(0, Math.min(SHORT_ID, digits.length()));
    }

    /** At most so many characters, the last one an ellipsis where something is missing. */
    static String ellipsis(String text, int length) {
        return text.codePointCount(0, text.length()) <= length
                ? text
                : text.substring(0, text.offsetByCodePoints(0, length - 1)) + "…";
    }
}
