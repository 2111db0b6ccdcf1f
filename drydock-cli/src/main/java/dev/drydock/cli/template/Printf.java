package dev.drydock.cli.template;

import dev.drydock.oci.JsonValue;
import java.math.RoundingMode;
import java.util.List;

/** Go's {@code printf} for strings, numbers and values: flags {@code - 0}, width and precision. */
final class Printf {
    private static final int WIDEST = 1 << 16;

    private final String format;
    private final List<JsonValue> args;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int used;

    private Printf(String format, List<JsonValue> args) {
        this.format = format;
        this.args = args;
    }

    static String format(List<JsonValue> args) {
        if (args.isEmpty()) {
            throw new Functions.Misuse("wrong number of args for printf: want at least 1 got 0");
        }
        return new Printf(Functions.text(args.getFirst()), args.subList(1, args.size())).run();
    }

    private String run() {
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%') {
                out.append(c);
            } else {
                verb();
            }
        }
        return out.toString();
    }

    private void verb() {
        boolean left = false;
        boolean zeros = false;
        while (at < format.length() && "-0+ #".indexOf(format.charAt(at)) >= 0) {
            left |= format.charAt(at) == '-';
            zeros |= format.charAt(at) == '0';
            at++;
        }
        int width = digits(0);
        int precision = -1;
        if (at < format.length() && format.charAt(at) == '.') {
            at++;
            precision = digits(0);
        }
        if (at >= format.length()) {
            out.append("%!(NOVERB)");
            return;
        }
        char verb = format.charAt(at++);
        if (verb == '%') {
            out.append('%');
            return;
        }
        if (used >= args.size()) {
            out.append("%!").append(verb).append("(MISSING)");
            return;
        }
        String text = value(verb, args.get(used++), precision);
        int gap = Math.max(0, width - text.length());
        out.append((zeros && !left ? "0" : " ").repeat(left ? 0 : gap))
                .append(text)
                .append(" ".repeat(left ? gap : 0));
    }

    private int digits(int otherwise) {
        int value = otherwise;
        while (at < format.length() && Character.isDigit(format.charAt(at))) {
            value = Math.min(WIDEST, value * 10 + Character.digit(format.charAt(at++), 10));
        }
        return value;
    }

    private static String value(char verb, JsonValue value, int precision) {
        return switch (verb) {
            case 's', 'v' -> {
                String text = Functions.show(value);
                yield precision >= 0 && precision < text.length() ? text.substring(0, precision) : text;
            }
            case 'q' -> JsonValue.of(Functions.show(value)).compactForPeople();
            case 'd' ->
                value instanceof JsonValue.Num
                        ? Functions.number(value).setScale(0, RoundingMode.DOWN).toPlainString()
                        : bad(verb, value);
            case 'f' ->
                value instanceof JsonValue.Num
                        ? Functions.number(value)
                                .setScale(precision < 0 ? 6 : precision, RoundingMode.HALF_EVEN)
                                .toPlainString()
                        : bad(verb, value);
            case 'x' ->
                value instanceof JsonValue.Num
                        ? Functions.number(value).toBigInteger().toString(16)
                        : bad(verb, value);
            case 't' -> value instanceof JsonValue.Bool ? Functions.show(value) : bad(verb, value);
            case 'T' -> Functions.typeName(value);
            default -> bad(verb, value);
        };
    }

    private static String bad(char verb, JsonValue value) {
        return "%!" + verb + "(" + Functions.typeName(value) + "=" + Functions.show(value) + ")";
    }
}
