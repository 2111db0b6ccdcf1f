package dev.drydock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.scaffold.Question;
import dev.drydock.scaffold.Setting;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jline.terminal.Size;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class InitTerminalPromptsTest {
    private static final List<String> ENTRIES = List.of("Rust (detected)", "Other", "Quit");
    private static final Question PORT = new Question(Setting.PORT, "What port?", "8000", new Question.Accepts.Port());

    private final CountDownLatch asked = new CountDownLatch(1);

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream() {
        @Override
        public synchronized void write(int b) {
            super.write(b);
            asked.countDown();
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, length);
            asked.countDown();
        }
    };

    /** A person types once something is asked: until then the terminal would take Ctrl-C for a signal. */
    private final class Keys extends ByteArrayInputStream {
        Keys(String keys) {
            super(keys.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public int read() {
            try {
                asked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return -1;
            }
            return super.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            int first = read();
            if (first < 0) {
                return -1;
            }
            bytes[offset] = (byte) first;
            return 1;
        }
    }

    /** Lets keys answer; the names stand for what a terminal sends. */
    private <T> T with(String keys, Function<InitPrompts, T> asking) throws IOException {
        String sent = keys.replace("<down>", "\u001b[B")
                .replace("<up>", "\u001bOA")
                .replace("<home>", "\u001b[H")
                .replace("<end>", "\u001b[F")
                .replace("<enter>", "\r")
                .replace("<ctrl-c>", "\u0003")
                .replace("<backspace>", "\u007f");
        var terminal = new ExternalTerminal("test", "xterm", new Keys(sent), screen, StandardCharsets.UTF_8);
        terminal.setSize(Size.of(40, 20));
        try (var prompts = new InitTerminalPrompts(terminal)) {
            return asking.apply(prompts);
        }
    }

    private String shown() {
        return screen.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "<enter>, 0",
        "<down><enter>, 1",
        "<down><down><up><enter>, 1",
        "<up><enter>, 2",
        "<down><down><down><enter>, 0",
        "<end><enter>, 2",
        "<end><home><enter>, 0",
        "jjk<enter>, 1",
        "xyz<enter>, 0",
    })
    void arrowsMoveThroughAMenu(String keys, int chosen) throws IOException {
        int result = with(keys, prompts -> prompts.choose("Which?", ENTRIES, 0));
        assertThat(result).isEqualTo(chosen);
        assertThat(shown()).endsWith("? Which? \u001b[36m" + ENTRIES.get(chosen) + "\u001b[0m\r\n");
    }

    @Test
    void menuLinesNeverWrap() throws IOException {
        with("<enter>", prompts -> prompts.choose("A question that is longer than the screen is wide?", ENTRIES, 0));
        String menu = shown().substring(0, shown().indexOf("\u001b[4A"));
        assertThat(menu.replaceAll("\u001b\\[\\d+m", "").lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(40));
    }

    @Test
    void ctrlCInAMenuCancels() {
        assertThatThrownBy(() -> with("<down><ctrl-c>", prompts -> prompts.choose("Which?", ENTRIES, 0)))
                .isInstanceOfSatisfying(
                        InitPrompts.Cancelled.class,
                        e -> assertThat(e.asFailure().exitCode()).isEqualTo(130));
    }

    @Test
    void endOfInputCancels() {
        assertThatThrownBy(() -> with("<down>", prompts -> prompts.choose("Which?", ENTRIES, 0)))
                .isInstanceOfSatisfying(
                        InitPrompts.Cancelled.class,
                        e -> assertThat(e.asFailure().exitCode()).isEqualTo(1));
    }

    @ParameterizedTest
    @CsvSource({"<enter>, 8000", "3000<enter>, 3000", "30001<backspace><enter>, 3000", "nine<enter>9000<enter>, 9000"})
    void answersCanBeEditedAndMustFit(String keys, String answer) throws IOException {
        String result = with(keys, prompts -> prompts.ask(PORT));
        assertThat(result).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({"<enter>, false", "y<enter>, true", "Yes<enter>, true", "n<enter>, false", "sure<enter>, false"})
    void onlyAYesIsAYes(String keys, boolean yes) throws IOException {
        boolean result = with(keys, prompts -> prompts.confirm("Overwrite?"));
        assertThat(result).isEqualTo(yes);
    }
}
