package dev.drydock.cli.command;

import dev.drydock.oci.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Docker's {@code config.json} says of how commands behave: {@code imagesFormat}, {@code pruneFilters}, {@code
 * proxies}. A file that
 * is missing or no JSON says nothing; credentials are not read here.
 */
final class UserConfig {
    private final @Nullable JsonValue file;

    private UserConfig(@Nullable JsonValue file) {
        this.file = file;
    }

    static UserConfig of(Session session) {
        String directory = session.env("DOCKER_CONFIG");
        String home = session.env("HOME");
        if (directory == null && home == null) {
            return new UserConfig(null);
        }
        Path file = (directory != null
                        ? session.directory().resolve(directory)
                        : Path.of(String.valueOf(home), ".docker"))
                .resolve("config.json");
        try {
            return new UserConfig(Files.exists(file) ? JsonValue.parse(Files.readAllBytes(file)) : null);
        } catch (IOException | RuntimeException e) {
            return new UserConfig(null);
        }
    }

    /** A text; empty if there is none. */
    String text(String name) {
        return file instanceof JsonValue.Obj object && object.get(name) instanceof JsonValue.Text(String text)
                ? text
                : "";
    }

    /** A list of texts. */
    List<String> list(String name) {
        List<String> texts = new ArrayList<>();
        if (file instanceof JsonValue.Obj object && object.get(name) instanceof JsonValue.Arr(List<JsonValue> items)) {
            for (JsonValue item : items) {
                if (item instanceof JsonValue.Text(String text)) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    /** The texts of an object within an object, by their names; empty if it is not there. */
    Map<String, String> texts(String name, String inner) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (file instanceof JsonValue.Obj object
                && object.get(name) instanceof JsonValue.Obj outer
                && outer.get(inner) instanceof JsonValue.Obj members) {
            members.members().forEach((key, value) -> {
                if (value instanceof JsonValue.Text(String text)) {
                    texts.put(key, text);
                }
            });
        }
        return texts;
    }
}
