package dev.drydock.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.graph.ResourceLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitControllersTest {
    private static final ResourceLimits ALL = new ResourceLimits(1, 2, 3, 4, 5, "0", "1");

    @TempDir
    private Path root;

    @Test
    void limitsOfVersion2AreKeptByTheControllersThatItLists() throws IOException {
        Files.writeString(root.resolve("cgroup.controllers"), "cpuset io memory\n");
        assertThat(ControlGroups.withoutController(ALL, root)).containsExactly("cpu-shares", "cpu-period", "cpu-quota");
        Files.writeString(root.resolve("cgroup.controllers"), "\n");
        assertThat(ControlGroups.withoutController(ALL, root)).isEqualTo(ALL.names());
    }

    @Test
    void limitsOfVersion1AreKeptByTheHierarchiesThatAreMounted() throws IOException {
        Files.createDirectory(root.resolve("cpu"));
        Files.createDirectory(root.resolve("unified"));
        assertThat(ControlGroups.withoutController(ALL, root))
                .containsExactly("memory", "memory-swap", "cpuset-cpus", "cpuset-mems");
        assertThat(ControlGroups.withoutController(ALL, root.resolve("none"))).isEqualTo(ALL.names());
    }

    @Test
    void whatIsTakenAwayIsNoLimit() {
        assertThat(ALL.without(ALL.names())).isEqualTo(ResourceLimits.NONE);
        assertThat(ALL.without(java.util.List.of("memory", "cpuset-mems")))
                .isEqualTo(new ResourceLimits(0, 2, 3, 4, 5, "0", null));
    }
}
