package dev.drydock.cli.render;

import dev.drydock.event.BuildEvent;
import dev.drydock.event.BuildEvents;
import dev.drydock.fault.DrydockException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows a build while it goes on. Open, hand it to the build, close it when the build is over; then tell of a failure.
 * Reads nothing but events, and writes to its screen only.
 */
public final class Progress implements BuildEvents, AutoCloseable {
    /** How progress is shown. */
    public enum Mode {
        /** A tree that is drawn again and again. */
        TTY,
        /** Lines, one after the other. */
        PLAIN,
        /** One JSON object per line. */
        RAWJSON,
        /** Nothing but failures. */
        QUIET,
        /** Nothing but failures, and no image ID either. */
        NONE
    }

    /**
     * How much is shown.
     *
     * @param explain why steps ran again
     * @param palette the colours
     * @param logLines how many lines of a running step's output are shown under it
     * @param truncate cut lines at the terminal's edge
     * @param frame the time between two drawings of the tree
     * @param debug findings of checks in full
     */
    public record Settings(
            boolean explain, Palette palette, int logLines, boolean truncate, Duration frame, boolean debug) {
        private static final int USUAL_LOG_LINES = 6;
        private static final int USUAL_FRAME_MILLIS = 100;
        private static final int LEAST_FRAME_MILLIS = 10;
        private static final int MOST_FRAME_MILLIS = 10_000;

        /** What the environment variables that BuildKit knows say. */
        public static Settings fromEnvironment(Map<String, String> environment, boolean explain, boolean debug) {
            return new Settings(
                    explain,
                    Palette.fromEnvironment(environment),
                    number(environment.get("BUILDKIT_TTY_LOG_LINES"), USUAL_LOG_LINES),
                    !"1".equals(environment.get("PROGRESS_NO_TRUNC")),
                    Duration.ofMillis(Math.clamp(
                            number(environment.get("TTY_DISPLAY_RATE"), USUAL_FRAME_MILLIS),
                            LEAST_FRAME_MILLIS,
                            MOST_FRAME_MILLIS)),
                    debug);
        }

        private static int number(@Nullable String text, int usual) {
            if (text == null) {
                return usual;
            }
            try {
                return Math.max(0, Integer.parseInt(text));
            } catch (NumberFormatException e) {
                return usual; // as BuildKit does
            }
        }
    }

    /** One way of showing. */
    interface View {
        void show(BuildEvent event, Steps steps);

        /** Draws now, where that is done from time to time. */
        default void redraw() {}

        void close(Steps steps);
    }

    private final Steps steps;
    private final View view;
    private final Mode mode;
    private final Screen screen;
    private final Settings settings;
    private boolean closed;

    private Progress(View view, Steps steps, Mode mode, Screen screen, Settings settings) {
        this.steps = steps;
        this.view = view;
        this.mode = mode;
        this.screen = screen;
        this.settings = settings;
    }

    /** Begins to show a build. The caller closes. */
    public static Progress open(Mode mode, Screen screen, Settings settings) {
        Steps steps = new Steps();
        View view = switch (mode) {
            case TTY -> new TtyView(screen, settings, steps);
            case PLAIN -> new PlainView(screen, settings);
            case RAWJSON -> new RawJsonView(screen);
            case QUIET, NONE -> new SilentView();
        };
        return new Progress(view, steps, mode, screen, settings);
    }

    @Override
    public synchronized void accept(BuildEvent event) {
        if (!closed) {
            synchronized (steps) {
                steps.accept(event);
            }
            view.show(event, steps);
        }
    }

    /** Draws now what a view would draw at its next turn. */
    synchronized void redraw() {
        view.redraw();
    }

    /** Shows the last state and the findings. Closing twice is harmless. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            view.close(steps);
            if (mode == Mode.PLAIN || mode == Mode.TTY) {
                new Findings(screen, settings).print(steps.warnings());
            }
            screen.out().flush();
        }
    }

    /**
     * Tells why the build failed: the failed step's last output, the place in the Dockerfile, the cause, and what to do.
     *
     * @param dockerfile the Dockerfile's text, null when it could not be read
     */
    public synchronized void failed(DrydockException fault, @Nullable String dockerfile) {
        close();
        new FailureReport(screen, mode).print(fault, dockerfile, steps);
        screen.out().flush();
    }

    /** Tells that the build was interrupted. */
    public synchronized void canceled() {
        close();
        screen.out().print("ERROR: failed to build: failed to solve: Canceled: context canceled\n");
        screen.out().flush();
    }

    private static final class SilentView implements View {
        @Override
        public void show(BuildEvent event, Steps steps) {}

        @Override
        public void close(Steps steps) {}
    }
}
