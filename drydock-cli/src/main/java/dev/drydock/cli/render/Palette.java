package dev.drydock.cli.render;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The colours of progress: escape codes without their frame, empty for none. {@code NO_COLOR} takes them all away,
 * {@code BUILDKIT_COLORS} changes them: {@code run=cyan:cancel=light-yellow:error=255,80,0:warning=white}.
 */
public record Palette(String run, String cancel, String error, String warning) {
    static final Palette NONE = new Palette("", "", "", "");

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("default", "39"),
            Map.entry("black", "30"),
            Map.entry("red", "31"),
            Map.entry("green", "32"),
            Map.entry("yellow", "33"),
            Map.entry("blue", "34"),
            Map.entry("magenta", "35"),
            Map.entry("cyan", "36"),
            Map.entry("white", "37"),
            Map.entry("light-black", "90"),
            Map.entry("light-red", "91"),
            Map.entry("light-green", "92"),
            Map.entry("light-yellow", "93"),
            Map.entry("light-blue", "94"),
            Map.entry("light-magenta", "95"),
            Map.entry("light-cyan", "96"),
            Map.entry("light-white", "97"));

    /** What the environment says. An entry that cannot be read changes nothing, as in BuildKit. */
    static Palette fromEnvironment(Map<String, String> environment) {
        if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
            return NONE;
        }
        Palette palette = new Palette("34", "33", "31", "33");
        for (String entry : environment.getOrDefault("BUILDKIT_COLORS", "").split(":")) {
            int equals = entry.indexOf('=');
            String code = equals < 0 ? null : code(entry.substring(equals + 1));
            if (code != null) {
                palette = palette.with(entry.substring(0, equals), code);
            }
        }
        return palette;
    }

    private Palette with(String kind, String code) {
        return switch (kind) {
            case "run" -> new Palette(code, cancel, error, warning);
            case "cancel" -> new Palette(run, code, error, warning);
            case "error" -> new Palette(run, cancel, code, warning);
            case "warning" -> new Palette(run, cancel, error, code);
            default -> this;
        };
    }

    private static @Nullable String code(String color) {
        String[] parts = color.split(",");
        if (parts.length != 3) {
            return NAMES.get(color);
        }
        StringBuilder code = new StringBuilder("38;2");
        for (String part : parts) {
            try {
                int level = Integer.parseInt(part.strip());
                if (level < 0 || level > 255) {
                    return null;
                }
                code.append(';').append(level);
            } catch (NumberFormatException e) {
                return null; // not a colour
            }
        }
        return code.toString();
    }

    /** The text in a colour; as it is when the colour is none. */
    static String paint(String text, String code) {
        return code.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
