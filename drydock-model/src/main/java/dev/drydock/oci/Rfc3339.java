package dev.drydock.oci;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Times as image documents write them: RFC 3339 with up to nine fraction digits. Written by hand because the JDK's
 * formatters cost more start-up time than all else that {@code drydock images} does.
 */
public final class Rfc3339 {
    private Rfc3339() {}

    /** In UTC, trailing zeros of the fraction dropped: Go's {@code RFC3339Nano}. */
    public static String format(Instant time) {
        long seconds = time.getEpochSecond();
        int nano = time.getNano();
        LocalDateTime utc = LocalDateTime.ofEpochSecond(seconds, nano, ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(30);
        pad(out, utc.getYear(), 4).append('-');
        pad(out, utc.getMonthValue(), 2).append('-');
        pad(out, utc.getDayOfMonth(), 2).append('T');
        pad(out, utc.getHour(), 2).append(':');
        pad(out, utc.getMinute(), 2).append(':');
        pad(out, utc.getSecond(), 2);
        if (nano != 0) {
            pad(out.append('.'), nano, 9);
            while (out.charAt(out.length() - 1) == '0') {
                out.setLength(out.length() - 1);
            }
        }
        return out.append('Z').toString();
    }

    private static StringBuilder pad(StringBuilder out, int number, int width) {
        String digits = Integer.toString(number);
        return out.repeat('0', Math.max(0, width - digits.length())).append(digits);
    }

    /**
     * Reads a time with {@code Z} or an offset.
     *
     * @throws IllegalArgumentException if it is none; callers say in which document
     */
    public static Instant parse(String text) {
        try {
            return new Cursor(text).time();
        } catch (DateTimeException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("time \"" + text + "\" is not in the form of RFC 3339", e);
        }
    }

    /** Reads from left to right; running off the end is an {@link IndexOutOfBoundsException}. */
    private static final class Cursor {
        private final String text;
        private int at;

        Cursor(String text) {
            this.text = text;
        }

        Instant time() {
            int year = number(4);
            expect('-');
            int month = number(2);
            expect('-');
            int day = number(2);
            expect('T');
            int hour = number(2);
            expect(':');
            int minute = number(2);
            expect(':');
            int second = number(2);
            int nano = 0;
            if (text.charAt(at) == '.') {
                at++;
                nano = fraction();
            }
            ZoneOffset offset = offset();
            if (at != text.length()) {
                throw new DateTimeException("something follows");
            }
            return LocalDateTime.of(year, month, day, hour, minute, second, nano)
                    .toInstant(offset);
        }

        private int fraction() {
            int nano = 0;
            int digits = 0;
            while (Character.digit(text.charAt(at), 10) >= 0) {
                int digit = digit();
                if (digits < 9) {
                    nano = nano * 10 + digit;
                    digits++;
                }
            }
            if (digits == 0) {
                throw new DateTimeException("no digits");
            }
            for (; digits < 9; digits++) {
                nano *= 10;
            }
            return nano;
        }

        private ZoneOffset offset() {
            char sign = text.charAt(at++);
            if (sign == 'Z') {
                return ZoneOffset.UTC;
            }
            if (sign != '+' && sign != '-') {
                throw new DateTimeException("no offset");
            }
            int direction = sign == '+' ? 1 : -1;
            int hours = number(2);
            expect(':');
            return ZoneOffset.ofHoursMinutes(direction * hours, direction * number(2));
        }

        private int number(int digits) {
            int number = 0;
            for (int i = 0; i < digits; i++) {
                number = number * 10 + digit();
            }
            return number;
        }

        private int digit() {
            char c = text.charAt(at++);
            if (c < '0' || c > '9') {
                throw new DateTimeException("no digit");
            }
            return c - '0';
        }

        private void expect(char c) {
            if (text.charAt(at++) != c) {
                throw new DateTimeException("no " + c);
            }
        }
    }
}
