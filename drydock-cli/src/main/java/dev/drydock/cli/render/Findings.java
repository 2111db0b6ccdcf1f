package dev.drydock.cli.render;

import dev.drydock.dockerfile.Finding;
import dev.drydock.event.BuildEvent;
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
    static String oneLine(Finding finding) {
        return finding.rule().title() + ": " + finding.detail() + " (line "
                + finding.range().startLine() + ")";
    }

    void print(List<BuildEvent.Warning> warnings) {
        if (warnings.isEmpty()) {
            return;
        }
        String count = warnings.size() == 1 ? "1 warning" : warnings.size() + " warnings";
        String more = settings.debug() ? ":\n" : " (use drydock --debug to expand):\n";
        StringBuilder text = new StringBuilder("\n ");
        text.append(Palette.paint(count + " found" + more, settings.palette().warning()));
        for (BuildEvent.Warning warning : warnings) {
            text.append(" - ").append(oneLine(warning.finding())).append('\n');
            if (settings.debug()) {
                expand(text, warning);
            }
        }
        screen.out().print(text);
    }

    private static void expand(StringBuilder text, BuildEvent.Warning warning) {
        Finding finding = warning.finding();
        text.append(finding.rule().description()).append('\n');
        if (finding.rule().url() != null) {
            text.append("More info: ").append(finding.rule().url()).append('\n');
        }
        text.append(Excerpt.of(finding.range(), warning.source())).append('\n');
    }
}
