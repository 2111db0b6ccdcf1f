package dev.drydock.cli.template;

import dev.drydock.oci.JsonValue;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The functions that templates call, and how values print and compare. */
final class Functions {
    static final Set<String> NAMES = Set.of(
            "and",
            "or",
            "not",
            "len",
            "index",
            "print",
            "println",
            "printf",
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "json",
            "split",
            "join",
            "title",
            "lower",
            "upper",
            "pad",
            "truncate",
            "slice",
            "html",
            "urlquery");

    /** A list and a map that were never made: empty, but null in JSON. */
    static final JsonValue NIL_LIST = JsonValue.array(List.of());

    static final JsonValue NIL_MAP = JsonValue.object().build();

    private Functions() {}

    /** What is wrong with a call; the caller adds the place. */
    static final class Misuse extends RuntimeException {
        private static final long serialVersionUID = 1;

        Misuse(String message) {
            super(message, null, false, false);
        }
    }

    static JsonValue call(String name, List<JsonValue> args) {
        return switch (name) {
            case "not" -> JsonValue.of(!isTrue(one(name, args)));
            case "len" -> JsonValue.of(length(one(name, args)));
            case "index" -> index(args);
            case "print" -> JsonValue.of(print(args));
            case "println" -> JsonValue.of(println(args));
            case "printf" -> JsonValue.of(Printf.format(args));
            case "eq" -> equal(args);
            case "ne" -> JsonValue.of(compare(name, args) != 0);
            case "lt" -> JsonValue.of(compare(name, args) < 0);
            case "le" -> JsonValue.of(compare(name, args) <= 0);
            case "gt" -> JsonValue.of(compare(name, args) > 0);
            case "ge" -> JsonValue.of(compare(name, args) >= 0);
            case "json" -> json(one(name, args));
            case "lower" -> JsonValue.of(text(one(name, args)).toLowerCase(Locale.ROOT));
            case "upper" -> JsonValue.of(text(one(name, args)).toUpperCase(Locale.ROOT));
            case "title" -> JsonValue.of(title(text(one(name, args))));
            case "split" -> split(count(name, args, 2));
            case "join" -> join(count(name, args, 2));
            case "pad" -> pad(count(name, args, 3));
            case "truncate" -> truncate(count(name, args, 2));
            case "slice" -> slice(args);
            case "html" -> JsonValue.of(html(print(args)));
            case "urlquery" -> JsonValue.of(URLEncoder.encode(print(args), StandardCharsets.UTF_8));
            default -> throw new Misuse("function \"" + name + "\" not defined");
        };
    }

    /** As {@link #call}; those that change a text leave a heading as it is. */
    static JsonValue callOnHeading(String name, List<JsonValue> args) {
        return switch (name) {
            case "json", "title", "lower", "upper" -> one(name, args);
            case "truncate" -> count(name, args, 2).getFirst();
            default -> call(name, args);
        };
    }

    @SuppressWarnings("ReferenceEquality") // these two are meant, not values that look like them
    private static JsonValue json(JsonValue value) {
        return JsonValue.of(value == NIL_LIST || value == NIL_MAP ? "null" : value.compactForPeople());
    }

    private static JsonValue slice(List<JsonValue> args) {
        if (args.isEmpty() || args.size() > 3) {
            throw new Misuse("error calling slice: wrong number of indexes");
        }
        int length = Math.toIntExact(length(args.getFirst()));
        int from = args.size() > 1 ? number(args.get(1)).intValue() : 0;
        int to = args.size() > 2 ? number(args.get(2)).intValue() : length;
        if (from < 0 || to > length || from > to) {
            throw new Misuse("error calling slice: index out of range: " + (to > length ? to : from));
        }
        return switch (args.getFirst()) {
            case JsonValue.Text(var text) ->
                JsonValue.of(
                        new String(text.getBytes(StandardCharsets.UTF_8), from, to - from, StandardCharsets.UTF_8));
            case JsonValue.Arr(var items) -> JsonValue.array(items.subList(from, to));
            case JsonValue.Obj _, JsonValue.Null _, JsonValue.Num _, JsonValue.Bool _ ->
                throw new Misuse("error calling slice: can't slice item of type " + typeName(args.getFirst()));
        };
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;");
    }

    private static List<JsonValue> count(String name, List<JsonValue> args, int wanted) {
        if (args.size() != wanted) {
            throw new Misuse("wrong number of args for " + name + ": want " + wanted + " got " + args.size());
        }
        return args;
    }

    private static JsonValue one(String name, List<JsonValue> args) {
        return count(name, args, 1).getFirst();
    }

    private static long length(JsonValue value) {
        return switch (value) {
            case JsonValue.Text(var text) -> text.getBytes(StandardCharsets.UTF_8).length;
            case JsonValue.Arr(var items) -> items.size();
            case JsonValue.Obj(var members) -> members.size();
            case JsonValue.Null _ -> throw new Misuse("error calling len: len of nil pointer");
            case JsonValue.Num _, JsonValue.Bool _ ->
                throw new Misuse("error calling len: len of type " + typeName(value));
        };
    }

    private static JsonValue index(List<JsonValue> args) {
        if (args.isEmpty()) {
            throw new Misuse("wrong number of args for index: want at least 1 got 0");
        }
        JsonValue value = args.getFirst();
        for (JsonValue key : args.subList(1, args.size())) {
            value = switch (value) {
                case JsonValue.Obj(var members) -> members.getOrDefault(text(key), JsonValue.of(""));
                case JsonValue.Arr(var items) -> {
                    int at = number(key).intValue();
                    if (at < 0 || at >= items.size()) {
                        throw new Misuse("error calling index: reflect: slice index out of range");
                    }
                    yield items.get(at);
                }
                case JsonValue.Null _ -> throw new Misuse("error calling index: index of untyped nil");
                case JsonValue.Text _, JsonValue.Num _, JsonValue.Bool _ ->
                    throw new Misuse("error calling index: can't index item of type " + typeName(value));
            };
        }
        return value;
    }

    private static JsonValue equal(List<JsonValue> args) {
        if (args.size() < 2) {
            throw new Misuse("error calling eq: missing argument for comparison");
        }
        for (JsonValue other : args.subList(1, args.size())) {
            if (compare("eq", List.of(args.getFirst(), other)) == 0) {
                return JsonValue.of(true);
            }
        }
        return JsonValue.of(false);
    }

    private static int compare(String name, List<JsonValue> args) {
        count(name, args, 2);
        JsonValue a = args.get(0);
        JsonValue b = args.get(1);
        if (a instanceof JsonValue.Num && b instanceof JsonValue.Num) {
            return number(a).compareTo(number(b));
        }
        if (a instanceof JsonValue.Text(var left) && b instanceof JsonValue.Text(var right)) {
            return left.compareTo(right);
        }
        if (a instanceof JsonValue.Bool(var left) && b instanceof JsonValue.Bool(var right)) {
            return Boolean.compare(left, right);
        }
        if (a instanceof JsonValue.Null || b instanceof JsonValue.Null) {
            return a instanceof JsonValue.Null && b instanceof JsonValue.Null ? 0 : 1;
        }
        throw new Misuse("error calling " + name + ": incompatible types for comparison");
    }

    private static String title(String text) {
        StringBuilder out = new StringBuilder(text);
        for (int i = 0; i < out.length(); i++) {
            if (i == 0 || !Character.isLetterOrDigit(out.charAt(i - 1))) {
                out.setCharAt(i, Character.toTitleCase(out.charAt(i)));
            }
        }
        return out.toString();
    }

    private static JsonValue split(List<JsonValue> args) {
        String text = text(args.get(0));
        String separator = text(args.get(1));
        List<String> parts = new ArrayList<>();
        if (separator.isEmpty()) {
            text.codePoints().forEach(c -> parts.add(Character.toString(c)));
            return JsonValue.strings(parts);
        }
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return JsonValue.strings(parts);
    }

    private static JsonValue join(List<JsonValue> args) {
        if (!(args.get(0) instanceof JsonValue.Arr(var items))) {
            throw new Misuse("wrong type for value; expected []string; got " + typeName(args.get(0)));
        }
        List<String> parts = new ArrayList<>();
        items.forEach(item -> parts.add(show(item)));
        return JsonValue.of(String.join(text(args.get(1)), parts));
    }

    private static JsonValue pad(List<JsonValue> args) {
        String text = text(args.get(0));
        if (text.isEmpty()) {
            return args.get(0);
        }
        return JsonValue.of(blanks(args.get(1)) + text + blanks(args.get(2)));
    }

    private static String blanks(JsonValue count) {
        return " ".repeat(Math.clamp(number(count).longValue(), 0, 1 << 16));
    }

    private static JsonValue truncate(List<JsonValue> args) {
        String text = text(args.get(0));
        long length = Math.max(0, number(args.get(1)).longValue());
        return text.length() <= length ? args.get(0) : JsonValue.of(text.substring(0, (int) length));
    }

    private static String print(List<JsonValue> args) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < args.size(); i++) {
            boolean texts =
                    i > 0 && (args.get(i - 1) instanceof JsonValue.Text || args.get(i) instanceof JsonValue.Text);
            out.append(i > 0 && !texts ? " " : "").append(show(args.get(i)));
        }
        return out.toString();
    }

    private static String println(List<JsonValue> args) {
        List<String> parts = new ArrayList<>();
        args.forEach(arg -> parts.add(show(arg)));
        return String.join(" ", parts) + "\n";
    }

    /** A string argument. */
    static String text(JsonValue value) {
        if (value instanceof JsonValue.Text(var text)) {
            return text;
        }
        throw new Misuse("wrong type for value; expected string; got " + typeName(value));
    }

    static BigDecimal number(JsonValue value) {
        if (value instanceof JsonValue.Num(var literal)) {
            return new BigDecimal(literal);
        }
        throw new Misuse("wrong type for value; expected int; got " + typeName(value));
    }

    static boolean isTrue(JsonValue value) {
        return switch (value) {
            case JsonValue.Null _ -> false;
            case JsonValue.Bool(var flag) -> flag;
            case JsonValue.Text(var text) -> !text.isEmpty();
            case JsonValue.Num num -> number(num).signum() != 0;
            case JsonValue.Arr(var items) -> !items.isEmpty();
            case JsonValue.Obj(var members) -> !members.isEmpty();
        };
    }

    /** As Go's {@code %v}. */
    static String show(JsonValue value) {
        return switch (value) {
            case JsonValue.Null _ -> "<nil>";
            case JsonValue.Bool(var flag) -> Boolean.toString(flag);
            case JsonValue.Text(var text) -> text;
            case JsonValue.Num(var literal) -> literal;
            case JsonValue.Arr(var items) -> {
                List<String> parts = new ArrayList<>();
                items.forEach(item -> parts.add(show(item)));
                yield "[" + String.join(" ", parts) + "]";
            }
            case JsonValue.Obj(Map<String, JsonValue> members) -> {
                List<String> parts = new ArrayList<>();
                new TreeMap<>(members).forEach((key, member) -> parts.add(key + ":" + show(member)));
                yield "map[" + String.join(" ", parts) + "]";
            }
        };
    }

    static String typeName(JsonValue value) {
        return switch (value) {
            case JsonValue.Null _ -> "nil";
            case JsonValue.Bool _ -> "bool";
            case JsonValue.Text _ -> "string";
            case JsonValue.Num(var literal) -> literal.indexOf('.') < 0 ? "int" : "float64";
            case JsonValue.Arr _ -> "[]interface {}";
            case JsonValue.Obj _ -> "map[string]interface {}";
        };
    }
}
