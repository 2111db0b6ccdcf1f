package dev.drydock.cli.render;

import dev.drydock.event.BuildEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Progress as a tree that is drawn again and again: the steps that began, each with its time, the parts of a step and the
 * end of a running step's output under it. A frame is one write, so that nothing flickers; it is cut to the terminal's
 * width, and to its height from the top, so that going up again always finds its first line.
 */
final class TtyView implements Progress.View {
    private static final int NARROWEST = 20;
    private static final String BUILDER = "drydock";

    private final Screen screen;
    private final Progress.Settings settings;
    private final Thread painter;
    private final Steps steps; // its monitor guards it and all below
    private final List<Steps.Step> order = new ArrayList<>();
    private List<Integer> drawn = List.of(); // how wide each line of the last frame is
    private boolean closed;

    /** {@code steps} is read from another thread under its monitor. */
    TtyView(Screen screen, Progress.Settings settings, Steps steps) {
        this.steps = steps;
        this.screen = screen;
        this.settings = settings;
        this.painter = Thread.ofPlatform().daemon().name("progress").start(this::paint);
    }

    private void paint() {
        while (true) {
            LockSupport.parkNanos(settings.frame().toNanos());
            synchronized (steps) {
                if (closed) {
                    return;
                }
                frame(Instant.now(), false);
            }
        }
    }

    @Override
    public void show(BuildEvent event, Steps now) {
        synchronized (steps) {
            for (Steps.Step step : now.all()) {
                if (step.begun() && !order.contains(step)) {
                    order.add(step);
                }
            }
        }
    }

    @Override
    public void redraw() {
        synchronized (steps) {
            frame(Instant.now(), false);
        }
    }

    @Override
    public void close(Steps now) {
        synchronized (steps) {
            closed = true;
            frame(Instant.now(), true);
        }
        LockSupport.unpark(painter);
    }

    private void frame(Instant now, boolean last) {
        int width = Math.max(NARROWEST, screen.columns().getAsInt());
        List<String> body = new ArrayList<>();
        for (Steps.Step step : order) {
            stepLines(body, step, now, width, last);
        }
        int room = last ? Integer.MAX_VALUE : Math.max(1, screen.rows().getAsInt() - 2);
        if (body.size() > room) {
            body = body.subList(body.size() - room, body.size());
        }
        List<String> lines = new ArrayList<>(body.size() + 1);
        lines.add(header(now, width));
        lines.addAll(body);
        StringBuilder text = new StringBuilder();
        text.append("\u001b[1A".repeat(rowsOf(drawn, width))).append("\u001b[0G\u001b[?25l");
        lines.forEach(line -> text.append(line).append("\u001b[K\r\n"));
        text.append("\u001b[J\u001b[?25h");
        screen.out().print(text);
        screen.out().flush();
        drawn = lines.stream().map(line -> Widths.of(plain(line))).toList();
    }

    /** A terminal that became narrower has wrapped the lines of the last frame. */
    private static int rowsOf(List<Integer> lines, int width) {
        int rows = 0;
        for (int line : lines) {
            rows += Math.max(1, (line + width - 1) / width);
        }
        return rows;
    }

    private String header(Instant now, int width) {
        long total = steps.all().size();
        long over = steps.all().stream().filter(Steps.Step::over).count();
        String left = "[+] Building " + Amounts.seconds(steps.age(now)) + " (" + over + "/" + total + ")"
                + (over == total && total > 0 ? " FINISHED" : "");
        return spread(left, BUILDER, width, false);
    }

    private void stepLines(List<String> body, Steps.Step step, Instant now, int width, boolean last) {
        String mark = switch (step.state) {
            case CACHED -> "CACHED ";
            case FAILED -> "ERROR ";
            case CANCELED -> "CANCELED ";
            case QUEUED, RUNNING, DONE -> "";
        };
        Palette palette = settings.palette();
        String color = switch (step.state) {
            case DONE, CACHED -> palette.run();
            case FAILED -> palette.error();
            case CANCELED -> palette.cancel();
            case QUEUED, RUNNING -> "";
        };
        body.add(Palette.paint(spread(" => " + mark + step.name, Amounts.seconds(step.age(now)), width, true), color));
        for (Steps.Part part : step.parts.values()) {
            Instant end = part.completed() == null ? step.ended : part.completed();
            Duration took = Duration.between(part.started(), end == null ? now : end);
            String amount = Amounts.progress(part);
            String time = Amounts.seconds(took);
            String label = " => => " + part.id();
            if (!amount.isEmpty()) {
                int room = Math.max(0, width - amount.length() - 1 - time.length() - 2);
                label = cut(label, room) + " " + amount;
            }
            body.add(Palette.paint(spread(label, time, width, true), color));
        }
        if (settings.explain()) {
            step.reasons.forEach(reason -> body.add(Palette.paint(cut(" => => ran again: " + reason, width), color)));
        }
        if (step.state == Steps.State.RUNNING && !last) {
            for (LogTail.Line line : step.log.last(settings.logLines())) {
                body.add("\u001b[2m" + cut(" => => # " + clean(line.text()), width) + "\u001b[0m");
            }
        }
    }

    /** {@code left} and {@code right} at the two edges, the left one cut where they would meet. */
    private String spread(String left, String right, int width, boolean spaced) {
        int room = Math.max(0, width - right.length() - (spaced ? 2 : 1));
        String shown = settings.truncate() ? cut(left, room) : left;
        int gap = Math.max(1, width - Widths.of(shown) - right.length());
        return shown + " ".repeat(gap) + right;
    }

    private String cut(String line, int width) {
        return settings.truncate() ? Widths.cut(line, width) : line;
    }

    /** A log line without what would move the cursor: the part after its last carriage return, tabs as blanks. */
    private static String clean(String line) {
        String text = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
        return plain(text.substring(text.lastIndexOf('\r') + 1));
    }

    /** Text without escape sequences and other control characters, tabs as blanks. */
    private static String plain(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\t') {
                shown.append("    ");
            } else if (c == '\u001b') {
                i = afterEscape(text, i);
            } else if (c >= ' ' && c != 0x7f) {
                shown.append(c);
            }
        }
        return shown.toString();
    }

    /** The index of the last character of the escape sequence that starts at {@code start}. */
    private static int afterEscape(String text, int start) {
        int i = start + 1;
        if (i < text.length() && text.charAt(i) == '[') {
            i++;
            while (i < text.length() && (text.charAt(i) < '@' || text.charAt(i) > '~')) {
                i++;
            }
        }
        return Math.min(i, text.length() - 1);
    }
}
