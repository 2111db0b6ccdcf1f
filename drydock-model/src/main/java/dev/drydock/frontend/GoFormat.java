package dev.drydock.frontend;

import dev.drydock.dockerfile.GoText;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values as Go's {@code fmt} prints them: history is written with it. */
final class GoFormat {
    private static final long SECOND = 1_000_000_000L;

    private GoFormat() {}

    /** {@code %v} of a list: {@code [a b]}. */
    static String list(Collection<String> values) {
        return "[" + String.join(" ", values) + "]";
    }

    /** {@code %q} of a string. */
    static String quoted(String value) {
        return GoText.quote(value);
    }

    /** {@code %q} of a list: {@code ["a" "b"]}. */
    static String quotedList(@Nullable List<String> values) {
        return values == null ? "[]" : list(values.stream().map(GoText::quote).toList());
    }

    /** {@code time.Duration.String}: {@code 1h0m30s}, {@code 1.5s}, {@code 100ms}. */
    static String duration(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        String sign = nanos < 0 ? "-" : "";
        long left = Math.abs(nanos);
        if (left < SECOND) {
            if (left < 1_000) {
                return sign + left + "ns";
            }
            return left < 1_000_000 ? sign + decimal(left, 1_000) + "µs" : sign + decimal(left, 1_000_000) + "ms";
        }
        long minutes = left / (60 * SECOND);
        String seconds = decimal(left % (60 * SECOND), SECOND) + "s";
        if (minutes == 0) {
            return sign + seconds;
        }
        return sign + (minutes < 60 ? minutes + "m" : minutes / 60 + "h" + minutes % 60 + "m") + seconds;
    }

    private static String decimal(long number, long unit) {
        long fraction = number % unit;
        if (fraction == 0) {
            return Long.toString(number / unit);
        }
        String digits = Long.toString(unit + fraction).substring(1);
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return number / unit + "." + digits.substring(0, end);
    }
}
