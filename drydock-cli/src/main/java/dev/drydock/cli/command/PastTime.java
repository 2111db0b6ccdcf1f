package dev.drydock.cli.command;

import dev.drydock.fault.UserFault;
import dev.drydock.oci.Rfc3339;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Values of {@code until=}. */
final class PastTime {
    private PastTime() {}

    /** A time stamp, seconds since 1970, or how long ago: {@code 24h}, {@code 1h30m}. */
    static Instant parse(String text, Instant now) {
        Duration ago = duration(text);
        if (ago != null) {
            return now.minus(ago);
        }
        try {
            if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Instant.ofEpochSecond(Long.parseLong(text));
            }
            String full = text.length() == 10 ? text + "T00:00:00Z" : text;
            return Rfc3339.parse(full.length() == 19 ? full + "Z" : full);
        } catch (IllegalArgumentException e) {
            throw new UserFault("invalid value for 'until' filter: failed to parse value as time or duration: "
                    + "invalid seconds \"" + text + "\": invalid syntax");
        }
    }

    private static @Nullable Duration duration(String text) {
        Duration sum = Duration.ZERO;
        int at = 0;
        while (at < text.length()) {
            int digits = at;
            while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
                digits++;
            }
            if (digits == at || digits == text.length() || digits - at > 9) {
                return null;
            }
            long count = Long.parseLong(text.substring(at, digits));
            switch (text.charAt(digits)) {
                case 'h' -> sum = sum.plusHours(count);
                case 'm' -> sum = sum.plusMinutes(count);
                case 's' -> sum = sum.plusSeconds(count);
                default -> {
                    return null;
                }
            }
            at = digits + 1;
        }
        return text.isEmpty() ? null : sum;
    }
}
