package dev.drydock.cli.command;

import dev.drydock.cli.render.Progress.Mode;

/**
 * How a build shows itself.
 *
 * @param explain whether steps that run again say why
 */
record BuildOutput(Mode mode, boolean explain) {
    static BuildOutput of(Arguments arguments, Session session) {
        boolean quiet = arguments.isOn("quiet");
        String wanted = arguments.value("progress");
        if (wanted == null) {
            String environment = session.env("BUILDKIT_PROGRESS");
            wanted = environment == null || quiet ? "auto" : environment;
        }
        if (quiet && !wanted.equals("auto") && !wanted.equals("quiet")) {
            throw new CommandFailed("ERROR: progress=" + wanted + " and quiet cannot be used together");
        }
        boolean terminal = session.terminals().err();
        boolean movesItsCursor = terminal && !"dumb".equals(session.env("TERM"));
        Mode mode = switch (wanted) {
            case "auto" -> quiet ? Mode.QUIET : movesItsCursor ? Mode.TTY : Mode.PLAIN;
            case "tty" -> {
                if (!terminal) {
                    throw new CommandFailed("ERROR: failed to get console: provided file is not a console");
                }
                yield Mode.TTY;
            }
            case "plain" -> Mode.PLAIN;
            case "rawjson" -> Mode.RAWJSON;
            case "quiet" -> Mode.QUIET;
            case "none" -> Mode.NONE;
            default -> throw new CommandFailed("ERROR: invalid progress mode " + wanted);
        };
        return new BuildOutput(mode, arguments.isOn("explain"));
    }
}
