package dev.drydock.dockerfile;

import dev.drydock.fault.Suggestion;
import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** An instruction's flags, checked against those it knows. */
final class Flags {
    enum Kind {
        TEXT,
        SWITCH,
        LIST
    }

    static final Flags NONE = new Flags();

    private final Map<String, List<String>> values = new HashMap<>();

    private Flags() {}

    /**
     * Checks flag words.
     *
     * @param wrong makes the fault of a word and a message, for an unknown, repeated or malformed flag
     */
    static Flags parse(List<String> words, Map<String, Kind> known, BiFunction<String, String, UserFault> wrong) {
        if (words.isEmpty()) {
            return NONE;
        }
        Flags flags = new Flags();
        for (String word : words) {
            String problem = flags.add(word.substring(2), known);
            if (problem != null) {
                throw wrong.apply(word, problem);
            }
        }
        return flags;
    }

    /** What is wrong with the flag, null if nothing is. */
    private @Nullable String add(String flag, Map<String, Kind> known) {
        int equals = flag.indexOf('=');
        String name = equals < 0 ? flag : flag.substring(0, equals);
        String value = equals < 0 ? null : flag.substring(equals + 1);
        Kind kind = known.get(name);
        if (kind == null) {
            return "unknown flag: --" + name
                    + Suggestion.didYouMean(
                            name, known.keySet().stream().sorted().toList());
        }
        if (kind != Kind.LIST && values.containsKey(name)) {
            return "duplicate flag specified: --" + name;
        }
        boolean missing = kind == Kind.SWITCH ? "".equals(value) : value == null;
        if (missing) {
            return "missing a value on flag: --" + name;
        }
        if (kind == Kind.SWITCH) {
            String lower = value == null ? "true" : value.toLowerCase(Locale.ROOT);
            if (!lower.equals("true") && !lower.equals("false")) {
                return "expecting boolean value for flag --" + name + ", not: " + value;
            }
            value = lower;
        }
        if (value != null) {
            values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
        }
        return null;
    }

    /** The value, null if the flag was not given. */
    @Nullable
    String text(String name) {
        List<String> all = values.get(name);
        return all == null ? null : all.getFirst();
    }

    boolean on(String name) {
        return "true".equals(text(name));
    }

    List<String> list(String name) {
        return values.getOrDefault(name, List.of());
    }
}
