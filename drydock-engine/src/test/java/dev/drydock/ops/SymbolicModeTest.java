package dev.drydock.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SymbolicModeTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"u=rwX,go=rX\", 644, false, 644",
                "\"u=rwX,go=rX\", 700, false, 755",
                "\"u=rwX,go=rX\", 600, true, 755",
                "+x, 644, false, 755",
                "a-w, 666, false, 444",
                "g=u, 640, false, 660",
                "u+s, 755, false, 4755",
                "o+t, 755, true, 1755",
                "u=, 755, false, 55",
                "ug+w-x, 755, false, 665",
            })
    void itReadsAsChmodDoes(String text, String before, boolean directory, String after) {
        int mode = new SymbolicMode(text).apply(Integer.parseInt(before, 8), directory);
        assertThat(Integer.toOctalString(mode)).isEqualTo(after);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "u", "x=r", "u=q", "u=rwx,", "u!r"})
    void nonsenseIsAFault(String text) {
        assertThatThrownBy(() -> new SymbolicMode(text))
                .isInstanceOf(UserFault.class)
                .hasMessageStartingWith("invalid chmod parameter: '" + text + "'");
    }

    @Test
    void randomModesAreThoseOfChmod(@TempDir Path temp) throws IOException, InterruptedException {
        Random random = new Random(7);
        List<String> who = List.of("u", "g", "o", "a", "ug", "go");
        List<String> what = List.of("r", "w", "x", "X", "rw", "rX", "rwx", "u", "g", "o", "s", "t");
        Path file = Files.createFile(temp.resolve("f"));
        Path directory = Files.createDirectory(temp.resolve("d"));
        for (int i = 0; i < 60; i++) {
            String text = who.get(random.nextInt(who.size()))
                    + "+-=".charAt(random.nextInt(3))
                    + what.get(random.nextInt(what.size()));
            int before = random.nextInt(01000);
            for (Path each : List.of(file, directory)) {
                Files.setAttribute(each, "unix:mode", before);
                int status = new ProcessBuilder("chmod", text, each.toString())
                        .start()
                        .waitFor();
                assertThat(status).isZero();
                int after = (int) Files.getAttribute(each, "unix:mode") & 07777;
                assertThat(new SymbolicMode(text).apply(before, each.equals(directory)))
                        .as("%s of %o", text, before)
                        .isEqualTo(after);
            }
        }
    }
}
