package dev.drydock.registry;

import dev.drydock.fault.CorruptData;
import dev.drydock.oci.JsonValue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * What a token server gave.
 *
 * @param expires some time before it really does
 * @param refresh an identity token to be shown instead of a password from now on; null if there came none
 */
record Token(String value, Instant expires, @Nullable String refresh) {
    private static final Duration SHORTEST_LIFE = Duration.ofSeconds(60);
    private static final Duration MARGIN = Duration.ofSeconds(10);

    @Override
    public String toString() {
        return "Token[]";
    }

    /**
     * Reads a token server's answer.
     *
     * @param asked when it was asked
     * @throws IOException if there is no token in it
     */
    static Token read(byte[] document, Instant asked) throws IOException {
        try {
            if (JsonValue.parse(document) instanceof JsonValue.Obj root) {
                String value = text(root, "token").isEmpty() ? text(root, "access_token") : text(root, "token");
                if (!value.isEmpty()) {
                    String refresh = text(root, "refresh_token");
                    return new Token(
                            value,
                            begin(root, asked).plus(life(root)).minus(MARGIN),
                            refresh.isEmpty() ? null : refresh);
                }
            }
        } catch (CorruptData notJson) {
            // said below, without the text: it may hold a token
        }
        throw new IOException("the token server's answer holds no token");
    }

    private static Duration life(JsonValue.Obj root) {
        if (root.get("expires_in") instanceof JsonValue.Num(String literal)) {
            try {
                Duration life = Duration.ofSeconds(Math.min((long) Double.parseDouble(literal), 86_400));
                return life.compareTo(SHORTEST_LIFE) < 0 ? SHORTEST_LIFE : life;
            } catch (NumberFormatException e) {
                return SHORTEST_LIFE;
            }
        }
        return SHORTEST_LIFE;
    }

    /** The token server's clock may be wrong: a time of issue that lies ahead is not believed. */
    private static Instant begin(JsonValue.Obj root, Instant asked) {
        try {
            Instant issued = Instant.parse(text(root, "issued_at"));
            return issued.isAfter(asked) ? asked : issued;
        } catch (DateTimeParseException e) {
            return asked;
        }
    }

    private static String text(JsonValue.Obj object, String name) {
        return object.get(name) instanceof JsonValue.Text(String text) ? text : "";
    }
}
