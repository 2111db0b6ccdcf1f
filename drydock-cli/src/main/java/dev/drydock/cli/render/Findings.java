package dev.drydock.cli.render;

import dev.drydock.event.BuildEvent;
import dev.drydock.fault.SourceRange;
import java.util.List;

/** The findings of the checks, at the end of a build. */
final class Findings {
    private final Screen screen;
    private final Progress.Settings settings;

    Findings(Screen screen, Progress.Settings settings) {
        this.screen = screen;
        this.settings = settings;
    }

    /** {@code Rule: message (line 3)}. */
    static String oneLine(BuildEvent.Warning warning) {
        SourceRange range = warning.range();
        return warning.rule() + ": " + warning.message() + (range == null ? "" : " (line " + range.startLine() + ")");
    }

    void print(List<BuildEvent.Warning> warnings) {
        if (warnings.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder("\n ");
        text.append(settings.color() ? "\u001b[33m" : "");
        text.append(warnings.size() == 1 ? "1 warning" : warnings.size() + " warnings")
                .append(" found");
        text.append(settings.debug() ? ":\n" : " (use drydock --debug to expand):\n");
        text.append(settings.color() ? "\u001b[0m" : "");
        for (BuildEvent.Warning warning : warnings) {
            text.append(" - ").append(oneLine(warning)).append('\n');
            if (settings.debug() && warning.url() != null) {
                text.append("   More info: ").append(warning.url()).append('\n');
            }
        }
        screen.out().print(text);
    }
}
