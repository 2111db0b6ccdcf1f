package dev.drydock.cli.command;

import dev.drydock.fault.Suggestion;
import dev.drydock.frontend.Subrequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --call} and {@code --check} ask instead of a build.
 *
 * @param status what findings do to the exit code
 */
record Call(Subrequest request, Format format, Status status) {
    private static final List<String> METHODS = List.of("build", "check", "outline", "targets", "subrequests.describe");

    /** How the answer is written. */
    enum Format {
        TEXT,
        JSON
    }

    /** Whether findings make the exit code 1. */
    enum Status {
        TOLD,
        IGNORED
    }

    /** The call of a command line, null if it is an ordinary build. */
    static @Nullable Call of(Arguments arguments) {
        String value = arguments.isOn("check") ? "check" : arguments.value("call");
        return value == null || value.isEmpty() ? null : parse(value);
    }

    private static @Nullable Call parse(String value) {
        String method = null;
        Format format = Format.TEXT;
        Status status = Status.TOLD;
        for (String field : value.split(",", -1)) {
            int equals = field.indexOf('=');
            String name = equals < 0 ? field : field.substring(0, equals);
            String setting = equals < 0 ? "" : field.substring(equals + 1);
            if (equals < 0) {
                if (method != null) {
                    throw new CommandFailed("ERROR: invalid print value: " + value);
                }
                method = field;
            } else if (name.equals("format")) {
                format = setting.equals("json") ? Format.JSON : Format.TEXT;
            } else if (name.equals("ignorestatus")) {
                status = status(setting);
            } else {
                throw new CommandFailed("ERROR: invalid print field: " + field);
            }
        }
        return method == null || method.equals("build") ? null : new Call(named(method), format, status);
    }

    private static Status status(String setting) {
        boolean ignored = GoBool.of(setting)
                .orElseThrow(() -> new CommandFailed("ERROR: invalid ignorestatus print value: ignorestatus=" + setting
                        + ": " + GoBool.fault(setting)));
        return ignored ? Status.IGNORED : Status.TOLD;
    }

    private static Subrequest named(String method) {
        return switch (method) {
            case "check", "lint" -> Subrequest.CHECK;
            case "outline" -> Subrequest.OUTLINE;
            case "targets" -> Subrequest.TARGETS;
            case "subrequests.describe" -> Subrequest.DESCRIBE;
            default ->
                throw new CommandFailed(
                        "ERROR: failed to build: failed to solve: unsupported request frontend." + method,
                        1,
                        List.of("Methods are " + String.join(", ", METHODS) + "."
                                + Suggestion.nearest(method, METHODS)
                                        .map(near -> " Did you mean " + near + "?")
                                        .orElse("")));
        };
    }
}
