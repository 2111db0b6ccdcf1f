package dev.drydock.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.EnvironmentFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaterRemovalTest {
    @TempDir
    Path directory;

    @Test
    void allIsGoneWhenItIsClosedAlsoByWhoWasInterrupted() throws IOException {
        LaterRemoval removal = new LaterRemoval();
        for (int i = 0; i < 50; i++) {
            Path tree = Files.createDirectories(directory.resolve("t" + i + "/deep/er"))
                    .getParent()
                    .getParent();
            Files.createFile(tree.resolve("file"));
            removal.remove(tree);
        }
        removal.remove(directory.resolve("never there"));
        Thread.currentThread().interrupt();
        removal.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatCannotBeRemovedIsToldAtTheEndAndKeepsNothingElse() throws IOException {
        LaterRemoval removal = new LaterRemoval();
        Path other = Files.createDirectory(directory.resolve("other"));
        removal.remove(directory.resolve("no such parent/tree"));
        removal.remove(other);
        assertThatThrownBy(removal::close).isInstanceOf(EnvironmentFault.class);
        assertThat(other).doesNotExist();
        removal.close();
    }
}
