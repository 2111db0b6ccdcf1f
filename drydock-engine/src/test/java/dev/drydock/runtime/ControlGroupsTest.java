package dev.drydock.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlGroupsTest {
    @TempDir
    private Path root;

    private Path group(String path) throws IOException {
        Path members = Files.createDirectories(root.resolve(path)).resolve("cgroup.procs");
        return Files.writeString(members, "1\n");
    }

    @Test
    void theMembersOfTheOwnGroupAreFoundInEitherVersion() throws IOException {
        Path first = group("cpu,cpuacct/jobs/7");
        assertThat(ControlGroups.members(List.of("5:pids:/gone", "4:cpu,cpuacct:/jobs/7"), root))
                .contains(first);
        Path named = group("systemd");
        assertThat(ControlGroups.members(List.of("1:name=systemd:/", "0::/"), root))
                .contains(named);
        Path unified = group("user.slice/one");
        assertThat(ControlGroups.members(List.of("0::/user.slice/one"), root)).contains(unified);
        assertThat(ControlGroups.members(List.of("0::/../elsewhere", "nonsense", ""), root))
                .isEmpty();
    }

    @Test
    void nobodyIsMovedIntoAGroupThatOnlyHasThePathOfItsOwn() throws IOException {
        Path others = group("others");
        ControlGroups.stay(others, 17);
        assertThat(others).hasContent("1");
        Path own = group("own");
        ControlGroups.stay(own, 1);
        assertThat(Files.readString(own)).as("written over").isEqualTo("0\n");
    }

    /** It is still where it was, and so is everybody else. */
    @Test
    void expectingAMoveMovesNobody() throws IOException {
        Path own = Path.of("/proc/self/cgroup");
        String before = Files.readString(own);
        ControlGroups.expectMove();
        assertThat(Files.readString(own)).isEqualTo(before);
    }
}
