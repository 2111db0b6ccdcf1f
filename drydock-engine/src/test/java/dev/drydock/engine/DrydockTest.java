package dev.drydock.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig.RunConfig;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
    void importAppliesEveryKindOfChange() throws Exception {
        List<String> changes = List.of(
                "ENTRYPOINT [\"/bin/sh\",\"-c\"]",
                "HEALTHCHECK --interval=5s CMD true",
                "LABEL a=b c=\"d e\"",
                "ONBUILD RUN echo",
                "STOPSIGNAL SIGINT",
                "USER nobody",
                "VOLUME /data",
                "EXPOSE 80",
                "WORKDIR /app",
                "workdir rel",
                "ENV A=b",
                "CMD [\"echo\"]");
        byte[] emptyTar = new byte[1024];
        try (Drydock drydock = Drydock.open(directory.resolve("store"))) {
            Digest id = drydock.importRootfs(
                    new ByteArrayInputStream(emptyTar),
                    new ImportRequest(ImageRef.parse("base:1"), changes, "why", Platform.parse("linux/arm64")));
            ImageSummary image = drydock.image("base:1");
            assertThat(image.id()).isEqualTo(id);
            assertThat(image.config().platform()).isEqualTo(Platform.parse("linux/arm64"));
            assertThat(image.config().history())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.comment()).isEqualTo("why"));
            RunConfig config = image.config().config();
            assertThat(config.entrypoint()).containsExactly("/bin/sh", "-c");
            assertThat(config.healthcheck()).isNotNull();
            assertThat(config.labels()).containsOnly(Map.entry("a", "b"), Map.entry("c", "d e"));
            assertThat(config.onBuild()).containsExactly("RUN echo");
            assertThat(config.stopSignal()).isEqualTo("SIGINT");
            assertThat(config.user()).isEqualTo("nobody");
            assertThat(config.volumes()).containsExactly("/data");
            assertThat(config.exposedPorts()).containsExactly("80/tcp");
            assertThat(config.workingDir()).isEqualTo("/app/rel");
            assertThat(config.env()).containsExactly("A=b");
            assertThat(config.cmd()).containsExactly("echo");
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
