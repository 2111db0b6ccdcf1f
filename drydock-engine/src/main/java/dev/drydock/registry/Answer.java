package dev.drydock.registry;

import dev.drydock.fault.CorruptData;
import dev.drydock.oci.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a registry answered. Of an error the body was read, and nothing is left to close. */
final class Answer implements AutoCloseable {
    private static final int LONGEST_ERROR = 64 * 1024;

    private final String method;
    private final URI address;
    private final int status;
    private final HttpHeaders headers;
    private final InputStream body;
    private final byte[] error;
    private boolean read;

    private Answer(String method, URI address, HttpResponse<InputStream> response, InputStream body, byte[] error) {
        this.method = method;
        this.address = address;
        this.status = response.statusCode();
        this.headers = response.headers();
        this.body = body;
        this.error = error;
    }

    /** @throws ProxyRefusal if it is the answer of a proxy that connects us to nobody */
    static Answer of(String method, URI address, HttpResponse<InputStream> response) throws IOException {
        // The JDK's client has no body for what a proxy answers to CONNECT.
        if (response.statusCode() == 407 || response.body() == null) {
            throw new ProxyRefusal(response.statusCode());
        }
        if (response.statusCode() < 400) {
            return new Answer(method, address, response, response.body(), new byte[0]);
        }
        try (InputStream body = response.body()) {
            byte[] error = body.readNBytes(LONGEST_ERROR);
            return new Answer(method, address, response, InputStream.nullInputStream(), error);
        }
    }

    int status() {
        return status;
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    String method() {
        return method;
    }

    URI address() {
        return address;
    }

    InputStream body() {
        return body;
    }

    /** The value of a header, null without one. */
    @Nullable
    String header(String name) {
        return headers.firstValue(name).orElse(null);
    }

    List<String> headers(String name) {
        return headers.allValues(name);
    }

    OptionalLong length() {
        try {
            return headers.firstValueAsLong("Content-Length");
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** One error of the distribution API. */
    record Problem(String code, String message) {
        @Override
        public String toString() {
            String word = code.toLowerCase(java.util.Locale.ROOT);
            return message.isEmpty() || message.equalsIgnoreCase(code) ? word : word + ": " + message;
        }
    }

    /** The errors that the answer's body lists; none when it is no such body. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        try {
            if (error.length > 0
                    && JsonValue.parse(error) instanceof JsonValue.Obj root
                    && root.get("errors") instanceof JsonValue.Arr(List<JsonValue> items)) {
                for (JsonValue item : items) {
                    if (item instanceof JsonValue.Obj each) {
                        problems.add(new Problem(text(each, "code"), text(each, "message")));
                    }
                }
            } else if (error.length > 0 && JsonValue.parse(error) instanceof JsonValue.Obj root) {
                String details = text(root, "details") + text(root, "message");
                if (!details.isEmpty()) {
                    problems.add(new Problem("error", details));
                }
            }
        } catch (CorruptData notJson) {
            return List.of();
        }
        return problems;
    }

    private static String text(JsonValue.Obj object, String name) {
        return object.get(name) instanceof JsonValue.Text(String text) ? text : "";
    }

    /** The error body as it came, for finding out what kind of server this is. */
    String errorText() {
        return new String(error, StandardCharsets.UTF_8);
    }

    /** Reads the whole body. */
    byte[] bytes(int longest) throws IOException {
        read = true;
        try (InputStream in = body) {
            byte[] bytes = in.readNBytes(longest + 1);
            if (bytes.length > longest) {
                throw new IOException("the answer is longer than " + longest + " bytes");
            }
            return bytes;
        }
    }

    /** Lets go of the answer. What is left of a short body is read, so that the connection can be used again. */
    @Override
    public void close() throws IOException {
        try (InputStream in = body) {
            if (!read && length().orElse(Long.MAX_VALUE) <= LONGEST_ERROR) {
                in.readNBytes(LONGEST_ERROR);
            }
        }
    }
}
