package dev.drydock.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.dockerfile.Finding;
import dev.drydock.dockerfile.Rule;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedContextsTest {
    private static final NamedContext LOCAL = new NamedContext.Local(List.of());
    private static final Platform AMD = new Platform("linux", "amd64");

    private static NamedContexts with(String... names) {
        TreeMap<String, NamedContext> contexts = new TreeMap<>();
        for (String name : names) {
            contexts.put(NamedContexts.key(name), LOCAL);
        }
        return new NamedContexts(contexts);
    }

    @ParameterizedTest
    @CsvSource({
        "alpine, alpine",
        "Alpine, alpine",
        "alpine:latest, alpine",
        "docker.io/library/alpine, alpine",
        "golang:1.22, golang:1.22",
        "lib::linux/arm64, lib::linux/arm64",
        "ghcr.io/x/y, ghcr.io/x/y",
    })
    void namesAreKeptAsImageNamesAre(String name, String key) {
        assertThat(NamedContexts.key(name)).isEqualTo(key);
    }

    @Test
    void whatCannotBeANameIsRefused() {
        assertThatThrownBy(() -> NamedContexts.key("a b"))
                .isInstanceOf(UserFault.class)
                .hasMessage("invalid context name a b");
    }

    @Test
    void thePlatformsOwnContextComesFirst() {
        NamedContexts contexts = with("lib", "lib::linux/arm64");
        assertThat(contexts.find("lib", AMD))
                .hasValueSatisfying(found -> assertThat(found.name()).isEqualTo("lib"));
        assertThat(contexts.find("lib:latest", new Platform("linux", "arm64")))
                .hasValueSatisfying(found -> assertThat(found.name()).isEqualTo("lib::linux/arm64"));
        assertThat(contexts.find("LIB", AMD)).isEmpty();
        assertThat(contexts.find("other", AMD)).isEmpty();
    }

    @Test
    void anImageThatWasNamedMayBeOfAnyPlatform() throws InterruptedException {
        TreeMap<String, NamedContext> named = new TreeMap<>();
        named.put("x", new NamedContext.Image("armonly"));
        BuildOptions usual = BuildOptions.defaults(AMD);
        BuildOptions options = new BuildOptions(
                null,
                usual.buildArgs(),
                usual.labels(),
                AMD,
                AMD,
                List.of(),
                false,
                usual.noCacheStages(),
                usual.networkMode(),
                List.of(),
                List.of(),
                0,
                null,
                new NamedContexts(named));
        List<Finding> findings = new ArrayList<>();
        String text = "FROM x\nCOPY --from=x /a /b\n";
        BuildPlan plan = new DockerfileFrontend()
                .plan(new Frontend.Definition("Dockerfile", text), options, new FakeImages(), findings::add);
        assertThat(findings).isEmpty();
        assertThat(plan.base()).isNotNull();
        new DockerfileFrontend()
                .plan(
                        new Frontend.Definition("Dockerfile", "FROM armonly\n"),
                        options,
                        new FakeImages(),
                        findings::add);
        assertThat(findings).extracting(Finding::rule).containsExactly(Rule.INVALID_BASE_IMAGE_PLATFORM);
    }
}
