package dev.drydock.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.house.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamespaceProcessTest {
    @TempDir
    private Path temp;

    @BeforeAll
    static void needs() {
        Requires.root();
        Requires.program("unshare");
    }

    @Test
    void aCarrierThatHangsIsGivenUp() {
        Path directory = temp.resolve("network");
        assertThatThrownBy(() -> NamespaceProcess.start(
                        new OnPath(),
                        directory,
                        "echo no answer >&2\nsleep 1000\n",
                        Duration.ofSeconds(4))) // in which it says that, however busy the machine is
                .isInstanceOf(EnvironmentFault.class)
                .hasMessage("make network of steps: no answer");
        assertThat(directory).doesNotExist();
    }

    @Test
    void aCarrierThatEndsIsQuoted() {
        assertThatThrownBy(() -> NamespaceProcess.start(new OnPath(), temp.resolve("network"), "exit 1\n"))
                .hasMessage("make network of steps: the program that carries it ended, or was not ready in time");
    }

    @Test
    void theNamespaceIsThereUntilItIsClosed() throws Exception {
        Path directory = temp.resolve("network");
        try (NamespaceProcess process = NamespaceProcess.start(new OnPath(), directory, "")) {
            assertThat(process.isAlive()).isTrue();
            assertThat(process.namespace()).exists();
        }
        assertThat(directory).doesNotExist();
    }

    private static final class OnPath implements Tools {
        @Override
        public Optional<Path> find(String program) {
            return Stream.of("/usr/bin", "/bin")
                    .map(place -> Path.of(place, program))
                    .filter(Files::isExecutable)
                    .findFirst();
        }

        @Override
        public Process start(List<String> command) {
            try {
                return new ProcessBuilder(command).start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
