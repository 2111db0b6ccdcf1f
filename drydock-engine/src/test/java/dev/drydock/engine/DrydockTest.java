package dev.drydock.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrydockTest {
    @TempDir
    Path directory;

    @Test
    void anEmptyStoreIsMadeAndHasNothing() throws IOException {
        Path root = directory.resolve("new/store");
        try (Drydock drydock = Drydock.open(root)) {
            assertThat(drydock.images()).isEmpty();
            assertThatThrownBy(() -> drydock.image("hello"))
                    .isInstanceOf(UserFault.class)
                    .hasMessage("No such image: hello:latest");
            assertThatThrownBy(() -> drydock.tag("hello", ImageRef.parse("x")))
                    .hasMessage("No such image: hello:latest");
            assertThatThrownBy(() -> drydock.remove("hello", Drydock.Force.NO))
                    .hasMessage("No such image: hello:latest");
            Digest none = Digest.of(new byte[0]);
            assertThatThrownBy(() -> drydock.rawConfig(none)).hasMessage("No such image: " + none);
        }
        try (var leases = Files.list(root.resolve("leases"))) {
            assertThat(leases).isEmpty();
        }
    }

    @Test
    void aStoreThatCannotBeMadeIsTheEnvironmentsFault() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> Drydock.open(file.resolve("store")))
                .isInstanceOf(EnvironmentFault.class)
                .hasMessageStartingWith("open store " + file.resolve("store") + ": ");
    }
}
