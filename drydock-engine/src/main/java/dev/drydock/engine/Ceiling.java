package dev.drydock.engine;

import dev.drydock.fault.UserFault;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of the disk a store may take before what the build cache keeps gives way.
 *
 * @param amount bytes or, if {@code percent}, hundredths of the file system; 0 for no ceiling
 */
public record Ceiling(long amount, boolean percent) {
    /** What holds when nobody says anything. */
    public static final Ceiling USUAL = new Ceiling(60, true);

    private static final Pattern SIZE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([kKmMgGtTpP]?)(?:i?[bB])?");
    private static final String UNITS = "kmgtp";

    /**
     * Reads {@code 20GB}, {@code 60%}, or {@code off}.
     *
     * @param subject where the text stands, for the message
     * @throws UserFault if it is none of them
     */
    public static Ceiling parse(String subject, String text) {
        if (text.equals("off") || text.equals("0")) {
            return new Ceiling(0, false);
        }
        if (text.matches("[1-9][0-9]?%|100%")) {
            return new Ceiling(Long.parseLong(text.substring(0, text.length() - 1)), true);
        }
        return new Ceiling(
                bytes(
                        text,
                        () -> new UserFault(subject + ": \"" + text + "\" is neither a size nor a share of the disk")
                                .hint("Write 20GB, 60% or off.")),
                false);
    }

    /** Makes the fault for a text that is no size. */
    public interface Refusal {
        UserFault fault();
    }

    /** Reads a size as Docker's flags do: {@code 512}, {@code 10kb}, {@code 1.5GB}; every unit is 1024 of the one below. */
    public static long bytes(String text, Refusal refusal) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw refusal.fault();
        }
        String unit = size.group(2).toLowerCase(Locale.ROOT);
        double value = Double.parseDouble(size.group(1));
        double bytes = unit.isEmpty() ? value : value * Math.pow(1024, UNITS.indexOf(unit) + 1);
        return (long) Math.min(bytes, Long.MAX_VALUE);
    }

    long bytes(long diskSize) {
        return percent ? diskSize / 100 * amount : amount;
    }
}
