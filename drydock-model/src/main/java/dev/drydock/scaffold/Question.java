package dev.drydock.scaffold;

import java.util.List;
import java.util.Optional;

/**
 * One thing that {@code init} asks.
 *
 * @param setting what is being asked for
 * @param text the question, with its question mark
 * @param initial the answer if the person just presses Enter; valid itself
 * @param accepts which answers will do
 */
public record Question(Setting setting, String text, String initial, Accepts accepts) {
    /** Which answers a question takes. */
    public sealed interface Accepts {
        /** A version that can be part of an image's tag, such as {@code 1.96} or {@code 1}. */
        record Version() implements Accepts {}

        /** A TCP port. */
        record Port() implements Accepts {}

        /** One of these. */
        record OneOf(List<String> choices) implements Accepts {
            public OneOf {
                choices = List.copyOf(choices);
            }
        }
    }

    /** What is wrong with an answer; empty if it will do. */
    public Optional<String> complaint(String answer) {
        return switch (accepts) {
            case Accepts.Version() ->
                isVersion(answer)
                        ? Optional.empty()
                        : Optional.of(quoted(answer) + " is not a version such as " + initial);
            case Accepts.Port() ->
                isPort(answer)
                        ? Optional.empty()
                        : Optional.of(quoted(answer) + " is not a port: a number from 1 to 65535");
            case Accepts.OneOf(List<String> choices) ->
                choices.contains(answer)
                        ? Optional.empty()
                        : Optional.of(quoted(answer) + " is none of " + String.join(", ", choices));
        };
    }

    private static String quoted(String answer) {
        return "'" + answer + "'";
    }

    private static boolean isVersion(String answer) {
        return answer.length() <= 40 && answer.matches("\\d+(\\.\\d+)*(-[0-9A-Za-z.]+)?");
    }

    private static boolean isPort(String answer) {
        if (!answer.matches("[1-9]\\d{0,4}")) {
            return false;
        }
        return Integer.parseInt(answer) <= 65_535;
    }
}
