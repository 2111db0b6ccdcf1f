package dev.drydock.cli.render;

import dev.drydock.dockerfile.Finding;
import dev.drydock.frontend.BuildTarget;
import dev.drydock.frontend.CheckReport;
import dev.drydock.frontend.Outline;
import dev.drydock.frontend.Subrequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Answers about a Dockerfile for people to read, as Docker prints them. */
public final class CallText {
    private static final int WIDE = 3;
    private static final int NARROW = 1;

    private CallText() {}

    /** The findings by their lines, each with its excerpt of {@code source}; what would end a build is not among them. */
    public static String findings(CheckReport report, String source) {
        List<Finding> findings = report.findings().stream()
                .sorted(Comparator.comparingInt(finding -> finding.range().startLine()))
                .toList();
        if (findings.isEmpty()) {
            return report.fault() == null ? "Check complete, no warnings found.\n" : "";
        }
        StringBuilder text = new StringBuilder("Check complete, ")
                .append(findings.size() == 1 ? "1 warning has" : findings.size() + " warnings have")
                .append(" been found!\n");
        for (Finding finding : findings) {
            String url = finding.rule().url();
            text.append("\nWARNING: ")
                    .append(finding.rule().title())
                    .append(url == null ? "" : " - " + url)
                    .append('\n')
                    .append(finding.detail())
                    .append('\n')
                    .append(Excerpt.of(finding.range(), source));
        }
        return text.append(report.fault() == null ? "" : "\n").toString();
    }

    /** What a build of a target can be told. */
    public static String outline(Outline outline) {
        StringBuilder text = new StringBuilder();
        if (!outline.name().isEmpty() || !outline.description().isEmpty()) {
            List<List<String>> head = new ArrayList<>();
            head.add(List.of("TARGET:", outline.name().isEmpty() ? "(default)" : outline.name()));
            if (!outline.description().isEmpty()) {
                head.add(List.of("DESCRIPTION:", outline.description()));
            }
            table(text, NARROW, head);
            text.append('\n');
        }
        if (!outline.args().isEmpty()) {
            List<List<String>> rows = new ArrayList<>(List.of(List.of("BUILD ARG", "VALUE", "DESCRIPTION")));
            outline.args().forEach(arg -> rows.add(List.of(arg.name(), arg.value(), arg.description())));
            table(text, WIDE, rows);
            text.append('\n');
        }
        secrets(text, "SECRET", outline.secrets());
        secrets(text, "SSH", outline.agents());
        return text.toString();
    }

    private static void secrets(StringBuilder text, String title, List<Outline.Secret> secrets) {
        if (!secrets.isEmpty()) {
            List<List<String>> rows = new ArrayList<>(List.of(List.of(title, "REQUIRED")));
            secrets.forEach(secret -> rows.add(List.of(secret.name(), secret.required() ? "true" : "")));
            table(text, WIDE, rows);
            text.append('\n');
        }
    }

    /** The stages that can be built. */
    public static String targets(List<BuildTarget> targets) {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("TARGET", "DESCRIPTION")));
        for (BuildTarget target : targets) {
            String name = target.usual() ? (target.name() + " (default)").strip() : target.name();
            rows.add(List.of(name, target.description()));
        }
        StringBuilder text = new StringBuilder();
        table(text, NARROW, rows);
        return text.toString();
    }

    /** What can be asked. */
    public static String describe() {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("NAME", "VERSION", "DESCRIPTION")));
        Subrequest.DESCRIBED.forEach(
                request -> rows.add(List.of(request.title(), Subrequest.VERSION, request.about())));
        StringBuilder text = new StringBuilder();
        table(text, NARROW, rows);
        return text.toString();
    }

    /** Columns {@code gap} blanks apart; the last one is not filled up. */
    private static void table(StringBuilder text, int gap, List<List<String>> rows) {
        int last = rows.getFirst().size() - 1;
        for (List<String> row : rows) {
            for (int column = 0; column < last; column++) {
                int at = column;
                int width = rows.stream()
                        .mapToInt(other -> width(other.get(at)))
                        .max()
                        .orElse(0);
                String cell = row.get(column);
                text.append(cell).repeat(" ", width - width(cell) + gap);
            }
            text.append(row.get(last)).append('\n');
        }
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
