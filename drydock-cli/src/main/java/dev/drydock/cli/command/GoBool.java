package dev.drydock.cli.command;

import java.util.Optional;

/** Booleans as Docker's programs read them: Go's strconv.ParseBool. */
final class GoBool {
    private GoBool() {}

    /** Empty if the text is none. */
    static Optional<Boolean> of(String text) {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> Optional.of(true);
            case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** What Go says of a text that is none. */
    static String fault(String text) {
        return "strconv.ParseBool: parsing \"" + text + "\": invalid syntax";
    }
}
