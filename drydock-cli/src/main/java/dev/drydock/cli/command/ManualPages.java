package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Manual pages in roff, made from the command specs. */
final class ManualPages {
    private ManualPages() {}

    /** The page of one command, section 1; {@code date} stands in its foot. */
    static String roff(CommandSpec spec, String date) {
        String title = spec.path().replace(' ', '-');
        StringBuilder out = new StringBuilder(".TH \"")
                .append(title.toUpperCase(Locale.ROOT))
                .append("\" \"1\" \"")
                .append(date)
                .append("\" \"Drydock\" \"Drydock manual\"\n.SH NAME\n")
                .append(text(title))
                .append(" \\- ")
                .append(text(spec.summary()))
                .append("\n.SH SYNOPSIS\n.B ")
                .append(text(spec.path()))
                .append('\n')
                .append(text(spec.usageLine().substring(spec.path().length()).strip()))
                .append('\n');
        if (!spec.description().isEmpty()) {
            out.append(".SH DESCRIPTION\n").append(text(spec.description())).append('\n');
        }
        out.append(".SH OPTIONS\n");
        for (Flag flag : sorted(spec)) {
            out.append(".TP\n\\fB").append(text(flag.display())).append("\\fR");
            if (flag.type() != null) {
                out.append(" \\fI").append(text(flag.type())).append("\\fR");
            }
            out.append('\n').append(text(flag.help()).replace("\n", "\n.br\n")).append('\n');
        }
        out.append(".SH EXAMPLES\n");
        for (Example example : spec.examples()) {
            out.append(example.equals(spec.examples().getFirst()) ? "" : ".PP\n");
            out.append(text(example.about())).append(":\n.PP\n.EX\n    ");
            out.append(text(example.line())).append("\n.EE\n");
        }
        out.append(
                ".SH ENVIRONMENT\n.TP\n\\fBDRYDOCK_ROOT\\fR\nThe directory of the store, where \\-\\-root is not given.\n");
        return out.append(".SH SEE ALSO\n.BR drydock (1)\n").toString();
    }

    /** The page of the program. */
    static String roffOfProgram(List<CommandSpec> specs, String date) {
        StringBuilder out = new StringBuilder("""
                .TH "DRYDOCK" "1" "%s" "Drydock" "Drydock manual"
                .SH NAME
                drydock \\- a container image builder without a daemon
                .SH SYNOPSIS
                .B drydock
                [OPTIONS] COMMAND
                .SH COMMANDS
                """.formatted(date));
        for (CommandSpec spec : specs) {
            out.append(".TP\n.BR ").append(text(spec.path().replace(' ', '-'))).append(" (1)\n");
            out.append(text(spec.summary())).append('\n');
        }
        return out.toString();
    }

    private static List<Flag> sorted(CommandSpec spec) {
        List<Flag> flags = new ArrayList<>(spec.flags());
        flags.addAll(CommandSpec.GLOBAL);
        flags.sort((a, b) -> a.name().compareTo(b.name()));
        return flags;
    }

    private static String text(String plain) {
        String escaped = plain.replace("\\", "\\e").replace("-", "\\-");
        StringBuilder out = new StringBuilder();
        for (String line : escaped.split("\n", -1)) {
            if (!out.isEmpty()) {
                out.append('\n');
            }
            // a line that begins with one of these would be a request
            out.append(line.startsWith(".") || line.startsWith("'") ? "\\&" : "")
                    .append(line);
        }
        return out.toString();
    }
}
