package dev.drydock.cli.render;

import dev.drydock.engine.TransferEvent;
import dev.drydock.oci.Digest;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Shows a pull or a push as Docker does: into a pipe a line for each change of a part, on a terminal a line for each part
 * that is written over.
 */
public abstract sealed class TransferView implements AutoCloseable {
    private TransferView() {}

    /** Shows one event. */
    public abstract void accept(TransferEvent event);

    @Override
    public void close() {}

    /** Shows nothing. */
    public static TransferView silent() {
        return new Silent();
    }

    /** For a pipe or a file. */
    public static TransferView lines(PrintStream out) {
        return new Lines(out);
    }

    /** For a terminal of so many columns. */
    public static TransferView terminal(PrintStream out, int columns) {
        return new Terminal(out, columns);
    }

    private static final class Silent extends TransferView {
        @Override
        public void accept(TransferEvent event) {
            // asked not to
        }
    }

    private static final class Lines extends TransferView {
        private final PrintStream out;
        private final Map<Digest, TransferEvent.Stage> shown = new HashMap<>();

        Lines(PrintStream out) {
            this.out = out;
        }

        @Override
        public void accept(TransferEvent event) {
            switch (event) {
                case TransferEvent.Begun _ -> {}
                case TransferEvent.Mounted(Digest blob, String from) ->
                    out.println(blob.shortHex() + ": Mounted from " + from);
                case TransferEvent.Part(Digest blob, TransferEvent.Stage stage, long _, long _) -> {
                    boolean moving = stage == TransferEvent.Stage.DOWNLOADING || stage == TransferEvent.Stage.PUSHING;
                    if (!moving && shown.put(blob, stage) != stage) {
                        out.println(blob.shortHex() + ": " + stage.words());
                    }
                }
            }
            out.flush();
        }
    }

    private static final class Terminal extends TransferView {
        /** Below this width Docker leaves the bar out. */
        private static final int WIDE = 110;

        private static final int BAR = 50;

        private final PrintStream out;
        private final int columns;
        private final Map<Digest, Integer> rows = new LinkedHashMap<>();

        Terminal(PrintStream out, int columns) {
            this.out = out;
            this.columns = columns;
        }

        @Override
        public void accept(TransferEvent event) {
            switch (event) {
                case TransferEvent.Begun _ -> {}
                case TransferEvent.Mounted(Digest blob, String from) -> show(blob, "Mounted from " + from);
                case TransferEvent.Part(Digest blob, TransferEvent.Stage stage, long current, long total) -> {
                    boolean moving = stage == TransferEvent.Stage.DOWNLOADING || stage == TransferEvent.Stage.PUSHING;
                    show(blob, moving ? stage.words() + " " + amount(current, total) : stage.words() + " ");
                }
            }
        }

        private String amount(long current, long total) {
            String amounts = Amounts.bytes(current) + (total > 0 ? "/" + Amounts.bytes(total) : "");
            if (columns <= WIDE || total <= 0) {
                return amounts;
            }
            int filled = (int) Math.min(BAR, current * BAR / total);
            return "[" + "=".repeat(Math.max(0, filled - 1)) + (filled > 0 ? ">" : "") + " ".repeat(BAR - filled)
                    + "]  " + amounts;
        }

        private void show(Digest blob, String text) {
            Integer row = rows.get(blob);
            if (row == null) {
                row = rows.size();
                rows.put(blob, row);
                out.print("\r\n");
            }
            int up = rows.size() - row;
            out.print("\u001b[" + up + "A\u001b[2K\r" + blob.shortHex() + ": " + text + "\r\u001b[" + up + "B");
            out.flush();
        }
    }
}
