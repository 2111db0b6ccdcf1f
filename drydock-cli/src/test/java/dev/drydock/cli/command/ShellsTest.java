package dev.drydock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Completion scripts in the shells that they are for, and manual pages under a checker. */
class ShellsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "'drydock rm'~rmi",
                "'drydock images --for'~--format",
                "'drydock rmi hello:'~2 latest",
                "'drydock rmi other'~other/app:1",
                "'drydock build --progress p'~plain",
                "'drydock build --progress=p'~plain",
                "'drydock image r'~rm",
                "'drydock image rm hello:l'~latest",
                "'drydock --root /x hist'~history",
                "'drydock --ro'~--root",
                "'drydock inspect -f '~''",
                "'drydock completion '~bash fish zsh",
                "'drydock builder '~build",
            })
    void bashCompletes(String line, String expected) throws Exception {
        Files.writeString(folder.resolve("drydock.bash"), Completions.bash());
        String out = run("bash", "-c", """
                source "$1/drydock.bash"
                drydock() { printf '%s\\n' hello:latest hello:2 other/app:1; }
                COMP_LINE=$2 COMP_POINT=${#2} COMPREPLY=()
                _drydock
                printf '%s\\n' "${COMPREPLY[@]}" | sort
                """, "bash", folder.toString(), line);
        assertThat(out.strip().replace("\n", " ")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "'drydock rm'~rmi",
                "'drydock images --for'~--format",
                "'drydock rmi hello:'~hello:2 hello:latest",
                "'drydock build --progress pl'~plain",
                "'drydock image r'~rm",
                "'drydock image rm hello:l'~hello:latest",
                "'drydock --root /x hist'~history",
                "'drydock --ro'~--root",
                "'drydock completion '~bash fish zsh",
                "'drydock builder '~build",
            })
    void fishCompletes(String line, String expected) throws Exception {
        Requires.program("fish");
        Files.writeString(folder.resolve("drydock.fish"), Completions.fish());
        String out = run("fish", "--no-config", "-c", """
                source $argv[1]/drydock.fish
                function drydock; printf '%s\\n' hello:latest hello:2 other/app:1; end
                complete -C $argv[2] | string split -f1 \\t | sort -u
                """, folder.toString(), line);
        assertThat(out.strip().replace("\n", " ")).isEqualTo(expected);
    }

    @Test
    void zshReadsItsScript() throws Exception {
        Requires.program("zsh");
        Path script = Files.writeString(folder.resolve("_drydock"), Completions.zsh());
        assertThat(run("zsh", "-n", script.toString())).isEmpty();
    }

    @Test
    void manualPagesHaveNothingToComplainAbout() throws Exception {
        Requires.program("mandoc");
        List<CommandSpec> specs = Completions.specs();
        Path program = folder.resolve("drydock.1");
        Files.writeString(program, ManualPages.roffOfProgram(specs, "2026-11-01"));
        assertThat(run("mandoc", "-T", "lint", "-W", "warning", program.toString()))
                .isEmpty();
        for (CommandSpec spec : specs) {
            Path page = folder.resolve(Completions.word(spec) + ".1");
            Files.writeString(page, ManualPages.roff(spec, "2026-11-01"));
            assertThat(run("mandoc", "-T", "lint", "-W", "warning", page.toString()))
                    .isEmpty();
        }
    }

    /** Everything that the program printed. */
    private static String run(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }
}
