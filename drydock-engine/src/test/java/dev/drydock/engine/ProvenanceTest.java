package dev.drydock.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.engine.Provenance.Asked;
import dev.drydock.engine.Provenance.Material;
import dev.drydock.frontend.BuildOptions;
import dev.drydock.frontend.BuildPlan;
import dev.drydock.frontend.DockerfileFrontend;
import dev.drydock.frontend.Frontend;
import dev.drydock.frontend.GitSource;
import dev.drydock.graph.Edge;
import dev.drydock.graph.FileAction;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.house.Requires;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Index;
import dev.drydock.oci.IndexJson;
import dev.drydock.oci.MediaTypes;
import dev.drydock.oci.Platform;
import dev.drydock.source.GitServer;
import dev.drydock.source.WebServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What builds say of where their results come from: the words are those of BuildKit's own provenance. */
class ProvenanceTest {
    @TempDir
    Path directory;

    private Drydock drydock;
    private Path project;

    @BeforeEach
    void open() throws IOException {
        project = Files.createDirectory(directory.resolve("project"));
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\nCOPY a /\n");
        Files.writeString(project.resolve("a"), "a");
    }

    @AfterEach
    void close() {
        if (drydock != null) {
            drydock.close();
        }
    }

    private Provenance built(BuildRequest request) throws InterruptedException {
        if (drydock == null) {
            Requires.root();
            drydock = Drydock.open(directory.resolve("store"));
        }
        return Objects.requireNonNull(drydock.build(request, _ -> {}).provenance());
    }

    private static BuildRequest with(BuildRequest request, String component, Object value) {
        return (BuildRequest) new RequestCopy(request).with(component, value);
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** By the rules of package-url's types docker and oci: what is usual of a name is left out, but for the tag. */
    @ParameterizedTest
    @CsvSource({
        "tools, linux/s390x, pkg:docker/tools@latest?platform=linux%2Fs390x",
        "tools:2.7, linux/riscv64, pkg:docker/tools@2.7?platform=linux%2Friscv64",
        "team/app:rc, linux/arm/v6, pkg:docker/team/app@rc?platform=linux%2Farm%2Fv6",
        "registry.test/a/b, linux/ppc64le, pkg:docker/registry.test/a/b@latest?platform=linux%2Fppc64le",
        "tools@D, linux/s390x, pkg:docker/tools?digest=D&platform=linux%2Fs390x",
        "tools:2@D, linux/s390x, pkg:docker/tools@2?digest=D&platform=linux%2Fs390x",
        "oci-layout.local/dir@D, linux/s390x, pkg:oci/dir?digest=D&platform=linux%2Fs390x",
    })
    void imagesHavePackageUrls(String reference, String platform, String url) {
        String digest = digest("x").toString();
        assertThat(ProvenanceCapture.packageUrl(
                        ImageRef.parse(reference.replace("D", digest)), Platform.parse(platform)))
                .isEqualTo(url.replace("D", digest));
    }

    @ParameterizedTest
    @CsvSource({
        "https://u:p@h/r.git#x@y, https://xxxxx:xxxxx@h/r.git#x@y",
        "https://token@h/r.git, https://xxxxx@h/r.git",
        "https://h/a?mail=x@y, https://h/a?mail=x@y",
        "git@h:o/r, git@h:o/r",
        "ssh://git@h/o/r, ssh://xxxxx@h/o/r",
        "--index-url https://u:p@h/ -f http://t@g/, --index-url https://xxxxx:xxxxx@h/ -f http://xxxxx@g/",
        "a=\"https://u:p@q@h\", a=\"https://xxxxx:xxxxx@h\"",
        "/https:/u:p@h/x, /https:/xxxxx:xxxxx@h/x",
        "/opt:/b@1 http://h/ me@h, /opt:/b@1 http://h/ me@h",
        "docker-image://x@sha256:0123456789012345678901234567890123456789012345678901234567890123,"
                + "docker-image://x@sha256:0123456789012345678901234567890123456789012345678901234567890123",
    })
    void whoAsksIsNotTold(String address, String told) {
        assertThat(UserInfo.masked(address)).isEqualTo(told);
    }

    @Test
    void aDirectoryAndWhatTheBuildIsToldAreNamed() throws Exception {
        BuildRequest request = with(BuildRequest.of(project), "buildArgs", Map.of("B", "2", "A", "1"));
        request = with(request, "labels", Map.of("l", "x"));
        request = with(request, "noCacheStages", Set.of("s", "t"));
        request = with(request, "namedContexts", new TreeMap<>(Map.of("Lib", new NamedSource.Directory(project))));
        Provenance told = built(request);
        assertThat(told)
                .isEqualTo(new Provenance(
                        null,
                        "Dockerfile",
                        Map.of(
                                "build-arg:A", "1",
                                "build-arg:B", "2",
                                "label:l", "x",
                                "no-cache", "s,t",
                                "context:lib", "local:lib"),
                        List.of(),
                        List.of(),
                        List.of("context", "dockerfile"),
                        List.of(),
                        false,
                        told.definition()));
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\nCOPY --from=lib a /\n");
        assertThat(built(request).locals()).containsExactly("context", "dockerfile", "lib");
    }

    @Test
    void repositoriesAndDownloadsAreMaterials() throws Exception {
        Requires.program("git");
        try (GitServer git = GitServer.start(directory.resolve("srv"));
                WebServer web = WebServer.start()) {
            Path work = git.repository("repo");
            Files.createDirectory(work.resolve("d"));
            Files.writeString(work.resolve("d/b"), "b");
            Files.writeString(work.resolve("d/Dockerfile"), "FROM scratch\nADD " + web.url("/f") + " /\nCOPY b /\n");
            String commit = git.commit(work, "all").strip();
            web.file("/f", "text");
            String url = git.url("repo.git");
            Material download =
                    new Material(web.url("/f"), "sha256", digest("text").hex());

            Provenance told = built(with(
                    BuildRequest.of(project),
                    "context",
                    new BuildContext.Repository(GitSource.parse(url + "#main:d"))));
            assertThat(told.source()).isEqualTo(new Material(url + "#main:d", "sha1", commit));
            assertThat(told.materials()).containsExactly(new Material(url + "#main", "sha1", commit), download);
            assertThat(told.locals()).isEmpty();

            Files.writeString(
                    project.resolve("Dockerfile"),
                    "FROM scratch\nADD " + url + " /r/\nADD " + web.url("/f").replace("://", "://me:pw@") + " /\n");
            told = built(BuildRequest.of(project));
            assertThat(told.source()).isNull();
            assertThat(told.materials())
                    .containsExactly(
                            new Material(url, "sha1", commit),
                            new Material(
                                    web.url("/f").replace("://", "://xxxxx:xxxxx@"),
                                    "sha256",
                                    digest("text").hex()));
            assertThat(built(BuildRequest.of(project))).as("a cached build").isEqualTo(told);

            web.file("/Dockerfile", "FROM scratch\nCOPY <<E /x\nE\n");
            told = built(with(BuildRequest.of(project), "context", new BuildContext.Web(web.url("/Dockerfile"))));
            assertThat(told.materials()).containsExactly(Objects.requireNonNull(told.source()));
            assertThat(told.source().uri()).isEqualTo(web.url("/Dockerfile"));
        }
    }

    @Test
    void aBaseIsNamedAsItsRegistryNamesIt() throws Exception {
        Requires.root();
        try (PullingStore store = new PullingStore(directory)) {
            Descriptor manifest = store.remote.image("base", "one", Platform.host(), RemoteImages.threeLayers());
            Digest index = store.remote.fake.manifest(
                    "base", "1", MediaTypes.OCI_INDEX, IndexJson.write(new Index(List.of(manifest))));
            Files.writeString(project.resolve("Dockerfile"), "FROM " + store.remote.name("base:1") + "\nCOPY a /\n");
            Material material = new Material(
                    "pkg:docker/" + store.remote.fake.host() + "/base@1?platform="
                            + Platform.host().toString().replace("/", "%2F"),
                    "sha256",
                    index.hex());
            for (int i = 0; i < 2; i++) {
                assertThat(Objects.requireNonNull(store.drydock
                                        .build(BuildRequest.of(project), _ -> {})
                                        .provenance())
                                .materials())
                        .containsExactly(material);
            }
        }
    }

    private static final ProvenanceCapture.Pins NOTHING_KNOWN = new ProvenanceCapture.Pins() {
        @Override
        public Optional<String> commit(Op.Git op) {
            return Optional.empty();
        }

        @Override
        public Optional<Digest> download(Op.Http op) {
            return Optional.empty();
        }

        @Override
        public Digest image(Digest manifest) {
            return manifest;
        }

        @Override
        public Optional<Material> context() {
            return Optional.empty();
        }
    };

    @Test
    void secretsAreAskedForByName() throws Exception {
        Files.writeString(
                project.resolve("Dockerfile"),
                "FROM scratch AS unused\nRUN --mount=type=secret,id=never x\n"
                        + "FROM scratch\nCOPY a /\nRUN --mount=type=secret,id=one --mount=type=ssh x\n");
        Provenance told = planned(BuildOptions.defaults(Platform.host()), List.of());
        assertThat(told.secrets()).containsExactly(new Asked("one", true));
        assertThat(told.agents()).containsExactly(new Asked("default", true));
        assertThat(told.network()).isTrue();
    }

    /** The provenance of a plan for the project's Dockerfile, as if these were the layers of its image. */
    private Provenance planned(BuildOptions options, List<Descriptor> layers) throws Exception {
        Frontend.Definition file =
                new Frontend.Definition("Dockerfile", Files.readString(project.resolve("Dockerfile")));
        BuildPlan plan = new DockerfileFrontend().plan(file, options, _ -> List.of(), _ -> {});
        return ProvenanceCapture.of(BuildRequest.of(project), plan, file, layers, NOTHING_KNOWN);
    }

    private static List<Descriptor> layers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Descriptor(MediaTypes.OCI_LAYER_TAR, digest("layer " + i), i))
                .toList();
    }

    private static final String FOUR_STEPS = "FROM scratch AS unused\nCOPY a /never\n"
            + "FROM scratch AS lib\nCOPY a /lib\n"
            + "FROM scratch\nCOPY a /\nCOPY --from=lib \\\n  /lib /\nRUN x\n";

    @Test
    void theStepsThatTheResultNeedsAreToldWithTheirPlaces() throws Exception {
        Files.writeString(project.resolve("Dockerfile"), FOUR_STEPS);
        Provenance.Definition told =
                planned(BuildOptions.defaults(Platform.host()), List.of()).definition();
        assertThat(told.text()).isEqualTo(FOUR_STEPS);
        assertThat(told.file()).isEqualTo("Dockerfile");
        List<String> lines = told.steps().stream()
                .map(step -> told.places().get(step.digest()))
                .map(place -> place == null ? "-" : place.startLine() + "-" + place.endLine())
                .toList();
        assertThat(lines).containsExactlyInAnyOrder("-", "4-4", "6-6", "7-8", "9-9");
        assertThat(lines.getLast()).isEqualTo("9-9");
        Set<Digest> seen = new HashSet<>();
        for (Vertex step : told.steps()) {
            assertThat(seen)
                    .containsAll(step.inputs().stream().map(Edge::vertex).toList());
            seen.add(step.digest());
        }
        assertThat(told.layers()).isEmpty();
    }

    @Test
    void eachStepOfTheResultHasItsLayers() throws Exception {
        Files.writeString(project.resolve("Dockerfile"), FOUR_STEPS);
        List<Descriptor> layers = layers(3);
        Provenance.Definition told =
                planned(BuildOptions.defaults(Platform.host()), layers).definition();
        Map<Integer, List<Descriptor>> byLine = new TreeMap<>();
        told.layers()
                .forEach((step, chain) -> byLine.put(
                        Objects.requireNonNull(told.places().get(step)).startLine(), chain));
        assertThat(byLine).isEqualTo(Map.of(6, layers.subList(0, 1), 7, layers.subList(0, 2), 9, layers));
        assertThat(planned(BuildOptions.defaults(Platform.host()), layers(4))
                        .definition()
                        .layers())
                .as("layers that the steps do not explain")
                .isEmpty();
        assertThat(planned(BuildOptions.defaults(Platform.host()), layers(2))
                        .definition()
                        .layers())
                .as("fewer than the steps make")
                .isEmpty();
    }

    @Test
    void aLinkedCopyHasItsLayerAlone() throws Exception {
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\nCOPY a /\nCOPY --link a /b\n");
        List<Descriptor> layers = layers(2);
        Provenance.Definition told =
                planned(BuildOptions.defaults(Platform.host()), layers).definition();
        assertThat(told.layers().values())
                .containsExactlyInAnyOrder(layers, layers.subList(0, 1), layers.subList(1, 2));
        assertThat(told.layers().get(told.steps().getLast().digest())).isEqualTo(layers);
    }

    @Test
    void passwordsOfAddressesAreInNoStep() throws Exception {
        String address = "http://me:word@proxy.test:3128/";
        Files.writeString(
                project.resolve("Dockerfile"),
                "FROM scratch\nARG MIRROR\nADD http://me:word@h.test/f /\nADD https://me:word@h.test/r.git /\nRUN x\n");
        BuildOptions usual = BuildOptions.defaults(Platform.host());
        Map<String, String> arguments = Map.of("HTTP_PROXY", address, "MIRROR", address);
        BuildOptions options = new BuildOptions(
                null,
                arguments,
                Map.of(),
                usual.buildPlatform(),
                usual.targetPlatform(),
                List.of(),
                false,
                Set.of(),
                usual.networkMode(),
                List.of(),
                List.of(),
                0,
                null,
                usual.contexts());
        Provenance told = planned(options, List.of());
        assertThat(told.definition().steps().toString())
                .contains(
                        "http://xxxxx:xxxxx@proxy.test:3128/", "MIRROR=http://xxxxx:xxxxx@proxy.test", "@h.test/r.git")
                .doesNotContain("word");
        BuildRequest request = with(BuildRequest.of(project), "buildArgs", arguments);
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\nARG MIRROR\nCOPY a /\n");
        assertThat(built(request).arguments().toString()).doesNotContain("word");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RUN --mount=type=cache,target=/c,id=$A x",
                "RUN [\"get\", \"https://me:word@h.test/\"]",
                "RUN get https://me:word@h.test/",
                "RUN <<E\nget https://me:word@h.test/\nE",
                "ENV O=\"--from $A\"\nRUN x",
                "COPY <<E /f\nget $A \u00e9\nE",
                "COPY a $A",
                "COPY --from=lib /$A /",
                "COPY --exclude=https://me:word@h.test/ a /",
                "WORKDIR $A\nRUN x",
                "ADD $A /",
            })
    void aPasswordIsInNoStepWhereverItStands(String lines) throws Exception {
        Files.writeString(
                project.resolve("Dockerfile"),
                "FROM scratch AS lib\nCOPY a /\nFROM scratch\nARG A=https://me:word@h.test/x\n" + lines + "\n");
        Provenance told = planned(BuildOptions.defaults(Platform.host()), List.of());
        StringBuilder all = new StringBuilder();
        for (Vertex step : told.definition().steps()) {
            all.append(step);
            if (step.op() instanceof Op.Files files) {
                for (FileAction action : files.actions()) {
                    if (action instanceof FileAction.MakeFile made) {
                        all.append(new String(made.data().bytes(), StandardCharsets.UTF_8));
                    }
                }
            }
        }
        assertThat(all.toString()).contains("xxxxx:xxxxx@h.test").doesNotContain("word");
    }

    @Test
    void aPasswordIsInNoArgument() throws Exception {
        BuildRequest request =
                with(BuildRequest.of(project), "buildArgs", Map.of("PIP_ARGS", "--index-url https://me:word@h.test/"));
        request = with(request, "labels", Map.of("from", "see https://me:word@h.test/"));
        assertThat(built(request).arguments())
                .containsEntry("build-arg:PIP_ARGS", "--index-url https://xxxxx:xxxxx@h.test/")
                .containsEntry("label:from", "see https://xxxxx:xxxxx@h.test/");
    }

    @Test
    void anImagesOwnLayersAreNamed() throws Exception {
        Requires.root();
        try (PullingStore store = new PullingStore(directory)) {
            Descriptor manifest = store.remote.image("base", "one", Platform.host(), RemoteImages.threeLayers());
            Digest index = store.remote.fake.manifest(
                    "base", "1", MediaTypes.OCI_INDEX, IndexJson.write(new Index(List.of(manifest))));
            String base = store.remote.name("base:1").toString();
            Files.writeString(project.resolve("Dockerfile"), "FROM " + base + "\nCOPY a /\n");
            BuildResult made = store.drydock.build(BuildRequest.of(project), _ -> {});
            Provenance.Definition told =
                    Objects.requireNonNull(made.provenance()).definition();
            List<Descriptor> layers = Objects.requireNonNull(made.image()).layers();
            assertThat(layers).hasSize(4);
            assertThat(told.layers().values()).containsExactlyInAnyOrder(layers, layers.subList(0, 3));
            assertThat(told.steps().stream().map(Vertex::op).filter(Op.Image.class::isInstance))
                    .singleElement()
                    .isEqualTo(new Op.Image(base + "@" + index, manifest.digest(), Platform.host()));
        }
    }
}
