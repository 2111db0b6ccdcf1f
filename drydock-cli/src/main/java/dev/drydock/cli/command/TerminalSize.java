package dev.drydock.cli.command;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jline.utils.Signals;

/** Columns and rows of the terminal. */
record TerminalSize(int columns, int rows) {
    private static final TerminalSize USUAL = new TerminalSize(80, 24);

    /** Asks {@code stty} once, and again whenever the kernel says that the window changed. */
    static Poll poll(Map<String, String> environment) {
        return new Poll(environment);
    }

    /** {@code 24 80}, as {@code stty size} writes it; zero means that the terminal does not know. */
    static TerminalSize parse(String text, TerminalSize otherwise) {
        String[] words = text.strip().split(" ");
        try {
            if (words.length == 2) {
                int rows = Integer.parseInt(words[0]);
                int columns = Integer.parseInt(words[1]);
                if (rows > 0 && columns > 0) {
                    return new TerminalSize(columns, rows);
                }
            }
        } catch (NumberFormatException e) {
            return otherwise;
        }
        return otherwise;
    }

    /** The terminal's size as it is now. */
    static final class Poll {
        private volatile boolean stale = true;
        private TerminalSize known;

        private Poll(Map<String, String> environment) {
            known = parse(
                    environment.getOrDefault("LINES", "0") + " " + environment.getOrDefault("COLUMNS", "0"), USUAL);
            Signals.register("WINCH", () -> stale = true);
        }

        synchronized TerminalSize now() {
            if (stale) {
                stale = false;
                known = ask(known);
            }
            return known;
        }

        private static TerminalSize ask(TerminalSize known) {
            try {
                Process stty = new ProcessBuilder("stty", "size")
                        .redirectInput(new File("/dev/tty"))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                return parse(answer, known);
            } catch (IOException e) {
                return known; // no stty, or no controlling terminal: the last known size does
            }
        }
    }
}
