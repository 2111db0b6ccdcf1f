package dev.drydock.dockerfile;

import dev.drydock.dockerfile.Flags.Kind;
import dev.drydock.dockerfile.Instruction.Command;
import dev.drydock.dockerfile.Instruction.Written;
import dev.drydock.fault.UserFault;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** HEALTHCHECK, the one instruction with a type word. */
final class HealthcheckParser {
    private static final List<String> DURATIONS = List.of("interval", "timeout", "start-period", "start-interval");
    private static final Map<String, Kind> FLAGS = Map.of(
            "interval", Kind.TEXT,
            "timeout", Kind.TEXT,
            "start-period", Kind.TEXT,
            "start-interval", Kind.TEXT,
            "retries", Kind.TEXT);
    private static final long MIN_NANOS = 1_000_000;

    private HealthcheckParser() {}

    static Instruction parse(Statement statement, Written written) {
        String rest = statement.rest();
        int end = 0;
        while (end < rest.length() && !GoText.isSpace(rest.charAt(end))) {
            end++;
        }
        String word = rest.substring(0, end);
        String type = word.toUpperCase(Locale.ROOT);
        String text = GoText.trimStart(rest.substring(end));
        if (type.isEmpty()) {
            throw statement
                    .wrong(written.keywordAsWritten(), "HEALTHCHECK requires at least one argument")
                    .hint("Write HEALTHCHECK CMD command, or HEALTHCHECK NONE.");
        }
        // JSON that is not made of strings is refused whatever the type.
        Command command = InstructionParser.command(statement, text);
        if (type.equals("NONE")) {
            if (!text.isEmpty()) {
                throw statement.wrong(text, "HEALTHCHECK NONE takes no arguments");
            }
            return new Instruction.Healthcheck(written, null, null, null, null, null, null);
        }
        Flags flags = InstructionParser.flags(statement, FLAGS);
        if (!type.equals("CMD")) {
            throw statement.wrong(word, "Unknown type " + GoText.quote(type) + " in HEALTHCHECK (try CMD)");
        }
        if (text.isEmpty() || (command instanceof Command.Exec(List<String> args) && args.isEmpty())) {
            throw statement.wrong(word, "Missing command after HEALTHCHECK CMD");
        }
        for (String name : DURATIONS) {
            checkDuration(statement, name, flags.text(name));
        }
        checkRetries(statement, flags.text("retries"));
        return new Instruction.Healthcheck(
                written,
                command,
                flags.text("interval"),
                flags.text("timeout"),
                flags.text("start-period"),
                flags.text("start-interval"),
                flags.text("retries"));
    }

    private static void checkDuration(Statement statement, String name, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return;
        }
        long nanos;
        try {
            nanos = GoDuration.nanos(value);
        } catch (UserFault fault) {
            throw statement.wrong(value, fault.text()).hint("Write a duration with its unit, such as 30s or 1m30s.");
        }
        if (nanos != 0 && nanos < MIN_NANOS) {
            throw statement.wrong(value, "Interval " + GoText.quote(name) + " cannot be less than 1ms");
        }
    }

    private static void checkRetries(Statement statement, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return;
        }
        boolean signed = value.startsWith("-") || value.startsWith("+");
        String digits = signed ? value.substring(1) : value;
        boolean number = !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!number) {
            throw statement
                    .wrong(value, "strconv.ParseInt: parsing " + GoText.quote(value) + ": invalid syntax")
                    .hint("Write a number, for example --retries=3.");
        }
        try {
            int retries = Integer.parseInt(value);
            if (retries < 0) {
                throw statement.wrong(value, "--retries cannot be negative (" + retries + ")");
            }
        } catch (NumberFormatException _) {
            throw statement.wrong(value, "strconv.ParseInt: parsing " + GoText.quote(value) + ": value out of range");
        }
    }
}
