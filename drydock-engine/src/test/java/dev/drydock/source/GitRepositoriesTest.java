package dev.drydock.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.RemoteFault;
import dev.drydock.frontend.GitSource;
import dev.drydock.graph.Op;
import dev.drydock.house.Eventually;
import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real repositories, served by git's own server program on loopback. */
@Timeout(600)
class GitRepositoriesTest {
    @TempDir
    Path directory;

    private GitServer server;
    private Path work;
    private Path tmp;
    private String first;
    private String second;

    @BeforeEach
    void start() throws Exception {
        Requires.program("git");
        server = GitServer.start(directory.resolve("srv"));
        work = server.repository("repo");
        tmp = Files.createDirectory(directory.resolve("tmp"));
        Files.writeString(work.resolve("a"), "one");
        Files.createDirectories(work.resolve("sub/deep"));
        Files.writeString(work.resolve("sub/deep/b"), "b");
        Files.createSymbolicLink(work.resolve("out"), Path.of("/etc"));
        first = server.commit(work, "first");
        GitServer.git(work, "tag", "v1");
        GitServer.git(work, "tag", "-a", "-m", "annotated", "v1a");
        GitServer.git(work, "branch", "both");
        Files.writeString(work.resolve("a"), "two");
        second = server.commit(work, "second");
        GitServer.git(work, "tag", "both");
        server.publish(work);
    }

    @AfterEach
    void stop() throws Exception {
        if (server == null) {
            return;
        }
        server.close();
        assertThat(tmp).isEmptyDirectory();
        Eventually.holds(() -> assertThat(running(tmp)).isEmpty()); // an interrupt does not wait for the end of git
    }

    private static List<String> running(Path mark) throws IOException {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.map(each -> each.info().commandLine().orElse(""))
                    .filter(line -> line.contains(mark.toString()))
                    .toList();
        }
    }

    private GitRepositories repositories(Map<String, String> secrets) {
        return new GitRepositories(
                id -> Optional.ofNullable(secrets.get(id)), GitRepositories.Agent.NONE, System.getenv(), tmp);
    }

    private Op.Git source(String more) {
        return GitSource.parse(server.url("repo.git") + more).op();
    }

    private String resolve(String more) throws InterruptedException {
        GitRepositories.Commit commit = repositories(Map.of()).resolve(source(more));
        return commit.ref() + " " + (commit.hash().equals(first) ? "first" : "second");
    }

    private Path checkOut(Op.Git source) throws Exception {
        GitRepositories repositories = repositories(Map.of());
        Path into = Files.createTempDirectory(directory, "tree");
        repositories.checkOut(source, repositories.resolve(source), into);
        return into;
    }

    private static List<String> names(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            return files.filter(each -> !each.equals(tree))
                    .map(each -> tree.relativize(each).toString())
                    .filter(each -> !each.startsWith(".git/"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void refsAreFoundAsGitFindsThem() throws Exception {
        assertThat(resolve("")).isEqualTo("HEAD second");
        assertThat(resolve("#main")).isEqualTo("refs/heads/main second");
        assertThat(resolve("#v1")).isEqualTo("refs/tags/v1 first");
        assertThat(resolve("#v1a")).isEqualTo("refs/tags/v1a first");
        assertThat(resolve("#both")).isEqualTo("refs/heads/both first");
        assertThat(resolve("?tag=both")).isEqualTo("refs/tags/both second");
        assertThat(resolve("?branch=both")).isEqualTo("refs/heads/both first");
        assertThat(resolve("#refs/tags/v1")).isEqualTo("refs/tags/v1 first");
        assertThat(resolve("#heads/main")).isEqualTo("refs/heads/main second");
        assertThat(resolve("#" + first)).isEqualTo(first + " first");
        assertThatThrownBy(() -> resolve("#none"))
                .isInstanceOf(RemoteFault.class)
                .hasMessage("repository does not contain ref none, output: \"\"");
        assertThatThrownBy(() -> resolve("#" + first.substring(0, 10)))
                .isInstanceOfSatisfying(
                        RemoteFault.class,
                        fault -> assertThat(fault.hints())
                                .containsExactly(
                                        "A shortened commit hash is not a ref: write all of it, or name a branch or tag."));
    }

    @Test
    void aChecksumIsTheCommitOrTheTagObject() throws Exception {
        String tag = GitServer.git(work, "rev-parse", "v1a").strip();
        assertThat(tag).isNotEqualTo(first);
        assertThat(resolve("?tag=v1a&checksum=" + first)).endsWith("first");
        assertThat(resolve("?tag=v1a&checksum=" + tag.substring(0, 8))).endsWith("first");
        assertThat(resolve("?checksum=" + second.substring(0, 7) + "#main")).endsWith("second");
        assertThatThrownBy(() -> resolve("?checksum=" + first + "#main"))
                .hasMessage("expected checksum to match " + first + ", got " + second);
        int asked = server.asked().size();
        assertThat(resolve("?fetch-by-commit&checksum=" + first + "#main")).isEqualTo("main first");
        assertThat(server.asked()).hasSize(asked);
    }

    @Test
    void aCommitIsCheckedOutWithoutGit() throws Exception {
        Path tree = checkOut(source("#v1"));
        assertThat(names(tree)).containsExactly("a", "out", "sub", "sub/deep", "sub/deep/b");
        assertThat(tree.resolve("a")).hasContent("one");
        assertThat(tree.resolve("out")).isSymbolicLink();
        assertThat(names(checkOut(source("#:sub/deep")))).containsExactly("b");
        assertThat(names(checkOut(source("#main:/sub")))).containsExactly("deep", "deep/b");
        assertThat(checkOut(source("?fetch-by-commit=1&commit=" + first)).resolve("a"))
                .hasContent("one");
        assertThatThrownBy(() -> checkOut(source("#:nosuch")))
                .hasMessage("open subdirectory nosuch of the repository: nosuch is not there");
        assertThatThrownBy(() -> checkOut(source("#:out")))
                .hasMessage("open subdirectory out of the repository: out is not a directory");
        assertThatThrownBy(() -> checkOut(source("#:a"))).hasMessageContaining("a is not a directory");
    }

    @Test
    void timesAreTheCommitsWhereAsked() throws Exception {
        Path tree = checkOut(source("?mtime=commit"));
        assertThat(Files.getLastModifiedTime(tree.resolve("a")).toInstant())
                .isEqualTo(Instant.ofEpochSecond(1700000000));
        assertThat(Files.getLastModifiedTime(tree.resolve("sub")).toInstant())
                .isEqualTo(Instant.ofEpochSecond(1700000000));
    }

    @Test
    void theGitDirectoryIsKeptWhereAskedAndKnowsNoSecret() throws Exception {
        server.wants("basic bWU6Z2VoZWlt");
        Op.Git source = GitSource.parse(
                        server.url("repo.git").replace("http://", "http://me:geheim@") + "?keep-git-dir#v1")
                .op();
        Path tree = checkOut(source);
        assertThat(GitServer.git(tree, "rev-parse", "HEAD", "v1").strip()).isEqualTo(first + "\n" + first);
        assertThat(GitServer.git(tree, "remote", "get-url", "origin").strip()).isEqualTo(server.url("repo.git"));
        assertThat(GitServer.git(tree, "status", "--porcelain")).isEmpty();
        assertThat(GitServer.git(tree, "log", "--format=%s").strip()).isEqualTo("first");
        try (Stream<Path> files = Files.walk(tree.resolve(".git"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain("geheim")
                        .doesNotContain("Z2VoZWlt");
            }
        }
    }

    @Test
    void secretsOpenAServerAndAreNotInMessages() throws Exception {
        server.wants("basic eC1hY2Nlc3MtdG9rZW46Z2VoZWlt"); // x-access-token:geheim
        Op.Git source = source("");
        assertThatThrownBy(() -> repositories(Map.of()).resolve(source))
                .isInstanceOfSatisfying(RemoteFault.class, fault -> {
                    assertThat(fault.text())
                            .startsWith("git ls-remote: fatal: ")
                            .contains("terminal prompts disabled");
                    assertThat(fault.hints())
                            .containsExactly(
                                    "The server wants to know who asks: give a secret GIT_AUTH_TOKEN or GIT_AUTH_HEADER.");
                });
        assertThat(repositories(Map.of("GIT_AUTH_TOKEN", "geheim\n"))
                        .resolve(source)
                        .hash())
                .isEqualTo(second);
        assertThat(repositories(Map.of("GIT_AUTH_TOKEN", "no", "GIT_AUTH_TOKEN.127.0.0.1", "geheim"))
                        .resolve(source)
                        .hash())
                .isEqualTo(second);
        assertThat(repositories(Map.of("GIT_AUTH_HEADER." + server.host(), "basic eC1hY2Nlc3MtdG9rZW46Z2VoZWlt"))
                        .resolve(source)
                        .hash())
                .isEqualTo(second);
        assertThatThrownBy(() ->
                        repositories(Map.of("GIT_AUTH_TOKEN", "other-secret")).resolve(source))
                .satisfies(
                        fault -> assertThat(((DrydockException) fault).text()).doesNotContain("other-secret"));
    }

    @Test
    void noCommandLineHoldsASecret() throws Exception {
        server.wants("basic bWU6Z2VoZWlt"); // me:geheim
        String url = server.url("repo.git").replace("http://", "http://me:geheim@");
        checkOut(GitSource.parse(url).op());
        assertThat(server.commandLines())
                .anyMatch(line -> line.contains("ls-remote"))
                .anyMatch(line -> line.contains("fetch") && line.contains(server.url("repo.git")))
                .noneMatch(line -> line.contains("geheim") || line.contains("bWU6Z2VoZWlt"));
    }

    @Test
    void anotherServerDoesNotSeeTheSecret() throws Exception {
        try (GitServer other = GitServer.start(directory.resolve("other"))) {
            Path elsewhere = other.repository("repo");
            Files.writeString(elsewhere.resolve("a"), "elsewhere");
            other.commit(elsewhere, "elsewhere");
            server.redirectTo(other);
            assertThat(checkOut(source("")).resolve("a")).hasContent("elsewhere");
            Op.Git source = source("");
            assertThatThrownBy(() ->
                            repositories(Map.of("GIT_AUTH_TOKEN", "geheim")).resolve(source))
                    .isInstanceOfSatisfying(
                            RemoteFault.class,
                            fault -> assertThat(fault.hints())
                                    .singleElement()
                                    .asString()
                                    .contains("leads to another address"));
            assertThat(server.asked()).anyMatch(line -> line.contains(" basic "));
            assertThat(other.asked()).isNotEmpty().noneMatch(line -> line.contains(" basic "));
        }
    }

    @Test
    void passwordsOfSubmodulesAreNotShown() throws Exception {
        String bad = server.url("none.git").replace("http://", "http://me:geheim@");
        Files.writeString(work.resolve(".gitmodules"), "[submodule \"bad\"]\n\tpath = bad\n\turl = " + bad + "\n");
        GitServer.git(work, "update-index", "--add", "--cacheinfo", "160000," + first + ",bad");
        GitServer.git(work, "add", ".gitmodules");
        GitServer.git(work, "commit", "-q", "-m", "bad");
        server.publish(work);
        assertThatThrownBy(() -> checkOut(source(""))).isInstanceOfSatisfying(RemoteFault.class, fault -> {
            assertThat(fault.text()).startsWith("git submodule update: ").doesNotContain("geheim");
            assertThat(fault.hints()).anyMatch(hint -> hint.contains("?submodules=false"));
        });
    }

    @Test
    void plainFilesAreEnough() throws Exception {
        server.plainFiles();
        assertThat(checkOut(source("#v1")).resolve("a")).hasContent("one");
        assertThat(checkOut(source("#" + first)).resolve("a")).hasContent("one");
        assertThat(checkOut(source("")).resolve("a")).hasContent("two");
    }

    @Test
    void submodulesComeAlongUnlessRefused() throws Exception {
        Path module = server.repository("module");
        Files.writeString(module.resolve("m"), "module");
        server.commit(module, "module");
        GitServer.git(work, "submodule", "--quiet", "add", server.url("module.git"), "mod");
        server.commit(work, "with module");
        assertThat(names(checkOut(source("")))).contains("mod/m").doesNotContain("mod/.git");
        assertThat(names(checkOut(source("?submodules=false")))).contains("mod").doesNotContain("mod/m");
        Path kept = checkOut(source("?keep-git-dir"));
        assertThat(names(kept)).contains("mod/m", "mod/.git");
    }

    @Test
    void submodulesCannotReadThisHostsFilesOrRunCommands() throws Exception {
        Path secret = server.repository("secret");
        Files.writeString(secret.resolve("s"), "secret");
        server.commit(secret, "secret");
        for (String url :
                List.of(secret.toString(), "file://" + secret, "ext::sh -c touch% " + directory.resolve("ran"))) {
            GitServer.git(work, "rm", "-rq", "--cached", "--ignore-unmatch", "bad");
            Files.writeString(work.resolve(".gitmodules"), "[submodule \"bad\"]\n\tpath = bad\n\turl = " + url + "\n");
            GitServer.git(work, "update-index", "--add", "--cacheinfo", "160000," + first + ",bad");
            GitServer.git(work, "add", ".gitmodules");
            GitServer.git(work, "commit", "-q", "-m", "bad");
            server.publish(work);
            assertThatThrownBy(() -> checkOut(source("")))
                    .isInstanceOf(RemoteFault.class)
                    .hasMessageContaining("not allowed");
        }
        assertThat(directory.resolve("ran")).doesNotExist();
    }

    @Test
    void noHookAndNoFilterRuns() throws Exception {
        Path ran = directory.resolve("ran");
        Files.writeString(work.resolve(".gitattributes"), "* filter=evil\n");
        Path hooks = Files.createDirectories(work.resolve("hooks"));
        Files.writeString(hooks.resolve("post-checkout"), "#!/bin/sh\ntouch " + ran + "\n");
        Files.setAttribute(hooks.resolve("post-checkout"), "unix:mode", 0755);
        server.commit(work, "hooks");
        Path home = Files.createDirectory(directory.resolve("home"));
        String touch = "touch " + ran;
        Files.writeString(
                home.resolve(".gitconfig"),
                "[core]\n\thooksPath = " + hooks + "\n\tfsmonitor = " + touch + "\n\tsshCommand = " + touch
                        + "\n[filter \"evil\"]\n\tsmudge = " + touch + "\n[url \"ext::" + touch
                        + "\"]\n\tinsteadOf = http://\n[credential]\n\thelper = !" + touch + "\n");
        GitRepositories repositories = new GitRepositories(
                Secrets.NONE,
                GitRepositories.Agent.NONE,
                Map.of(
                        "PATH", System.getenv("PATH"),
                        "HOME", home.toString(),
                        "GIT_CONFIG_GLOBAL", home.resolve(".gitconfig").toString(),
                        "GIT_SSH_COMMAND", touch,
                        "GIT_ASKPASS", ran.toString(),
                        "GIT_EXTERNAL_DIFF", touch,
                        "GIT_DIR", home.toString(),
                        "GIT_TEMPLATE_DIR", hooks.toString()),
                tmp);
        Path into = Files.createDirectory(directory.resolve("into"));
        repositories.checkOut(source(""), repositories.resolve(source("")), into);
        assertThat(into.resolve("a")).hasContent("two");
        assertThat(ran).doesNotExist();
    }

    @Test
    void aRepositoryInARepositoryIsNotObeyed() throws Exception {
        Path ran = directory.resolve("ran");
        Path inner = Files.createDirectories(work.resolve("sub/inner"));
        Files.createDirectories(inner.resolve("refs/heads"));
        Files.createDirectories(inner.resolve("objects/pack"));
        Files.writeString(inner.resolve("refs/heads/x"), "");
        Files.writeString(inner.resolve("objects/pack/x"), "");
        Files.writeString(inner.resolve("HEAD"), "ref: refs/heads/main\n");
        Files.writeString(
                inner.resolve("config"),
                "[core]\n\tbare = false\n\tworktree = ..\n\tfsmonitor = touch " + ran + "\n\tsshCommand = touch " + ran
                        + "\n");
        Files.writeString(work.resolve("config"), "[core]\n\tfsmonitor = touch " + ran + "\n");
        server.commit(work, "inner");
        assertThat(names(checkOut(source("?keep-git-dir")))).contains("sub/inner/config");
        assertThat(names(checkOut(source("#:sub/inner")))).contains("config");
        assertThat(ran).doesNotExist();
    }

    @Test
    void filesHaveTheUsualModesWhateverTheMask() throws Exception {
        Files.setAttribute(work.resolve("a"), "unix:mode", 0755);
        server.commit(work, "executable");
        Path tree = checkOut(source(""));
        assertThat((int) Files.getAttribute(tree.resolve("a"), "unix:mode") & 07777)
                .isEqualTo(0755);
        assertThat((int) Files.getAttribute(tree.resolve("sub"), "unix:mode") & 07777)
                .isEqualTo(0755);
        assertThat((int) Files.getAttribute(tree.resolve("sub/deep/b"), "unix:mode") & 07777)
                .isEqualTo(0644);
    }

    @Test
    void anInterruptEndsGit() throws Exception {
        try (java.net.ServerSocket silent =
                new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Op.Git source = GitSource.parse("http://127.0.0.1:" + silent.getLocalPort() + "/r.git")
                    .op();
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread reader = Thread.ofVirtual().start(() -> {
                try {
                    repositories(Map.of()).resolve(source);
                } catch (Throwable t) {
                    thrown.set(t);
                }
            });
            java.net.Socket held = silent.accept();
            reader.interrupt();
            reader.join();
            held.close();
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void aMissingServerIsNamed() {
        Op.Git source = GitSource.parse("http://127.0.0.1:1/r.git").op();
        assertThatThrownBy(() -> repositories(Map.of()).resolve(source))
                .isInstanceOf(RemoteFault.class)
                .hasMessageContaining("http://127.0.0.1:1/r.git")
                .hasMessageStartingWith("git ls-remote: fatal: unable to access");
    }
}
