package dev.drydock.cli.command;

import dev.drydock.dockerfile.ByteSize;
import dev.drydock.graph.ResourceLimits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code --resource memory=2g}, and the flags of older builders that mean the same: what one of those says, a {@code
 * --resource} of the same name says again and wins.
 */
final class ResourceFlags {
    /** What the flags of older builders are called, and their names as resources. */
    static final List<String> NAMES =
            List.of("memory", "memory-swap", "cpu-shares", "cpu-period", "cpu-quota", "cpuset-cpus", "cpuset-mems");

    private static final String CPU_LIST = "[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*";

    private ResourceFlags() {}

    static ResourceLimits of(Arguments arguments) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : NAMES) {
            String value = arguments.value(name);
            if (value != null) {
                values.put(name, value);
            }
        }
        for (String text : arguments.list("resource")) {
            String last = "";
            for (String piece : text.split(",", -1)) {
                int equals = piece.indexOf('=');
                if (equals < 0 && last.startsWith("cpuset-")) {
                    values.merge(last, piece, (before, next) -> before + "," + next);
                    continue;
                }
                last = equals < 0 ? piece : piece.substring(0, equals).strip();
                if (equals < 0) {
                    throw invalid(text, "must be a key=value pair");
                }
                if (!NAMES.contains(last)) {
                    throw invalid(
                            text, "unknown resource \"" + last + "\": must be one of " + String.join(", ", NAMES));
                }
                values.put(last, piece.substring(equals + 1).strip());
            }
        }
        return new ResourceLimits(
                bytes("memory", values.get("memory")),
                "-1".equals(values.get("memory-swap")) ? -1 : bytes("memory-swap", values.get("memory-swap")),
                number("cpu-shares", values.get("cpu-shares")),
                number("cpu-period", values.get("cpu-period")),
                number("cpu-quota", values.get("cpu-quota")),
                list("cpuset-cpus", values.get("cpuset-cpus")),
                list("cpuset-mems", values.get("cpuset-mems")));
    }

    private static long bytes(String name, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return 0;
        }
        return ByteSize.parse(text).orElseThrow(() -> invalid(name + "=" + text, "invalid size: '" + text + "'"));
    }

    private static long number(String name, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw invalid(name + "=" + text, "strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
        }
    }

    private static @Nullable String list(String name, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (!text.matches(CPU_LIST)) {
            throw invalid(name + "=" + text, "must be a list like 0-3 or 0,1");
        }
        return text;
    }

    private static UsageError invalid(String value, String why) {
        return new UsageError(
                "invalid argument \"" + value + "\" for \"--resource\" flag: " + why,
                UsageError.FLAGS,
                new BuildCommand().spec());
    }
}
