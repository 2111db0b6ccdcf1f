package dev.drydock.dockerfile;

import dev.drydock.fault.UserFault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One record of RFC 4180, as Go reads it. */
public final class Csv {
    private Csv() {}

    /** The fields of a mount. */
    public static List<String> record(String text) {
        return record(text, "mounts");
    }

    /**
     * Its fields.
     *
     * @param what the record stands for, for messages
     * @throws UserFault if it is malformed
     */
    public static List<String> record(String text, String what) {
        if (text.isEmpty()) {
            throw new UserFault("failed to parse csv " + what + ": EOF");
        }
        List<String> fields = new ArrayList<>();
        int i = 0;
        while (true) {
            StringBuilder field = new StringBuilder();
            i = text.startsWith("\"", i) ? quoted(text, i + 1, field) : plain(text, i, field);
            fields.add(field.toString());
            if (i == text.length()) {
                return fields;
            }
            i++;
        }
    }

    private static int plain(String text, int start, StringBuilder field) {
        int end = text.indexOf(',', start);
        end = end < 0 ? text.length() : end;
        int quote = text.indexOf('"', start);
        if (quote >= 0 && quote < end) {
            throw malformed(text, quote, "bare \" in non-quoted field");
        }
        field.append(text, start, end);
        return end;
    }

    private static int quoted(String text, int start, StringBuilder field) {
        int i = start;
        while (true) {
            int quote = text.indexOf('"', i);
            if (quote < 0) {
                throw malformed(text, text.length(), "extraneous or missing \" in quoted-field");
            }
            field.append(text, i, quote);
            if (text.startsWith("\"", quote + 1)) {
                field.append('"');
                i = quote + 2;
            } else if (quote + 1 == text.length() || text.charAt(quote + 1) == ',') {
                return quote + 1;
            } else {
                throw malformed(text, quote, "extraneous or missing \" in quoted-field");
            }
        }
    }

    private static UserFault malformed(String text, int at, String what) {
        int column = text.substring(0, at).getBytes(StandardCharsets.UTF_8).length + 1;
        return new UserFault("failed to parse csv mounts: parse error on line 1, column " + column + ": " + what)
                .about(text);
    }
}
