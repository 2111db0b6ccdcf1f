package dev.drydock.cli.command;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.scaffold.Question;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;

/** Asks on a terminal: menus with the arrow keys, answers that can be edited. The only user of JLine. */
final class InitTerminalPrompts implements InitPrompts {
    private static final String HINT = "  [Use arrows to move, Enter to choose]";
    private static final String CYAN = "\u001b[36m";
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";
    private static final char ESCAPE = '\u001b';
    private static final char CTRL_C = 3;
    private static final char CTRL_D = 4;
    private static final char CTRL_N = 14;
    private static final char CTRL_P = 16;
    /** How long the rest of an arrow key's bytes may take. */
    private static final long KEY_MILLIS = 50;

    private final Terminal terminal;

    InitTerminalPrompts(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Takes over the process's terminal; the caller closes it, which gives the terminal back as it was. */
    static InitTerminalPrompts open() {
        try {
            // The native library and the queries that a terminal may not answer cost time and are not needed for this.
            Terminal terminal = TerminalBuilder.builder()
                    .system(true)
                    .jni(false)
                    .graphemeCluster(false)
                    .build();
            return new InitTerminalPrompts(terminal);
        } catch (IOException e) {
            throw new EnvironmentFault("open terminal: " + e.getMessage(), e)
                    .hint("Use --yes to take the proposed answers without being asked.");
        }
    }

    @Override
    public int choose(String question, List<String> entries, int initial) {
        Attributes before = terminal.enterRawMode();
        Attributes raw = terminal.getAttributes();
        // Ctrl-C as a key: the menu is wiped before the command ends.
        raw.setLocalFlag(Attributes.LocalFlag.ISIG, false);
        terminal.setAttributes(raw);
        try {
            int chosen = chooseByKeys(question, entries, initial);
            line("? " + question + " " + CYAN + entries.get(chosen) + PLAIN);
            return chosen;
        } catch (IOException e) {
            throw new EnvironmentFault("read terminal: " + e.getMessage(), e);
        } finally {
            terminal.setAttributes(before);
            terminal.flush();
        }
    }

    private int chooseByKeys(String question, List<String> entries, int initial) throws IOException {
        int at = initial;
        while (true) {
            draw(question, entries, at);
            Key key = key();
            wipe(entries.size() + 1);
            switch (key) {
                case UP -> at = (at + entries.size() - 1) % entries.size();
                case DOWN -> at = (at + 1) % entries.size();
                case FIRST -> at = 0;
                case LAST -> at = entries.size() - 1;
                case ENTER -> {
                    return at;
                }
                case CANCEL -> throw Cancelled.byPerson();
                case END -> throw Cancelled.byEndOfInput();
                case NOTHING -> {}
            }
        }
    }

    private void draw(String question, List<String> entries, int at) {
        line(cut("? " + question + HINT));
        for (int i = 0; i < entries.size(); i++) {
            String text = cut((i == at ? "> " : "  ") + entries.get(i));
            line(i == at ? CYAN + text + PLAIN : text);
        }
        terminal.flush();
    }

    /** A menu line that wraps would be wiped by halves. */
    private String cut(String text) {
        int width = terminal.getSize().getColumns();
        return width > 1 && text.length() >= width ? text.substring(0, width - 1) : text;
    }

    private void line(String text) {
        terminal.writer().print(text + "\n");
    }

    private void wipe(int lines) {
        terminal.writer().print("\u001b[" + lines + "A\r\u001b[J");
    }

    private enum Key {
        UP,
        DOWN,
        FIRST,
        LAST,
        ENTER,
        CANCEL,
        END,
        NOTHING
    }

    private Key key() throws IOException {
        NonBlockingReader reader = terminal.reader();
        int c = reader.read();
        return switch (c) {
            case -1 -> Key.END;
            case CTRL_C, CTRL_D -> Key.CANCEL;
            case '\r', '\n' -> Key.ENTER;
            case 'k', CTRL_P -> Key.UP;
            case 'j', CTRL_N, '\t' -> Key.DOWN;
            case ESCAPE -> afterEscape(reader);
            default -> Key.NOTHING;
        };
    }

    private static Key afterEscape(NonBlockingReader reader) throws IOException {
        int second = reader.read(KEY_MILLIS);
        if (second != '[' && second != 'O') {
            return Key.NOTHING;
        }
        return switch (reader.read(KEY_MILLIS)) {
            case 'A' -> Key.UP;
            case 'B' -> Key.DOWN;
            case 'H' -> Key.FIRST;
            case 'F' -> Key.LAST;
            default -> Key.NOTHING;
        };
    }

    @Override
    public String ask(Question question) {
        if (question.accepts() instanceof Question.Accepts.OneOf(List<String> choices)) {
            return choices.get(choose(question.text(), choices, choices.indexOf(question.initial())));
        }
        while (true) {
            String answer = edit("? " + BOLD + question.text() + PLAIN + " (" + question.initial() + ") ");
            if (answer.isEmpty()) {
                return question.initial();
            }
            Optional<String> complaint = question.complaint(answer);
            if (complaint.isEmpty()) {
                return answer;
            }
            line("  " + complaint.get() + ".");
            terminal.flush();
        }
    }

    @Override
    public boolean confirm(String question) {
        String answer = edit("? " + BOLD + question + PLAIN + " (y/N) ").toLowerCase(Locale.ROOT);
        return answer.equals("y") || answer.equals("yes");
    }

    private String edit(String prompt) {
        LineReader reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .option(LineReader.Option.BRACKETED_PASTE, false)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .variable(LineReader.DISABLE_HISTORY, true)
                .variable(LineReader.DISABLE_COMPLETION, true)
                .build();
        try {
            return reader.readLine(prompt).strip();
        } catch (UserInterruptException e) {
            throw Cancelled.byPerson();
        } catch (EndOfFileException e) {
            throw Cancelled.byEndOfInput();
        }
    }

    @Override
    public void close() {
        try {
            terminal.close();
        } catch (IOException e) {
            throw new EnvironmentFault("close terminal: " + e.getMessage(), e);
        }
    }
}
