package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Example;
import java.util.ArrayList;
import java.util.List;

/** The text of {@code --help}: Docker's layout, then examples. */
final class Help {
    private static final int WIDTH = 80;

    /** Room left at the end of lines, so that one more short word need not wrap. */
    private static final int SLOP = 5;

    private static final int NARROWEST = 24;

    private Help() {}

    static String of(CommandSpec spec) {
        StringBuilder text = new StringBuilder("Usage:  ")
                .append(spec.usageLine())
                .append("\n\n")
                .append(spec.summary())
                .append('\n');
        if (!spec.description().isEmpty()) {
            text.append('\n').append(fold(spec.description())).append('\n');
        }
        if (!spec.aliases().isEmpty()) {
            text.append("\nAliases:\n  ")
                    .append(String.join(", ", spec.aliases()))
                    .append('\n');
        }
        if (!spec.flags().isEmpty()) {
            text.append("\nOptions:\n");
            flags(text, spec.flags());
        }
        if (!spec.examples().isEmpty()) {
            text.append("\nExamples:\n");
            for (Example example : spec.examples()) {
                text.append("  # ").append(example.about()).append("\n  ");
                text.append(example.line().replace("\n", "\n  ")).append("\n\n");
            }
            text.setLength(text.length() - 1);
        }
        return text.toString();
    }

    /** Appends one line or more for each flag, sorted by name. */
    static void flags(StringBuilder text, List<Flag> flags) {
        List<Flag> sorted = new ArrayList<>(flags);
        sorted.sort((a, b) -> a.name().compareTo(b.name()));
        int widest = 0;
        for (Flag flag : sorted) {
            widest = Math.max(widest, left(flag).length());
        }
        int column = widest + 3;
        for (Flag flag : sorted) {
            String left = left(flag);
            text.append(left).repeat(' ', column - left.length());
            wrap(text, right(flag), column);
            text.append('\n');
        }
    }

    private static String left(Flag flag) {
        return (flag.hasLetter() ? "  -" + flag.shorthand() + ", --" : "      --")
                + flag.name()
                + (flag.type() == null ? "" : " " + flag.type());
    }

    private static String right(Flag flag) {
        return flag.defaultValue() == null ? flag.help() : flag.help() + " (default \"" + flag.defaultValue() + "\")";
    }

    private static void wrap(StringBuilder out, String text, int column) {
        int indent = column;
        int room = WIDTH - column;
        if (room < NARROWEST) {
            indent = 16;
            room = WIDTH - indent;
            out.append('\n').repeat(' ', indent);
        }
        room -= SLOP;
        String rest = text;
        while (rest.length() > room + SLOP || rest.indexOf('\n') >= 0) {
            int cut = cut(rest, room);
            if (cut < 0) {
                break;
            }
            out.append(rest, 0, cut).append('\n').repeat(' ', indent);
            rest = rest.substring(cut + 1);
        }
        out.append(rest);
    }

    /** Where the next line ends: at its newline, else at the last blank that fits; -1 if it cannot be cut. */
    private static int cut(String text, int room) {
        int newline = text.indexOf('\n');
        if (newline >= 0 && newline <= room + SLOP) {
            return newline;
        }
        int blank = text.lastIndexOf(' ', Math.min(room, text.length()) - 1);
        return blank > 0 ? blank : newline;
    }

    /** Folds paragraphs at the screen's width; lines that begin with a blank stay as they are. */
    static String fold(String text) {
        StringBuilder out = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            if (!out.isEmpty()) {
                out.append('\n');
            }
            String rest = line;
            while (rest.length() > WIDTH && !rest.startsWith(" ")) {
                int blank = rest.lastIndexOf(' ', WIDTH);
                if (blank <= 0) {
                    break;
                }
                out.append(rest, 0, blank).append('\n');
                rest = rest.substring(blank + 1);
            }
            out.append(rest);
        }
        return out.toString();
    }

    /** The text of {@code drydock image --help}. */
    static String ofGroup(String group) {
        StringBuilder text = new StringBuilder("Usage:  drydock ").append(group).append(" COMMAND\n\n");
        text.append(
                        switch (group) {
                            case "image" -> "Manage images";
                            case "system" -> "Manage the store";
                            default -> "Manage builds";
                        })
                .append("\n\nCommands:\n");
        for (String word : Commands.inGroup(group)) {
            Command command = Commands.inGroup(group, word);
            if (command != null) {
                text.append("  ").append(word).repeat(' ', 12 - word.length());
                text.append(command.spec().summary()).append('\n');
            }
        }
        return text.append("\nRun 'drydock ")
                .append(group)
                .append(" COMMAND --help' for more information on a command.\n")
                .toString();
    }

    /** The text of {@code drydock --help}. */
    static String ofProgram() {
        StringBuilder text = new StringBuilder("""
                Usage:  drydock [OPTIONS] COMMAND

                A container image builder without a daemon

                Commands:
                """);
        for (String name : Commands.NAMES) {
            Command command = Commands.named(name);
            if (command != null) {
                text.append("  ").append(name).repeat(' ', 12 - name.length());
                text.append(command.spec().summary()).append('\n');
            }
        }
        text.append("\nManagement Commands:\n");
        text.append("  image       Manage images (ls, build, tag, rm, history, inspect, import, save)\n");
        text.append("\nGlobal Options:\n");
        List<Flag> global = new ArrayList<>(CommandSpec.GLOBAL);
        global.add(Flag.toggle("version", "Print version information and quit").letter('v'));
        flags(text, global);
        return text.append("""

                Examples:
                  # Write a Dockerfile for the project in this directory, build it, look at the result
                  drydock init
                  drydock build -t hello .
                  drydock images

                Run 'drydock COMMAND --help' for more information on a command.
                """).toString();
    }
}
