package dev.drydock.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OpenSSH's own agent. */
@Timeout(300)
final class KeyAgentTest {
    @TempDir
    private Path directory;

    private static String run(Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(words))).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    /** A socket is there as soon as it has a name, and refuses everybody until somebody listens at it. */
    @Test
    void anAgentIsWaitedForUntilItListens() throws Exception {
        for (String program : List.of("ssh-add", "ssh-keygen", "setpriv")) {
            Requires.program(program);
        }
        Path key = directory.resolve("key");
        run(Map.of(), "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "of the test", "-f", key.toString());
        Path programs = Files.createDirectory(directory.resolve("programs"));
        Path late = Files.writeString(
                programs.resolve("ssh-agent"),
                "#!/bin/sh\n: > agent\nsleep 1\nrm agent\nexec " + Requires.program("ssh-agent") + " \"$@\"\n");
        Files.setPosixFilePermissions(late, PosixFilePermissions.fromString("rwxr-xr-x"));
        Programs found = new Programs(Map.of("PATH", programs + ":" + System.getenv("PATH")));
        try (KeyAgent agent = KeyAgent.start(found, List.of(key), directory.resolve("agent"))) {
            assertThat(run(Map.of("SSH_AUTH_SOCK", agent.socket().toString()), "ssh-add", "-l"))
                    .contains(" of the test ");
        }
        assertThat(directory.resolve("agent")).doesNotExist();
    }

    @Test
    void anInterruptLeavesNoAgent() {
        for (String program : List.of("ssh-agent", "ssh-add", "setpriv")) {
            Requires.program(program);
        }
        Path place = directory.resolve("agent");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> KeyAgent.start(List.of(), place).close()).isInstanceOf(InterruptedException.class);
        assertThat(place).doesNotExist();
        assertThat(ProcessHandle.current().children())
                .noneMatch(child -> child.info().command().orElse("").endsWith("/ssh-agent"));
    }
}
