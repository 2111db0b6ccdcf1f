package dev.drydock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.engine.BuildResult;
import dev.drydock.engine.Provenance;
import dev.drydock.engine.Provenance.Asked;
import dev.drydock.engine.Provenance.Material;
import dev.drydock.fault.SourceRange;
import dev.drydock.graph.Edge;
import dev.drydock.graph.FileAction;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.JsonValue;
import dev.drydock.oci.MediaTypes;
import dev.drydock.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
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

    private static final Vertex BASE = Vertex.of(
            new Op.Image(
                    "docker.io/library/busybox:1.37@" + Screenplay.id(5),
                    Screenplay.id(6),
                    new Platform("linux", "amd64")),
            List.of());
    private static final Vertex DIRECTORY = Vertex.of(
            new Op.Files(List.of(new FileAction.MakeDirectory(0, 0, "/d", 0755, true, null, -1))),
            List.of(new Edge(BASE.digest(), 0)));
    private static final Descriptor LAYER = new Descriptor(MediaTypes.OCI_LAYER_TAR, Screenplay.id(7), 10);
    private static final Provenance.Definition DEFINITION = new Provenance.Definition(
            List.of(BASE, DIRECTORY),
            "Dockerfile",
            "FROM busybox:1.37\nWORKDIR \\\n /d\n",
            Map.of(DIRECTORY.digest(), SourceRange.lines("Dockerfile", 2, 3)),
            Map.of(BASE.digest(), List.of(LAYER)));

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
                false,
                DEFINITION));
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

    @Test
    void theStepsAreThereWhenAskedFor() throws Exception {
        play.environment.put("BUILDX_METADATA_PROVENANCE", "max");
        JsonValue.Obj told = (JsonValue.Obj) written().get(KEY);
        assertThat(told.members().keySet())
                .containsExactly("builder", "buildType", "materials", "invocation", "buildConfig", "metadata");
        Map<String, String> mapping = new TreeMap<>(
                Map.of(BASE.digest().toString(), "step0", DIRECTORY.digest().toString(), "step1"));
        assertThat(((JsonValue.Obj) told.get("buildConfig")).compact())
                .isEqualTo("{\"llbDefinition\":[{\"id\":\"step0\",\"op\":{\"Op\":{\"source\":{\"identifier\":"
                        + "\"docker-image://docker.io/library/busybox:1.37@" + Screenplay.id(5) + "\"}},"
                        + "\"platform\":{\"Architecture\":\"amd64\",\"OS\":\"linux\"}}},"
                        + "{\"id\":\"step1\",\"op\":{\"Op\":{\"file\":{\"actions\":[{\"input\":0,\"secondaryInput\":-1,"
                        + "\"output\":0,\"Action\":{\"mkdir\":{\"path\":\"/d\",\"mode\":493,\"makeParents\":true,"
                        + "\"timestamp\":-1}}}]}}},\"inputs\":[\"step0:0\"]},"
                        + "{\"id\":\"step2\",\"op\":{\"Op\":{}},\"inputs\":[\"step1:0\"]}],"
                        + "\"digestMapping\":{"
                        + mapping.entrySet().stream()
                                .map(each -> "\"" + each.getKey() + "\":\"" + each.getValue() + "\"")
                                .collect(Collectors.joining(","))
                        + "}}");
        JsonValue.Obj metadata = (JsonValue.Obj) told.get("metadata");
        assertThat(((JsonValue.Obj) metadata.get("https://mobyproject.org/buildkit@v1#metadata")).compact())
                .isEqualTo("{\"source\":{\"locations\":{\"step1\":{\"locations\":[{\"ranges\":["
                        + "{\"start\":{\"line\":2},\"end\":{\"line\":2}},{\"start\":{\"line\":3},\"end\":{\"line\":3}}]}]}},"
                        + "\"infos\":[{\"filename\":\"Dockerfile\",\"language\":\"Dockerfile\",\"data\":\""
                        + Base64.getEncoder().encodeToString(DEFINITION.text().getBytes(StandardCharsets.UTF_8))
                        + "\"}]},\"layers\":{\"step0:0\":[[{\"mediaType\":\"" + LAYER.mediaType() + "\",\"digest\":\""
                        + LAYER.digest() + "\",\"size\":10}]]}}");
    }

    /** Files of this host have no digest that others could look for. */
    @Test
    void withLocalFilesTheMaterialsAreNotComplete() throws Exception {
        provenance(new Provenance(
                null,
                "Dockerfile",
                Map.of(),
                List.of(),
                List.of(),
                List.of("context", "dockerfile"),
                List.of(),
                true,
                new Provenance.Definition(List.of(), "Dockerfile", "FROM scratch\n", Map.of(), Map.of())));
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
