package dev.drydock.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.dockerfile.Instruction.Command;
import dev.drydock.dockerfile.Instruction.Copy;
import dev.drydock.dockerfile.Instruction.From;
import dev.drydock.dockerfile.Instruction.Run;
import java.util.List;
import org.junit.jupiter.api.Test;

class DockerfileParserTest {
    @Test
    void ordinaryDockerfileIsRead() {
        Dockerfile file = DockerfileParser.parse("Dockerfile", """
                # syntax=docker/dockerfile:1
                ARG VERSION=1.2
                # build compiles
                FROM --platform=$BUILDPLATFORM rust:${VERSION} AS Build
                WORKDIR /app
                RUN --mount=type=cache,target=/app/target \\
                    cargo build && \\
                    # a comment

                    cp x /bin/server
                FROM scratch
                COPY --from=build --chown=1:1 /bin/server /bin/
                CMD ["/bin/server", "--port"]
                """);
        assertThat(file.directives()).containsExactly(java.util.Map.entry("syntax", "docker/dockerfile:1"));
        assertThat(file.instructions()).hasSize(7);
        From from = (From) file.instructions().get(1);
        assertThat(from.name()).isEqualTo("build");
        assertThat(from.platform()).isEqualTo("$BUILDPLATFORM");
        assertThat(from.written().comments()).containsExactly("build compiles");
        Run run = (Run) file.instructions().get(3);
        assertThat(run.command()).isEqualTo(new Command.Shell("cargo build &&     cp x /bin/server"));
        assertThat(run.mounts()).containsExactly("type=cache,target=/app/target");
        assertThat(run.range().startLine()).isEqualTo(6);
        assertThat(run.range().endLine()).isEqualTo(10);
        Copy copy = (Copy) file.instructions().get(5);
        assertThat(copy.flags()).containsEntry("from", "build");
        assertThat(copy.dest()).isEqualTo("/bin/");
        assertThat(file.instructions().getLast())
                .isInstanceOfSatisfying(
                        Instruction.Cmd.class,
                        cmd -> assertThat(cmd.command()).isEqualTo(new Command.Exec(List.of("/bin/server", "--port"))));
        assertThat(file.findings())
                .extracting(Dockerfile.Finding::rule)
                .containsExactly("StageNameCasing", "NoEmptyContinuation");
    }
}
