package dev.drydock.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.CorruptData;
import dev.drydock.oci.ImageConfig.Healthcheck;
import dev.drydock.oci.ImageConfig.History;
import dev.drydock.oci.ImageConfig.RunConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ImageConfigJsonTest {
    private static final Platform LINUX = new Platform("linux", "amd64");
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.500Z");
    private static final Digest LAYER = Digest.of("layer".getBytes(StandardCharsets.UTF_8));

    private static ImageConfig full() {
        return new ImageConfig(
                new Platform("linux", "arm", "v7", null),
                "joe",
                NOON,
                new RunConfig(
                        "app",
                        new TreeSet<>(List.of("80/tcp", "443/tcp")),
                        List.of("PATH=/bin", "A=<b>"),
                        List.of("/entry"),
                        List.of("a", "b"),
                        new TreeSet<>(List.of("/data")),
                        "/",
                        new TreeMap<>(Map.of("z", "1", "a", "")),
                        "SIGINT",
                        true,
                        List.of("RUN x"),
                        new Healthcheck(
                                List.of("CMD", "true"),
                                Duration.ofSeconds(30),
                                Duration.ZERO,
                                Duration.ZERO,
                                Duration.ofMillis(1),
                                3),
                        List.of("/bin/bash", "-c")),
                List.of(
                        new History(NOON, "RUN x # buildkit", null, "buildkit.dockerfile.v0", false),
                        new History(null, "ENV A=1", "me", null, true)),
                List.of(LAYER));
    }

    private static String write(ImageConfig config) {
        return new String(ImageConfigJson.write(config), StandardCharsets.UTF_8);
    }

    private static ImageConfig read(String text) {
        return ImageConfigJson.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void membersStandInBuildKitsOrder() {
        assertThat(write(full()))
                .isEqualTo("{\"architecture\":\"arm\",\"author\":\"joe\",\"config\":{\"User\":\"app\","
                        + "\"ExposedPorts\":{\"443/tcp\":{},\"80/tcp\":{}},\"Env\":[\"PATH=/bin\",\"A=\\u003cb\\u003e\"],"
                        + "\"Entrypoint\":[\"/entry\"],\"Cmd\":[\"a\",\"b\"],\"Volumes\":{\"/data\":{}},\"WorkingDir\":\"/\","
                        + "\"Labels\":{\"a\":\"\",\"z\":\"1\"},\"StopSignal\":\"SIGINT\",\"ArgsEscaped\":true,"
                        + "\"Healthcheck\":{\"Test\":[\"CMD\",\"true\"],\"Interval\":30000000000,\"StartInterval\":1000000,"
                        + "\"Retries\":3},\"OnBuild\":[\"RUN x\"],\"Shell\":[\"/bin/bash\",\"-c\"]},"
                        + "\"created\":\"2026-11-23T12:00:00.5Z\",\"history\":[{\"created\":\"2026-11-23T12:00:00.5Z\","
                        + "\"created_by\":\"RUN x # buildkit\",\"comment\":\"buildkit.dockerfile.v0\"},"
                        + "{\"created_by\":\"ENV A=1\",\"author\":\"me\",\"empty_layer\":true}],\"os\":\"linux\","
                        + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + LAYER + "\"]},\"variant\":\"v7\"}");
    }

    @Test
    void whatWasWrittenIsReadBack() {
        assertThat(read(write(full()))).isEqualTo(full());
        ImageConfig scratch = ImageConfig.scratch(LINUX);
        assertThat(read(write(scratch))).isEqualTo(scratch);
    }

    @Test
    void anImageWithoutLayersHasAnEmptyList() {
        assertThat(write(ImageConfig.scratch(LINUX)))
                .isEqualTo("{\"architecture\":\"amd64\",\"config\":{},\"os\":\"linux\","
                        + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}");
    }

    @Test
    void foreignDocumentsMayHaveNullsAndMembersUnknownHere() {
        ImageConfig config =
                read("{\"id\":\"x\",\"container_config\":{\"Cmd\":7},\"architecture\":\"amd64\",\"os\":\"linux\","
                        + "\"created\":\"0001-01-01T00:00:00Z\",\"config\":{\"Hostname\":\"\",\"User\":\"\",\"Env\":null,\"Cmd\":[],"
                        + "\"Entrypoint\":null,\"Labels\":null,\"Volumes\":null,\"Healthcheck\":null},\"history\":null,"
                        + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":null}}");
        assertThat(config.config().cmd()).isEmpty();
        assertThat(config.config().entrypoint()).isNull();
        assertThat(config.config().user()).isNull();
        assertThat(config.created()).isEqualTo(Instant.parse("0001-01-01T00:00:00Z"));
    }

    @Test
    void membersOfTheWrongTypeAreNamed() {
        assertThatThrownBy(() -> read("[]"))
                .isInstanceOf(CorruptData.class)
                .hasMessage("read image config: the document is no object");
        assertThatThrownBy(() -> read("{\"config\":{\"Env\":\"x\"}}"))
                .isInstanceOf(CorruptData.class)
                .hasMessage("read image config: config.Env is no array: Text");
        assertThatThrownBy(() -> read("{\"history\":[{},{\"created\":\"noon\"}]}"))
                .isInstanceOf(CorruptData.class)
                .hasMessage("read image config: history[1].created is no time: noon");
        assertThatThrownBy(() -> read("{\"rootfs\":{\"diff_ids\":[\"sha256:12\"]}}"))
                .isInstanceOf(CorruptData.class)
                .hasMessageStartingWith("read image config: rootfs.diff_ids is no digest: ");
        assertThatThrownBy(() -> read("{\"config\":{\"Healthcheck\":{\"Retries\":1.5}}}"))
                .isInstanceOf(CorruptData.class)
                .hasMessageContaining("config.Healthcheck.Retries is no whole number");
        assertThatThrownBy(() -> read("nothing"))
                .isInstanceOf(CorruptData.class)
                .hasMessageStartingWith("read image config: parse JSON: line 1");
    }
}
