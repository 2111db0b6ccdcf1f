package dev.drydock.cli.command;

import dev.drydock.dockerfile.Csv;
import dev.drydock.fault.Suggestion;
import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One {@code -o}: its type, its destination and its attributes as they were written, to be taken out one by one. */
final class OutputAttributes {
    private final String type;
    private final @Nullable String dest;
    private final Map<String, String> attributes;

    private OutputAttributes(String type, @Nullable String dest, Map<String, String> attributes) {
        this.type = type;
        this.dest = dest;
        this.attributes = attributes;
    }

    /** What buildx makes of the text: a bare word is a directory, {@code -} a tar on standard output. */
    static OutputAttributes parse(String text) {
        List<String> fields;
        try {
            fields = Csv.record(text);
        } catch (UserFault e) {
            String why = e.text();
            throw failed(why.substring(why.indexOf(": ") + 2));
        }
        if (fields.size() == 1 && fields.getFirst().equals(text) && !text.startsWith("type=")) {
            return new OutputAttributes(text.equals("-") ? "tar" : "local", text, new LinkedHashMap<>());
        }
        String type = "";
        String dest = null;
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String field : fields) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                throw failed("invalid value " + field);
            }
            String key = field.substring(0, equals).toLowerCase(Locale.ROOT).strip();
            String value = field.substring(equals + 1);
            switch (key) {
                case "type" -> type = value;
                case "dest" -> dest = value;
                default -> attributes.put(key, value);
            }
        }
        if (type.isEmpty()) {
            throw failed("type is required for output");
        }
        return new OutputAttributes(type, dest, attributes);
    }

    static CommandFailed failed(String message, String... hints) {
        return new CommandFailed("ERROR: failed to build: " + message, 1, List.of(hints));
    }

    /** What BuildKit's daemon, not its client, refuses. */
    static CommandFailed refused(String message, String... hints) {
        return failed("failed to solve: " + message, hints);
    }

    String type() {
        return type;
    }

    /** Where it goes; null if that was not written. */
    @Nullable
    String dest() {
        return dest == null || dest.isEmpty() ? null : dest;
    }

    /** Takes an attribute; null if it was not written. */
    @Nullable
    String text(String key) {
        return attributes.remove(key);
    }

    /** Takes an attribute that is a boolean as Go reads it; one without a value is true. */
    boolean isOn(String key, boolean otherwise) {
        String value = attributes.remove(key);
        if (value == null) {
            return otherwise;
        }
        return value.isEmpty()
                || GoBool.of(value)
                        .orElseThrow(() -> refused("non-bool value specified for " + key + ": " + GoBool.fault(value)));
    }

    /** Takes an attribute that is a whole number; null if it was not written or has no value. */
    @Nullable
    Long number(String key) {
        String value = attributes.remove(key);
        if (value == null || value.isEmpty()) {
            return null;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw refused("non-integer value " + value + " specified for " + key);
        }
    }

    /** Takes all attributes whose keys begin so. */
    Map<String, String> starting(String prefix) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String key : List.copyOf(attributes.keySet())) {
            String value = key.startsWith(prefix) ? attributes.remove(key) : null;
            if (value != null) {
                found.put(key, value);
            }
        }
        return found;
    }

    /** BuildKit passes over what it does not know, and with it over what was misspelled. */
    void end(Set<String> known) {
        for (String key : attributes.keySet()) {
            List<String> hints = new ArrayList<>();
            Suggestion.nearest(key, known).ifPresent(near -> hints.add("Did you mean " + near + "?"));
            throw failed("invalid output: type=" + type + " has no attribute " + key, hints.toArray(String[]::new));
        }
    }
}
