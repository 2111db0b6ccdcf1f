package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.drydock.e2e.Command.Outcome;
import dev.drydock.e2e.SavedImage.Entry;
import dev.drydock.house.Requires;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What builders often get wrong, by the numbers of the reference's list: those that need a build or a command. The others
 * are in {@code OftenWrongTest}.
 */
class OftenWrongIT {
    private static Store store;
    private static Path context;
    private static Map<String, Entry> together;

    /** What a tree can show of, in one build. */
    private static final String TOGETHER = """
            FROM busybox:1.37
            COPY dir /n15/x
            COPY dir /n15/y/
            RUN mkdir /n16
            COPY f /n16
            COPY nope* /n17/
            ADD a.tgz /n20
            COPY --chown=55 f /n22
            RUN <<EOF
            false
            echo on > /n24
            EOF
            VOLUME /n50
            RUN mkdir /n50 && echo x > /n50/kept
            USER 1000
            WORKDIR /n34
            """;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        for (String program : List.of("runc", "busybox", "tar")) {
            Requires.program(program);
        }
        store = Store.create().withBusybox();
        context = store.directory("context");
        Files.createDirectories(context.resolve("dir/sub"));
        Files.writeString(context.resolve("f"), "f\n");
        Files.writeString(context.resolve("dir/a"), "a\n");
        Files.writeString(context.resolve("dir/sub/b"), "b\n");
        Files.writeString(context.resolve("a.tgz"), "not an archive\n");
        together = files(TOGETHER);
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    private static Outcome build(String dockerfile, String... flags) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("build", "--progress=plain", "-t", "wrong:1", "-f", "-"));
        words.addAll(List.of(flags));
        words.add(".");
        return store.drydock(words.toArray(String[]::new))
                .in(context)
                .stdin(dockerfile)
                .run();
    }

    /** The entries of the layers above busybox's, in one tree. */
    private static Map<String, Entry> files(String dockerfile, String... flags) throws Exception {
        Map<String, Entry> files = new TreeMap<>();
        image(dockerfile, flags).layers().stream()
                .filter(layer -> !layer.containsKey("bin/busybox"))
                .forEach(files::putAll);
        return files;
    }

    private static SavedImage image(String dockerfile, String... flags) throws Exception {
        build(dockerfile, flags).ok();
        Path archive = store.directory("saved").resolve("wrong.tar");
        store.drydock("save", "-o", archive.toString(), "wrong:1").run().ok();
        return SavedImage.read(archive);
    }

    @Test
    void n15TheContentsOfADirectoryAreCopiedWithAndWithoutASlash() {
        assertThat(together)
                .containsKeys("n15/x/a", "n15/x/sub/b", "n15/y/a", "n15/y/sub/b")
                .doesNotContainKeys("n15/x/dir", "n15/y/dir");
    }

    @Test
    void n16AFileGoesIntoADirectoryThatIsThere() {
        assertThat(together).containsKey("n16/f");
    }

    @Test
    void n17APatternWithoutAMatchCopiesNothing() {
        assertThat(together.keySet()).noneMatch(path -> path.startsWith("n17/"));
    }

    @Test
    void n18AFileThatIsNotThereIsAFault() throws Exception {
        Outcome outcome = build("FROM scratch\nCOPY nope /x/\n");
        assertThat(outcome.exit()).isOne();
        assertThat(outcome.err()).contains("\"/nope\": not found");
    }

    @Test
    void n19DotsDoNotLeaveTheContext() throws Exception {
        Outcome outcome = build("FROM scratch\nCOPY ../../etc/passwd /x\n");
        assertThat(outcome.exit()).isOne();
        assertThat(outcome.err()).contains("\"/etc/passwd\": not found");
    }

    @Test
    void n20AnArchiveIsKnownByItsContent() {
        assertThat(together.get("n20").type()).isEqualTo('-');
    }

    @Test
    void n21ADownloadedArchiveIsNotUnpacked() throws Exception {
        Command.of("tar", "-czf", context.resolve("served.tgz").toString(), "-C", context.toString(), "dir")
                .run()
                .ok();
        byte[] served = Files.readAllBytes(context.resolve("served.tgz"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/a.tgz", exchange -> {
            exchange.sendResponseHeaders(200, exchange.getRequestMethod().equals("HEAD") ? -1 : served.length);
            try (var body = exchange.getResponseBody()) {
                if (!exchange.getRequestMethod().equals("HEAD")) {
                    body.write(served);
                }
            }
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/a.tgz";
            Map<String, Entry> files = files("FROM scratch\nADD " + url + " /d/\n");
            assertThat(files.keySet()).containsExactly("d", "d/a.tgz");
            assertThat(files.get("d/a.tgz").mode()).isEqualTo("0600");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void n22AUserNumberAloneIsTheGroupToo() {
        assertThat(together.get("n22").owner()).isEqualTo("55:55");
    }

    @Test
    void n24AHeredocGoesOnAfterAFailure() {
        assertThat(together).containsKey("n24");
    }

    @Test
    void n25AQuotedDelimiterKeepsVariablesAsTheyAre() throws Exception {
        assertThat(build("""
                        FROM busybox:1.37
                        ENV A=set
                        COPY <<"EOF" /x
                        [$A]
                        EOF
                        COPY <<EOF /y
                        [$A]
                        EOF
                        RUN cat /x /y
                        """).ok().err()).contains(" [$A]\n").contains(" [set]\n");
    }

    @Test
    void n26ADashTakesTabsAndLeavesBlanks() throws Exception {
        assertThat(build("FROM busybox:1.37\nCOPY <<-EOF /x\n\t\t|tab\n\t  |blank\n\tEOF\nRUN sed 's/^/>/' /x\n")
                        .ok()
                        .err())
                .contains(" >|tab\n")
                .contains(" >  |blank\n");
    }

    @Test
    void n27CacheMountsOfTwoOwnersAreTwoCaches() throws Exception {
        assertThat(build("""
                        FROM busybox:1.37
                        RUN --mount=type=cache,target=/c,uid=5 touch /c/of-five
                        RUN --mount=type=cache,target=/c,uid=6 ls -A /c | wc -l; stat -c 'owner %u' /c
                        """).ok().err()).contains(" 0\n").contains(" owner 6\n");
    }

    @Test
    void n28AnOptionalSecretMayBeMissing() throws Exception {
        assertThat(build(
                                "FROM busybox:1.37\nRUN --mount=type=secret,id=none test ! -e /run/secrets/none && echo fine\n")
                        .ok()
                        .err())
                .contains(" fine\n");
    }

    @Test
    void n29APatternIsAnchoredAtTheRoot() throws Exception {
        Path project = project("foo\n", "foo", "sub/foo");
        assertThat(listed(project, "Dockerfile")).contains("sub/foo").doesNotContain("foo");
    }

    @Test
    void n30WhatIsTakenBackIsAllThereIs() throws Exception {
        Path project = project("*\n!a/b\n", "a/b", "a/c", "d");
        assertThat(listed(project, "Dockerfile")).containsExactly("a", "a/b");
    }

    @Test
    void n31TheDockerfilesOwnIgnoreFileIsTheOnlyOne() throws Exception {
        Path project = project("kept\n", "kept", "dropped");
        Files.copy(project.resolve("Dockerfile"), project.resolve("X.Dockerfile"));
        Files.writeString(project.resolve("X.Dockerfile.dockerignore"), "dropped\n*ockerfile*\n.dockerignore\n");
        assertThat(listed(project, "X.Dockerfile")).containsExactly("kept");
    }

    private static Path project(String ignore, String... files) throws IOException {
        Path project = Files.createTempDirectory(store.directory("projects"), "p");
        Files.writeString(project.resolve("Dockerfile"), "FROM scratch\nCOPY . /\n");
        Files.writeString(project.resolve(".dockerignore"), ignore);
        for (String file : files) {
            Files.createDirectories(project.resolve(file).getParent());
            Files.writeString(project.resolve(file), file);
        }
        return project;
    }

    private static List<String> listed(Path project, String dockerfile) throws Exception {
        store.drydock("build", "-q", "-t", "wrong:1", "-f", dockerfile, ".")
                .in(project)
                .run()
                .ok();
        Path archive = store.directory("saved").resolve("wrong.tar");
        store.drydock("save", "-o", archive.toString(), "wrong:1").run().ok();
        return List.copyOf(SavedImage.read(archive).layers().getFirst().keySet());
    }

    @Test
    void n34AWorkdirBelongsToTheUser() {
        assertThat(together.get("n34").owner()).isEqualTo("1000:1000");
    }

    @Test
    void n37ATriggerFiresInTheChildOnly() throws Exception {
        SavedImage image = image("""
                FROM busybox:1.37 AS parent
                ONBUILD RUN echo x >> /fired
                FROM parent AS child
                FROM child
                RUN test "$(cat /fired)" = x
                """);
        assertThat(image.text()).doesNotContain("OnBuild").containsOnlyOnce("echo x >> /fired");
    }

    @Test
    void n39AnImageOfTwoRepositoriesIsNotRemovedByItsId() throws Exception {
        String id = build("FROM scratch\nLABEL n=39\n", "-q", "--progress=auto", "-t", "thirty:1", "-t", "nine:1")
                .ok()
                .out()
                .strip();
        store.drydock("rmi", "wrong:1").run().ok();
        Outcome refused = store.drydock("rmi", id).run();
        assertThat(refused.exit()).isOne();
        assertThat(refused.err()).contains("conflict").contains("must be forced");
        store.drydock("rmi", "-f", id).run().ok();
        assertThat(store.drydock("images", "-q", "thirty").run().ok().out()).isEmpty();
    }

    @Test
    void n40ATagHasLowerCaseRepositories() throws Exception {
        Outcome outcome = store.drydock("tag", "busybox:1.37", "B:1").run();
        assertThat(outcome.exit()).isOne();
        assertThat(outcome.err()).contains("repository name (library/B) must be lowercase");
    }

    @Test
    void n41ImagesLsIsAHintAndNoFault() throws Exception {
        Outcome outcome = store.drydock("images", "ls").run();
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.err()).contains("No images found matching \"ls\": did you mean \"drydock image ls\"?");
    }

    @Test
    void n42NoCacheAndItsFilterExcludeEachOther() throws Exception {
        Outcome outcome = build("FROM scratch\n", "--no-cache", "--no-cache-filter", "s");
        assertThat(outcome.exit()).isOne();
        assertThat(outcome.err()).contains("--no-cache and --no-cache-filter cannot currently be used together");
    }

    @Test
    void n43StandardInputIsContextOrDockerfile() throws Exception {
        Outcome outcome = store.drydock("build", "-f", "-", "-").stdin("").run();
        assertThat(outcome.exit()).isOne();
        assertThat(outcome.err()).contains("invalid argument: can't use stdin for both build context and dockerfile");
    }

    @Test
    void n44AnEpochOfZeroIsForWhatIsNew() throws Exception {
        SavedImage image = image("FROM busybox:1.37\nENV A=1\nCOPY f /\n", "--build-arg", "SOURCE_DATE_EPOCH=0");
        String config = image.config().compactForPeople();
        assertThat(config).startsWith("{\"architecture\"").contains("\"created\":\"1970-01-01T00:00:00Z\"");
        assertThat(SavedImage.list(image.config().get("history")).getFirst().compactForPeople())
                .doesNotContain("1970-01-01");
        assertThat(SavedImage.list(image.config().get("history")).subList(1, 3))
                .allSatisfy(entry -> assertThat(entry.compactForPeople()).contains("1970-01-01T00:00:00Z"));
    }

    @Test
    void n47TheExitCodeOfAStepIsInTheMessageOnly() throws Exception {
        Outcome outcome = build("FROM busybox:1.37\nRUN exit 7\n");
        assertThat(outcome.exit()).isOne();
        assertThat(outcome.err()).contains("did not complete successfully: exit code: 7");
    }

    @Test
    void n48AnUpperCaseFirstPartIsADomain() throws Exception {
        store.drydock("build", "-q", "-t", "Foo/bar", "-f", "-", ".")
                .in(context)
                .stdin("FROM scratch\nLABEL n=48\n")
                .run()
                .ok();
        assertThat(store.drydock("images", "Foo/bar").run().ok().out()).contains("Foo/bar      latest");
    }

    @Test
    void n49ALabelOfTheCommandLineWins() throws Exception {
        assertThat(image("FROM scratch\nLABEL a=file b=file\n", "--label", "a=flag")
                        .text())
                .contains("\"Labels\":{\"a\":\"flag\",\"b\":\"file\"}");
    }

    @Test
    void n50WhatIsWrittenToAVolumeStays() {
        assertThat(together).containsKey("n50/kept");
    }
}
