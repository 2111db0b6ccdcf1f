package dev.drydock.oci;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An immutable JSON tree whose members keep the order they were put in. Reading goes through Jackson's streaming parser;
 * writing follows Go's {@code encoding/json}, so that documents and their digests are those of Docker's tools.
 */
public sealed interface JsonValue {
    /** An object; of several members with one name the last counted when it was read. */
    record Obj(Map<String, JsonValue> members) implements JsonValue {
        public Obj {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        /** The member of this name, null when there is none or it is JSON's null. */
        public @Nullable JsonValue get(String name) {
            JsonValue value = members.get(name);
            return value instanceof Null ? null : value;
        }
    }

    record Arr(List<JsonValue> items) implements JsonValue {
        public Arr {
            items = List.copyOf(items);
        }
    }

    /** A string. */
    record Text(String value) implements JsonValue {}

    /** A number as it was written, of any size. */
    record Num(String literal) implements JsonValue {}

    record Bool(boolean value) implements JsonValue {}

    /** JSON's null. */
    record Null() implements JsonValue {}

    /** Reads one document and nothing after it; see {@link JsonText#parse}. */
    static JsonValue parse(byte[] document) {
        return JsonText.parse(document);
    }

    static JsonValue of(String value) {
        return new Text(value);
    }

    static JsonValue of(long value) {
        return new Num(Long.toString(value));
    }

    static JsonValue of(boolean value) {
        return new Bool(value);
    }

    /** An array of strings. */
    static JsonValue strings(Collection<String> values) {
        List<JsonValue> items = new ArrayList<>(values.size());
        for (String value : values) {
            items.add(new Text(value));
        }
        return new Arr(items);
    }

    static JsonValue array(List<? extends JsonValue> items) {
        return new Arr(List.copyOf(items));
    }

    /** Starts an object. */
    static Members object() {
        return new Members();
    }

    /** On one line without blanks; {@code <}, {@code >} and {@code &} as escapes: Go's {@code json.Marshal}. */
    default String compact() {
        return JsonText.write(this, JsonText.ONE_LINE, true);
    }

    /** {@link #compact()} in UTF-8. */
    default byte[] bytes() {
        return compact().getBytes(StandardCharsets.UTF_8);
    }

    /** Indented by {@code width} blanks for each level, no newline at the end: Go's {@code json.MarshalIndent}. */
    default String indented(int width) {
        return JsonText.write(this, width, true);
    }

    /** {@link #compact()} with {@code <}, {@code >} and {@code &} as they are, as Docker's templates print. */
    default String compactForPeople() {
        return JsonText.write(this, JsonText.ONE_LINE, false);
    }

    /** {@link #indented} by four blanks with {@code <}, {@code >} and {@code &} as they are, as {@code inspect} prints. */
    default String indentedForPeople() {
        return JsonText.write(this, 4, false);
    }

    /** Members of an object in the making. */
    final class Members {
        private final Map<String, JsonValue> members = new LinkedHashMap<>();

        private Members() {}

        public Members put(String name, JsonValue value) {
            members.put(name, value);
            return this;
        }

        public Members put(String name, String value) {
            return put(name, new Text(value));
        }

        public Members put(String name, long value) {
            return put(name, JsonValue.of(value));
        }

        public Members put(String name, boolean value) {
            return put(name, new Bool(value));
        }

        /** Puts a string unless it is null or empty: Go's {@code omitempty}. */
        public Members putUnlessEmpty(String name, @Nullable String value) {
            return value == null || value.isEmpty() ? this : put(name, value);
        }

        /** Puts a number unless it is zero. */
        public Members putUnlessZero(String name, long value) {
            return value == 0 ? this : put(name, value);
        }

        /** Puts {@code true}, or nothing. */
        public Members putIfTrue(String name, boolean value) {
            return value ? put(name, true) : this;
        }

        /** Puts an array of strings unless it is null or empty. */
        public Members putUnlessEmpty(String name, @Nullable Collection<String> values) {
            return values == null || values.isEmpty() ? this : put(name, strings(values));
        }

        /** Puts an object of strings unless it is empty. */
        public Members putUnlessEmpty(String name, Map<String, String> values) {
            if (values.isEmpty()) {
                return this;
            }
            Members inner = object();
            values.forEach(inner::put);
            return put(name, inner.build());
        }

        public Obj build() {
            return new Obj(members);
        }
    }
}
