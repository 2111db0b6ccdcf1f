package dev.drydock.dockerfile;

import dev.drydock.fault.UserFault;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Durations as Go writes them: {@code 1m30s}, {@code 1.5h}, {@code -500ms}. */
public final class GoDuration {
    private static final int MAX_LENGTH = 100;
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    /**
     * The duration in nanoseconds.
     *
     * @throws UserFault without place, in Go's words: {@code time: missing unit in duration "5"}
     */
    public static long nanos(String text) {
        String rest = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return 0;
        }
        if (rest.isEmpty() || rest.length() > MAX_LENGTH) {
            throw invalid(text);
        }
        BigInteger total = BigInteger.ZERO;
        int i = 0;
        while (i < rest.length()) {
            int numberStart = i;
            while (i < rest.length() && (isDigit(rest.charAt(i)) || rest.charAt(i) == '.')) {
                i++;
            }
            String number = rest.substring(numberStart, i);
            if (number.isEmpty() || number.equals(".") || number.indexOf('.') != number.lastIndexOf('.')) {
                throw invalid(text);
            }
            int unitStart = i;
            while (i < rest.length() && !isDigit(rest.charAt(i)) && rest.charAt(i) != '.') {
                i++;
            }
            long unit = unit(rest.substring(unitStart, i), text);
            total = total.add(new BigDecimal(number)
                    .multiply(BigDecimal.valueOf(unit))
                    .setScale(0, RoundingMode.DOWN)
                    .toBigInteger());
        }
        if (total.compareTo(MAX) > 0) {
            throw invalid(text);
        }
        return text.startsWith("-") ? -total.longValue() : total.longValue();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static long unit(String unit, String text) {
        return switch (unit) {
            case "ns" -> 1L;
            case "us", "\u00b5s", "\u03bcs" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            case "" -> throw new UserFault("time: missing unit in duration " + GoText.quote(text));
            default ->
                throw new UserFault("time: unknown unit " + GoText.quote(unit) + " in duration " + GoText.quote(text));
        };
    }

    private static UserFault invalid(String text) {
        return new UserFault("time: invalid duration " + GoText.quote(text));
    }
}
