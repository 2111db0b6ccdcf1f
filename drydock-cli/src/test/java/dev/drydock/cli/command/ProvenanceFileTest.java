package dev.drydock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.engine.BuildResult;
import dev.drydock.engine.Provenance;
import dev.drydock.engine.Provenance.Asked;
import dev.drydock.engine.Provenance.Material;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.JsonValue;
import dev.drydock.oci.MediaTypes;
import dev.drydock.oci.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Provenance in {@code --metadata-file}, as buildx writes what BuildKit recorded. */
class ProvenanceFileTest {
    private static final String KEY = "buildx.build.provenance";
    private static final Material GIT =
            new Material("https://h/r.git#v1", "sha1", "0123456789012345678901234567890123456789");

    private final Screenplay play = new Screenplay();

    @TempDir
    Path project;

    @BeforeEach
    void here() throws Exception {
        play.directory = project;
        Files.writeString(project.resolve("Dockerfile"), "FROM busybox:1.37\n");
        provenance(new Provenance(
                GIT,
                "sub/Dockerfile",
                Map.of("build-arg:A", "1", "target", "t"),
                List.of(new Asked("must", false), new Asked("may", true)),
                List.of(new Asked("default", true)),
                List.of(),
                List.of(new Material("pkg:docker/busybox@1.37?platform=linux%2Famd64", "sha256", "ab".repeat(32)), GIT),
                false));
    }

    private void provenance(Provenance provenance) {
        play.builder = (_, _) -> BuildResult.of(
                        Screenplay.id(1), new Descriptor(MediaTypes.OCI_MANIFEST, Screenplay.id(13), 855), List.of())
                .from(provenance);
    }

    private JsonValue.Obj written() throws Exception {
        assertThat(play.run("build", "-q", "--metadata-file", "md.json", "."))
                .as(play.err)
                .isZero();
        return (JsonValue.Obj) JsonValue.parse(Files.readAllBytes(project.resolve("md.json")));
    }

    @Test
    void theLeastIsTheUsual() throws Exception {
        JsonValue.Obj all = written();
        assertThat(all.members().keySet()).startsWith(KEY, "buildx.build.ref");
        assertThat(((JsonValue.Obj) all.get(KEY)).compact())
                .isEqualTo("{\"builder\":{\"id\":\"\"},\"buildType\":\"https://mobyproject.org/buildkit@v1\","
                        + "\"materials\":[{\"uri\":\"pkg:docker/busybox@1.37?platform=linux%2Famd64\","
                        + "\"digest\":{\"sha256\":\"" + "ab".repeat(32) + "\"}},"
                        + "{\"uri\":\"https://h/r.git#v1\",\"digest\":{\"sha1\":\"" + GIT.hex() + "\"}}],"
                        + "\"invocation\":{\"configSource\":{\"uri\":\"https://h/r.git#v1\",\"digest\":{\"sha1\":\""
                        + GIT.hex() + "\"},\"entryPoint\":\"sub/Dockerfile\"},"
                        + "\"parameters\":{\"frontend\":\"dockerfile.v0\",\"args\":{\"build-arg:A\":\"1\",\"target\":\"t\"},"
                        + "\"secrets\":[{\"id\":\"must\"},{\"id\":\"may\",\"optional\":true}],"
                        + "\"ssh\":[{\"id\":\"default\",\"optional\":true}],\"compatibilityVersion\":30},"
                        + "\"environment\":{\"dockerfileVersion\":\"1.26.0\",\"platform\":\"" + Platform.host()
                        + "\"}}}");
    }

    @Test
    void whatTheBuildTookIsThereWhenAskedFor() throws Exception {
        play.environment.put("BUILDX_METADATA_PROVENANCE", "max");
        JsonValue.Obj all = written();
        JsonValue.Obj metadata = (JsonValue.Obj) ((JsonValue.Obj) all.get(KEY)).get("metadata");
        assertThat(metadata.members().keySet())
                .containsExactly(
                        "buildInvocationID",
                        "buildStartedOn",
                        "buildFinishedOn",
                        "completeness",
                        "reproducible",
                        "https://mobyproject.org/buildkit@v1#metadata",
                        "https://mobyproject.org/buildkit@v1#hermetic");
        assertThat(metadata.compact())
                .contains("\"completeness\":{\"parameters\":true,\"environment\":true,\"materials\":true}")
                .contains("\"reproducible\":false");
        String ref = all.compact().replaceFirst(".*\"buildx.build.ref\":\"default/default/([0-9a-f]+)\".*", "$1");
        assertThat(metadata.compact()).contains("\"buildInvocationID\":\"" + ref + "\"");
    }

    /** Files of this host have no digest that others could look for. */
    @Test
    void withLocalFilesTheMaterialsAreNotComplete() throws Exception {
        provenance(new Provenance(
                null, "Dockerfile", Map.of(), List.of(), List.of(), List.of("context", "dockerfile"), List.of(), true));
        play.environment.put("BUILDX_METADATA_PROVENANCE", "max");
        assertThat(((JsonValue.Obj) written().get(KEY)).compact())
                .contains("\"invocation\":{\"configSource\":{\"entryPoint\":\"Dockerfile\"},"
                        + "\"parameters\":{\"frontend\":\"dockerfile.v0\","
                        + "\"locals\":[{\"name\":\"context\"},{\"name\":\"dockerfile\"}],")
                .contains("\"materials\":false}")
                .doesNotContain("hermetic")
                .doesNotContain("\"materials\":[");
    }

    @ParameterizedTest
    @ValueSource(strings = {"disabled", "false", "0", "F"})
    void itCanBeLeftOut(String amount) throws Exception {
        play.environment.put("BUILDX_METADATA_PROVENANCE", amount);
        assertThat(written().members().keySet()).doesNotContain(KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"min", "", "true", "whatever"})
    void anythingElseIsTheUsual(String amount) throws Exception {
        play.environment.put("BUILDX_METADATA_PROVENANCE", amount);
        assertThat(((JsonValue.Obj) written().get(KEY)).members().keySet())
                .containsExactly("builder", "buildType", "materials", "invocation");
    }
}
