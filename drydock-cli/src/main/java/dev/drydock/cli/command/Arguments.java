package dev.drydock.cli.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A command line that was understood: flags with their values, and operands. */
final class Arguments {
    private final Map<String, List<String>> values = new HashMap<>();
    private final List<String> operands = new ArrayList<>();

    void add(Flag flag, String value) {
        List<String> known = values.computeIfAbsent(flag.name(), _ -> new ArrayList<>(1));
        if (!flag.repeated()) {
            known.clear();
        }
        known.add(value);
    }

    void addOperand(String operand) {
        operands.add(operand);
    }

    boolean has(String flag) {
        return values.containsKey(flag);
    }

    /** Whether a switch is on. */
    boolean isOn(String flag) {
        return "true".equals(value(flag));
    }

    /** The value of a flag, null if it was not given. */
    @Nullable
    String value(String flag) {
        List<String> known = values.get(flag);
        return known == null ? null : known.getLast();
    }

    String value(String flag, String otherwise) {
        String value = value(flag);
        return value == null ? otherwise : value;
    }

    /** Every value of a repeated flag, in order. */
    List<String> list(String flag) {
        return List.copyOf(values.getOrDefault(flag, List.of()));
    }

    List<String> operands() {
        return List.copyOf(operands);
    }
}
