package dev.drydock.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import dev.drydock.frontend.Frontend.Definition;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrontendImageTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM scratch",
                "# syntax=docker/dockerfile",
                "# syntax=docker/dockerfile:1",
                "# syntax=docker/dockerfile:1.7.0-labs",
                "# syntax = docker.io/docker/dockerfile:1.4@sha256:443aab4ca21183e069e7d8b2dc68006594f40bddf1b15bbd83f5137bd93e80e2 more",
                "# syntax=docker/dockerfile-upstream:master",
                "# syntax=docker/dockerfile:experimental",
                "# syntax=registry.example.com:5000/mirror/docker/dockerfile:1",
                "# syntax=dockerfile.v0",
                "# a comment\n# syntax=other/frontend",
                "{\"a\": \"b\"}",
                "{ FROM scratch",
            })
    void theDockerfilesOwnFrontendIsThisOne(String text) {
        assertThatCode(() -> FrontendImage.require(new Definition("Dockerfile", text), Map.of()))
                .doesNotThrowAnyException();
    }

    private static UserFault fault(String text, Map<String, String> buildArgs) {
        return catchThrowableOfType(
                UserFault.class, () -> FrontendImage.require(new Definition("Dockerfile", text), buildArgs));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# syntax=other/frontend:1",
                "# syntax=other/frontend:1 with words",
                "// syntax=other/frontend:1",
                "# escape=`\n#\tSYNTAX=other/frontend:1 x",
                "#!/usr/bin/env x\n# syntax=other/frontend:1",
                "{\"syntax\": \"other/frontend:1 words\"}",
            })
    void anotherFrontendIsNamed(String text) {
        UserFault fault = fault(text, Map.of());
        assertThat(fault)
                .hasMessage(
                        "failed to load frontend other/frontend:1: definitions are read as Dockerfiles here, no other"
                                + " frontend is run");
        assertThat(fault.hints()).hasSize(1);
    }

    @Test
    void itsLineIsThePlace() {
        assertThat(fault("# escape=`\n# syntax=docker/dockerfiles\n", Map.of()).range())
                .map(SourceRange::startLine)
                .contains(2);
        assertThat(fault("# syntax=Not:A:Name\n", Map.of()))
                .hasMessageStartingWith("failed to load frontend Not:A:Name");
    }

    @Test
    void theBuildArgumentWins() {
        Map<String, String> own = Map.of("BUILDKIT_SYNTAX", "docker/dockerfile:1 x");
        assertThatCode(() -> FrontendImage.require(new Definition("Dockerfile", "# syntax=other/frontend"), own))
                .doesNotThrowAnyException();
        assertThat(fault("FROM scratch\n", Map.of("BUILDKIT_SYNTAX", "x/y")))
                .hasMessageStartingWith("failed to load frontend x/y: ");
        assertThat(fault("FROM scratch\n", Map.of("BUILDKIT_SYNTAX", ""))).isNotNull();
    }
}
