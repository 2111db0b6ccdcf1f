package dev.drydock.oci;

import dev.drydock.fault.CorruptData;
import dev.drydock.fault.UserFault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Typed access to the members of one object of a document. Absent and null members are the same, as in Go; a member of
 * another type is {@link CorruptData} that names the document and the path to the member.
 */
final class JsonFields {
    private final JsonValue.Obj object;
    private final String document;
    private final String path;

    private JsonFields(JsonValue.Obj object, String document, String path) {
        this.object = object;
        this.document = document;
        this.path = path;
    }

    /** The document's top object. {@code document} is how messages call it: {@code image config}. */
    static JsonFields read(byte[] bytes, String document) {
        JsonValue value;
        try {
            value = JsonText.parse(bytes);
        } catch (CorruptData e) {
            throw new CorruptData("read " + document + ": " + e.text(), e);
        }
        return of(value, document, "");
    }

    private static JsonFields of(JsonValue value, String document, String path) {
        if (value instanceof JsonValue.Obj object) {
            return new JsonFields(object, document, path);
        }
        throw new CorruptData("read " + document + ": " + (path.isEmpty() ? "the document" : path) + " is no object");
    }

    CorruptData corrupt(String name, String what) {
        return corrupt(name, what, null);
    }

    private CorruptData corrupt(String name, String what, @Nullable Throwable cause) {
        return new CorruptData("read " + document + ": " + at(name) + " " + what, cause);
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    boolean has(String name) {
        return object.get(name) != null;
    }

    @Nullable
    String textOrNull(String name) {
        return switch (object.get(name)) {
            case null -> null;
            case JsonValue.Text(String text) -> text;
            case JsonValue other ->
                throw corrupt(name, "is no string: " + other.getClass().getSimpleName());
        };
    }

    /** The string, or the empty one. */
    String text(String name) {
        String text = textOrNull(name);
        return text == null ? "" : text;
    }

    /** The string, or null when it is absent or empty. */
    @Nullable
    String filledOrNull(String name) {
        String text = textOrNull(name);
        return text == null || text.isEmpty() ? null : text;
    }

    boolean flag(String name) {
        return switch (object.get(name)) {
            case null -> false;
            case JsonValue.Bool(boolean flag) -> flag;
            case JsonValue other ->
                throw corrupt(
                        name, "is neither true nor false: " + other.getClass().getSimpleName());
        };
    }

    long number(String name) {
        return switch (object.get(name)) {
            case null -> 0;
            case JsonValue.Num(String literal) -> {
                try {
                    yield Long.parseLong(literal);
                } catch (NumberFormatException e) {
                    throw corrupt(name, "is no whole number of 64 bits: " + literal, e);
                }
            }
            case JsonValue other ->
                throw corrupt(name, "is no number: " + other.getClass().getSimpleName());
        };
    }

    @Nullable
    Instant timeOrNull(String name) {
        String text = filledOrNull(name);
        if (text == null) {
            return null;
        }
        try {
            return Rfc3339.parse(text);
        } catch (IllegalArgumentException e) {
            throw corrupt(name, "is no time: " + text, e);
        }
    }

    Digest digest(String name) {
        return digest(name, text(name));
    }

    private Digest digest(String name, String text) {
        try {
            return Digest.parse(text);
        } catch (UserFault e) {
            throw corrupt(name, "is no digest: " + e.text(), e);
        }
    }

    List<Digest> digests(String name) {
        List<Digest> digests = new ArrayList<>();
        for (String text : strings(name)) {
            digests.add(digest(name, text));
        }
        return digests;
    }

    @Nullable
    JsonFields objectOrNull(String name) {
        JsonValue value = object.get(name);
        return value == null ? null : of(value, document, at(name));
    }

    /** The object, or an empty one. */
    JsonFields object(String name) {
        JsonFields fields = objectOrNull(name);
        return fields == null ? new JsonFields(new JsonValue.Obj(Map.of()), document, at(name)) : fields;
    }

    List<JsonFields> objects(String name) {
        List<JsonFields> fields = new ArrayList<>();
        List<JsonValue> items = items(name);
        for (int i = 0; i < items.size(); i++) {
            fields.add(of(items.get(i), document, at(name) + "[" + i + "]"));
        }
        return fields;
    }

    private List<JsonValue> items(String name) {
        return switch (object.get(name)) {
            case null -> List.of();
            case JsonValue.Arr(List<JsonValue> items) -> items;
            case JsonValue other ->
                throw corrupt(name, "is no array: " + other.getClass().getSimpleName());
        };
    }

    List<String> strings(String name) {
        List<String> strings = new ArrayList<>();
        for (JsonValue item : items(name)) {
            strings.add(string(name, item));
        }
        return strings;
    }

    @Nullable
    List<String> stringsOrNull(String name) {
        return has(name) ? strings(name) : null;
    }

    private String string(String name, JsonValue value) {
        return switch (value) {
            case JsonValue.Text(String text) -> text;
            case JsonValue.Null() -> "";
            case JsonValue other ->
                throw corrupt(
                        name,
                        "holds something that is no string: " + other.getClass().getSimpleName());
        };
    }

    SortedMap<String, String> stringMap(String name) {
        SortedMap<String, String> map = new TreeMap<>();
        JsonFields inner = object(name);
        for (Map.Entry<String, JsonValue> member : inner.object.members().entrySet()) {
            map.put(member.getKey(), inner.string(member.getKey(), member.getValue()));
        }
        return map;
    }

    /** The names of an object's members: Go's {@code map[string]struct{}}. */
    SortedSet<String> names(String name) {
        return new TreeSet<>(object(name).object.members().keySet());
    }
}
