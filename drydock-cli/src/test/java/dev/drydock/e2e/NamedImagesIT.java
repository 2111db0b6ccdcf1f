package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.e2e.Command.Outcome;
import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Named contexts that are images, of a registry or of a directory, built from and checked. */
class NamedImagesIT {
    private static Store store;
    private static Registry registry;
    private static Path project;
    private static Path layout;
    private static String remote;
    private static String digest;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        Requires.program("docker-registry");
        Requires.program("skopeo");
        store = Store.create();
        registry = Registry.start(store.directory("registry"));
        remote = registry.host() + "/team/base";
        Path made = store.directory("made");
        Files.writeString(
                made.resolve("Dockerfile"),
                "FROM scratch\nCOPY <<EOF /which\nthe registry's\nEOF\nENV WHICH=registry\n");
        store.drydock("build", "-q", "--push", "-t", remote + ":1", made.toString())
                .run()
                .ok();
        store.drydock("rmi", remote + ":1").run().ok();
        digest = Command.of(
                        "skopeo", "inspect", "--tls-verify=false", "--format={{.Digest}}", "docker://" + remote + ":1")
                .run()
                .ok()
                .out()
                .strip();
        layout = store.directory("layouts").resolve("one");
        Command.of(
                        "skopeo",
                        "copy",
                        "-q",
                        "--src-tls-verify=false",
                        "docker://" + remote + ":1",
                        "oci:" + layout + ":v1")
                .run()
                .ok();
        project = store.directory("project");
        Files.writeString(project.resolve("Dockerfile"), "FROM base\nCOPY --from=base /which /copy-of-$WHICH\n");
        Files.writeString(project.resolve("which"), "the project's\n");
    }

    @AfterAll
    static void close() throws Exception {
        if (registry != null) {
            registry.close();
        }
        if (store != null) {
            store.close();
        }
    }

    private static Outcome build(String... flags) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("build", "--progress=plain"));
        words.addAll(List.of(flags));
        words.add(project.toString());
        return store.drydock(words.toArray(String[]::new))
                .in(layout.getParent())
                .run();
    }

    /** The files of a result by name, with what is in them. */
    private static List<String> files(String... flags) throws IOException, InterruptedException {
        Path out = store.directory("out-" + System.nanoTime());
        List<String> words = new ArrayList<>(List.of(flags));
        words.addAll(List.of("-o", "type=local,dest=" + out));
        build(words.toArray(String[]::new)).ok();
        List<String> files = new ArrayList<>();
        try (var all = Files.list(out)) {
            for (Path file : all.sorted().toList()) {
                files.add(file.getFileName() + ": " + Files.readString(file).strip());
            }
        }
        return files;
    }

    @Test
    void anImageOfARegistryOrALayoutStandsForABase() throws Exception {
        for (String context : List.of(
                "docker-image://" + remote + ":1",
                "docker-image://" + remote + "@" + digest,
                "oci-layout://" + layout + ":v1",
                "oci-layout://" + layout + "@" + digest,
                "oci-layout://one:v1@" + digest,
                "oci-layout://" + layout)) {
            assertThat(files("--build-context", "base=" + context))
                    .as(context)
                    .containsExactly("copy-of-registry: the registry's", "which: the registry's");
        }
    }

    @Test
    void whatIsNotThereIsNamed() throws Exception {
        String zeros = "sha256:" + "0".repeat(64);
        for (List<String> each : List.of(
                List.of("docker-image://" + remote + ":2", remote + ":2: not found", "Dockerfile:1"),
                List.of(
                        "oci-layout://one:v2",
                        "open OCI layout " + layout + ": it has no image v2",
                        "hint: It has v1."),
                List.of(
                        "oci-layout://one@" + zeros,
                        "read " + zeros + " of OCI layout " + layout + ": it is not there"),
                List.of("oci-layout://one@sha256:12", "open OCI layout one: parse digest sha256:12: invalid checksum"),
                List.of("oci-layout://none:v1", "open OCI layout " + layout.resolveSibling("none") + ": it has no"))) {
            Outcome failed = build("--build-context", "base=" + each.getFirst());
            assertThat(failed.exit()).as(each.getFirst()).isEqualTo(1);
            assertThat(failed.err()).contains(each.subList(1, each.size()));
        }
    }

    @Test
    void aContextForAPlatformStandsBeforeTheOneForAll() throws Exception {
        Path arm = store.directory("arm");
        Files.writeString(arm.resolve("which"), "for arm64\n");
        Path dockerfile = store.directory("dockerfiles").resolve("platforms");
        Files.writeString(
                dockerfile,
                "FROM --platform=linux/arm64 base AS arm\nFROM scratch\nCOPY --from=arm /which /arm\n"
                        + "COPY --from=base /which /here\n");
        String image = "docker-image://" + remote + ":1";
        assertThat(files(
                        "-f", dockerfile.toString(),
                        "--build-context", "base::linux/arm64=" + arm,
                        "--build-context", "base=" + image))
                .containsExactly("arm: for arm64", "here: the registry's");
        assertThat(files(
                        "-f", dockerfile.toString(),
                        "--build-context", "BASE:latest::linux/arm64=" + arm,
                        "--build-context", "base=" + project))
                .containsExactly("arm: for arm64", "here: the project's");
    }

    @Test
    void aCheckLooksAtLayoutsAlwaysAndAtRegistriesWhenItPulls() throws Exception {
        String image = "docker-image://" + remote + ":1";
        Outcome unseen = build("--check", "--build-context", "base=" + image).ok();
        assertThat(unseen.out()).contains("no warnings found");
        assertThat(unseen.err()).contains("note: the base image " + remote + ":1 was not looked at");
        for (String[] flags : new String[][] {
            {"--check", "--pull", "--build-context", "base=" + image},
            {"--check", "--build-context", "base=oci-layout://" + layout + ":v1"},
            {"--check", "--pull", "--build-context", "base=oci-layout://" + layout + "@" + digest}
        }) {
            Outcome seen = build(flags).ok();
            assertThat(seen.out()).contains("no warnings found");
            assertThat(seen.err()).doesNotContain("was not looked at");
        }
        Outcome missing = build("--check", "--pull", "--build-context", "base=docker-image://" + remote + ":2");
        assertThat(missing.exit()).isEqualTo(1);
        assertThat(missing.err())
                .contains("ERROR: " + remote + ":2: failed to resolve")
                .contains("Dockerfile:1");
    }

    /** What a check knows of a base image it takes from there: here its variables. */
    @Test
    void aCheckKnowsTheVariablesOfABaseThatItPulls() throws Exception {
        Path dockerfile = store.directory("dockerfiles").resolve("variables");
        Files.writeString(dockerfile, "FROM " + remote + ":1\nCOPY which /$WHICH$WITCH\n");
        Outcome checked = build("--check", "--pull", "-f", dockerfile.toString());
        assertThat(checked.exit()).isEqualTo(1);
        assertThat(checked.out())
                .contains("Check complete, 1 warning has been found!")
                .contains("Usage of undefined variable '$WITCH' (did you mean $WHICH?)");
        assertThat(store.drydock("images", "-q").run().ok().out())
                .as("a check leaves nothing in the store")
                .isEmpty();
    }
}
