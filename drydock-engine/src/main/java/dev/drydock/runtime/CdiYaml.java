package dev.drydock.runtime;

import dev.drydock.fault.UserFault;
import dev.drydock.oci.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The YAML that device descriptions are written in: block mappings and sequences, plain and quoted scalars, flow sequences
 * of scalars, comments. Anchors, tags, block scalars and several documents are refused by line.
 */
final class CdiYaml {
    private final String name;
    private final List<Line> lines = new ArrayList<>();
    private int at;

    /** A line with something on it. */
    private record Line(int number, int indent, String text) {}

    private CdiYaml(String name, String text) {
        this.name = name;
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String plain = withoutComment(line).stripTrailing();
            String body = plain.stripLeading();
            if (!body.isEmpty() && !(number == 1 && body.equals("---")) && !body.startsWith("%")) {
                if (line.indexOf('\t') >= 0 && line.indexOf('\t') < plain.length() - body.length()) {
                    throw wrong(number, "a tab in the indentation");
                }
                lines.add(new Line(number, plain.length() - body.length(), body));
            }
        }
    }

    /**
     * Reads a document.
     *
     * @param name of the file, for messages
     * @throws UserFault if it is something else, with the line
     */
    static JsonValue parse(String name, String text) {
        CdiYaml yaml = new CdiYaml(name, text);
        if (yaml.lines.isEmpty()) {
            return JsonValue.object().build();
        }
        JsonValue value = yaml.block(yaml.lines.getFirst().indent());
        if (yaml.at < yaml.lines.size()) {
            throw yaml.wrong(yaml.lines.get(yaml.at).number(), "indentation that fits nothing above it");
        }
        return value;
    }

    private UserFault wrong(int line, String what) {
        return new UserFault("read " + name + ": line " + line + ": " + what);
    }

    private static String withoutComment(String line) {
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = i == 0 || " [,:-".indexOf(line.charAt(i - 1)) >= 0 ? c : 0;
            } else if (c == '#' && (i == 0 || line.charAt(i - 1) == ' ')) {
                return line.substring(0, i);
            }
        }
        return line;
    }

    private static boolean isItem(Line line) {
        return line.text().equals("-") || line.text().startsWith("- ");
    }

    private JsonValue block(int indent) {
        return isItem(lines.get(at)) ? sequence(indent) : mapping(indent);
    }

    private JsonValue sequence(int indent) {
        List<JsonValue> items = new ArrayList<>();
        while (at < lines.size() && lines.get(at).indent() == indent && isItem(lines.get(at))) {
            Line line = lines.get(at);
            String rest = line.text().substring(1).stripLeading();
            if (rest.isEmpty()) {
                at++;
                items.add(nested(indent));
            } else if (colon(rest) >= 0) {
                // a mapping that begins beside the dash goes on below its first name
                int inner = indent + line.text().length() - rest.length();
                lines.set(at, new Line(line.number(), inner, rest));
                items.add(mapping(inner));
            } else {
                at++;
                items.add(scalar(rest, line.number()));
            }
        }
        return JsonValue.array(items);
    }

    private JsonValue mapping(int indent) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        while (at < lines.size() && lines.get(at).indent() == indent && !isItem(lines.get(at))) {
            Line line = lines.get(at);
            int colon = colon(line.text());
            if (colon < 0) {
                throw wrong(line.number(), "a name and a colon are missing");
            }
            String key = unquoted(line.text().substring(0, colon).strip());
            String rest = line.text().substring(colon + 1).strip();
            at++;
            if (!rest.isEmpty()) {
                members.put(key, scalar(rest, line.number()));
            } else if (at < lines.size() && lines.get(at).indent() == indent && isItem(lines.get(at))) {
                members.put(key, sequence(indent));
            } else {
                members.put(key, nested(indent));
            }
        }
        return new JsonValue.Obj(members);
    }

    private JsonValue nested(int indent) {
        return at < lines.size() && lines.get(at).indent() > indent
                ? block(lines.get(at).indent())
                : new JsonValue.Null();
    }

    /** Where a name ends: a colon at the end or before a blank, outside of quotes; -1 if there is none. */
    private static int colon(String text) {
        char quote = text.isEmpty() ? 0 : text.charAt(0);
        int from = quote == '"' || quote == '\'' ? text.indexOf(quote, 1) : 0;
        for (int i = Math.max(from, 0); i < text.length(); i++) {
            if (text.charAt(i) == ':' && (i + 1 == text.length() || text.charAt(i + 1) == ' ')) {
                return i;
            }
        }
        return -1;
    }

    private JsonValue scalar(String text, int line) {
        char first = text.charAt(0);
        if ("&*!|>@`".indexOf(first) >= 0 || (first == '{' && !text.equals("{}"))) {
            throw wrong(line, "YAML beyond what device descriptions need: " + text);
        }
        if (text.equals("{}")) {
            return JsonValue.object().build();
        }
        if (first == '[') {
            if (!text.endsWith("]")) {
                throw wrong(line, "a list that does not end on its line");
            }
            List<JsonValue> items = new ArrayList<>();
            for (String item : text.substring(1, text.length() - 1).split(",", -1)) {
                if (!item.isBlank()) {
                    items.add(scalar(item.strip(), line));
                }
            }
            return JsonValue.array(items);
        }
        if (first == '"' || first == '\'') {
            if (text.length() < 2 || text.charAt(text.length() - 1) != first) {
                throw wrong(line, "a quote that does not end on its line");
            }
            return JsonValue.of(unquoted(text));
        }
        return switch (text) {
            case "true", "True" -> JsonValue.of(true);
            case "false", "False" -> JsonValue.of(false);
            case "null", "~" -> new JsonValue.Null();
            default -> number(text);
        };
    }

    /** Octal as YAML 1.1 and 1.2 write it, for file modes. */
    private static JsonValue number(String text) {
        if (text.matches("0o?[0-7]+")) {
            return JsonValue.of(Long.parseLong(text.replace("o", ""), 8));
        }
        return text.matches("-?(0|[1-9][0-9]{0,17})") ? JsonValue.of(Long.parseLong(text)) : JsonValue.of(text);
    }

    private static String unquoted(String text) {
        if (text.length() >= 2 && text.charAt(0) == '\'') {
            return text.substring(1, text.length() - 1).replace("''", "'");
        }
        if (text.length() >= 2 && text.charAt(0) == '"') {
            return text.substring(1, text.length() - 1)
                    .replace("\\n", "\n")
                    .replace("\\t", "\t")
                    .replace("\\\"", "\"")
                    .replace("\\\\", "\\");
        }
        return text;
    }
}
