package dev.drydock.oci;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.drydock.fault.CorruptData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@link JsonValue} from and to text. */
final class JsonText {
    static final int ONE_LINE = -1;

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private JsonText() {}

    /**
     * Reads one document.
     *
     * @throws CorruptData if it is not JSON, is nested deeper than Jackson's limit, or if something follows it
     */
    static JsonValue parse(byte[] document) {
        try (JsonParser parser = FACTORY.createParser(document)) {
            if (parser.nextToken() == null) {
                throw new CorruptData("parse JSON: the document is empty");
            }
            JsonValue value = value(parser);
            if (parser.nextToken() != null) {
                throw new CorruptData("parse JSON: line "
                        + parser.currentTokenLocation().getLineNr() + ": something follows the document");
            }
            return value;
        } catch (JsonProcessingException e) {
            String place = e.getLocation() == null
                    ? ""
                    : "line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": ";
            throw new CorruptData("parse JSON: " + place + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new CorruptData("parse JSON: " + e.getMessage(), e);
        }
    }

    private static JsonValue value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> new JsonValue.Text(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonValue.Num(parser.getText());
            case VALUE_TRUE -> new JsonValue.Bool(true);
            case VALUE_FALSE -> new JsonValue.Bool(false);
            case VALUE_NULL -> new JsonValue.Null();
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new CorruptData("parse JSON: unexpected " + parser.currentToken());
        };
    }

    private static JsonValue object(JsonParser parser) throws IOException {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, value(parser));
        }
        return new JsonValue.Obj(members);
    }

    private static JsonValue array(JsonParser parser) throws IOException {
        List<JsonValue> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return new JsonValue.Arr(items);
    }

    /** {@code width} blanks for each level, or {@link #ONE_LINE}. */
    static String write(JsonValue value, int width, boolean escapeHtml) {
        StringBuilder out = new StringBuilder(256);
        write(out, value, width, 0, escapeHtml);
        return out.toString();
    }

    private static void write(StringBuilder out, JsonValue value, int width, int level, boolean escapeHtml) {
        switch (value) {
            case JsonValue.Obj(Map<String, JsonValue> members) -> {
                out.append('{');
                Iterator<Map.Entry<String, JsonValue>> each = members.entrySet().iterator();
                while (each.hasNext()) {
                    Map.Entry<String, JsonValue> member = each.next();
                    newLine(out, width, level + 1);
                    quote(out, member.getKey(), escapeHtml);
                    out.append(width == ONE_LINE ? ":" : ": ");
                    write(out, member.getValue(), width, level + 1, escapeHtml);
                    endItem(out, each.hasNext(), width, level);
                }
                out.append('}');
            }
            case JsonValue.Arr(List<JsonValue> items) -> {
                out.append('[');
                Iterator<JsonValue> each = items.iterator();
                while (each.hasNext()) {
                    newLine(out, width, level + 1);
                    write(out, each.next(), width, level + 1, escapeHtml);
                    endItem(out, each.hasNext(), width, level);
                }
                out.append(']');
            }
            case JsonValue.Text(String text) -> quote(out, text, escapeHtml);
            case JsonValue.Num(String literal) -> out.append(literal);
            case JsonValue.Bool(boolean flag) -> out.append(flag);
            case JsonValue.Null() -> out.append("null");
        }
    }

    private static void endItem(StringBuilder out, boolean more, int width, int level) {
        if (more) {
            out.append(',');
        } else {
            newLine(out, width, level);
        }
    }

    private static void newLine(StringBuilder out, int width, int level) {
        if (width != ONE_LINE) {
            out.append('\n').repeat(' ', width * level);
        }
    }

    private static void quote(StringBuilder out, String text, boolean escapeHtml) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\u2028', '\u2029' -> unicode(out, c);
                case '<', '>', '&' -> {
                    if (escapeHtml) {
                        unicode(out, c);
                    } else {
                        out.append(c);
                    }
                }
                default -> {
                    if (c < ' ') {
                        unicode(out, c);
                    } else if (!Character.isSurrogate(c)) {
                        out.append(c);
                    } else if (Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1))) {
                        out.append(c).append(text.charAt(++i));
                    } else {
                        // half a pair has no UTF-8; Go writes the replacement character
                        out.append("\\ufffd");
                    }
                }
            }
        }
        out.append('"');
    }

    private static void unicode(StringBuilder out, char c) {
        out.append("\\u")
                .append(HEX[c >> 12])
                .append(HEX[c >> 8 & 15])
                .append(HEX[c >> 4 & 15])
                .append(HEX[c & 15]);
    }
}
