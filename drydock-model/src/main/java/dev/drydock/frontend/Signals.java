package dev.drydock.frontend;

import dev.drydock.fault.Suggestion;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which signals STOPSIGNAL takes: Linux's by name, with or without SIG, and every number but 0. */
final class Signals {
    private static final Set<String> NAMES = Set.of(
            "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE",
            "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU",
            "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX");
    private static final int MAX_FROM_RTMIN = 15;
    private static final int MAX_FROM_RTMAX = 14;

    private Signals() {}

    static boolean isValid(String signal) {
        try {
            return Integer.parseInt(signal) != 0;
        } catch (NumberFormatException notANumber) {
            String upper = signal.toUpperCase(Locale.ROOT);
            String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
            return NAMES.contains(name)
                    || offset(name, "RTMIN+", MAX_FROM_RTMIN)
                    || offset(name, "RTMAX-", MAX_FROM_RTMAX);
        }
    }

    /** The signal that was perhaps meant. */
    static Optional<String> nearest(String signal) {
        return Suggestion.nearest(
                signal, NAMES.stream().sorted().map(name -> "SIG" + name).toList());
    }

    private static boolean offset(String name, String prefix, int max) {
        if (!name.startsWith(prefix)) {
            return false;
        }
        String digits = name.substring(prefix.length());
        for (int n = 1; n <= max; n++) {
            if (digits.equals(Integer.toString(n))) {
                return true;
            }
        }
        return false;
    }
}
