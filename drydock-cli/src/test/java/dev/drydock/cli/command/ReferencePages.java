package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.Example;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The command line reference in Markdown, made from the command specs. */
final class ReferencePages {
    private ReferencePages() {}

    /** Every page by its file name. */
    static SortedMap<String, String> all() {
        List<CommandSpec> specs = Completions.specs();
        SortedMap<String, String> pages = new TreeMap<>();
        pages.put("README.md", markdownIndex(specs));
        specs.forEach(spec -> pages.put(page(spec), markdown(spec)));
        return pages;
    }

    private static String page(CommandSpec spec) {
        return spec.path().replace(' ', '-') + ".md";
    }

    /** The reference page of one command. */
    static String markdown(CommandSpec spec) {
        StringBuilder out = new StringBuilder("# ")
                .append(spec.path())
                .append("\n\n")
                .append(spec.summary())
                .append(".\n\n    ")
                .append(spec.usageLine())
                .append('\n');
        if (!spec.description().isEmpty()) {
            out.append('\n').append(spec.description()).append('\n');
        }
        if (spec.aliases().size() > 1) {
            out.append("\nAlso reached as: `")
                    .append(String.join("`, `", spec.aliases()))
                    .append("`.\n");
        }
        out.append("\n| flag | value | meaning |\n|---|---|---|\n");
        List<Flag> flags = new ArrayList<>(spec.flags());
        flags.addAll(CommandSpec.GLOBAL);
        flags.sort(Comparator.comparing(Flag::name));
        for (Flag flag : flags) {
            String byDefault = flag.defaultValue() == null ? "" : " Default: `" + flag.defaultValue() + "`.";
            out.append("| `").append(flag.display()).append("` | ");
            out.append(flag.type() == null ? "" : flag.type()).append(flag.repeated() ? ", repeatable" : "");
            out.append(" | ").append(cell(flag.help())).append(byDefault).append(" |\n");
        }
        out.append("\n## Examples\n");
        for (Example example : spec.examples()) {
            out.append('\n').append(example.about()).append(":\n\n    ");
            out.append(example.line().replace("\n", "\n    ")).append('\n');
        }
        return out.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", "<br>").replace("<br><br>", "<br>");
    }

    /** The table of contents of the reference. */
    static String markdownIndex(List<CommandSpec> specs) {
        StringBuilder out = new StringBuilder("""
                # Commands

                Made from the commands themselves; a test holds these pages equal to `drydock COMMAND --help`.

                | command | what it does |
                |---|---|
                """);
        for (CommandSpec spec : specs) {
            String page = spec.path().replace(' ', '-') + ".md";
            out.append("| [`").append(spec.path()).append("`](").append(page).append(") | ");
            out.append(spec.summary()).append(" |\n");
        }
        return out.toString();
    }
}
