package dev.drydock.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.RemoteFault;
import dev.drydock.frontend.GitSource;
import dev.drydock.house.Requires;
import dev.drydock.source.GitRepositories;
import dev.drydock.source.GitServer;
import dev.drydock.source.Secrets;
import dev.drydock.source.SshServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Repositories behind a real ssh server, with the keys that {@code --ssh} lets a build use. */
@Timeout(600)
class GitOverSshTest {
    @TempDir
    Path directory;

    private SshServer ssh;
    private GitServer repositories;
    private Path bare;
    private BuildRequest request;

    @BeforeEach
    void start() throws Exception {
        Requires.root();
        for (String program : List.of("git", "ssh-agent", "setpriv")) {
            Requires.program(program);
        }
        Requires.that(Files.isExecutable(Path.of("/usr/sbin/sshd")), "needs the program sshd");
        ssh = SshServer.start(directory.resolve("ssh"));
        repositories = GitServer.start(directory.resolve("srv"));
        Path module = repositories.repository("module");
        Files.writeString(module.resolve("m"), "m");
        repositories.commit(module, "module");
        Path work = repositories.repository("repo");
        Files.writeString(work.resolve("Dockerfile"), "FROM scratch\nCOPY . /\n");
        Files.writeString(Files.createDirectory(work.resolve("sub")).resolve("Dockerfile"), "FROM scratch\nCOPY b /\n");
        Files.writeString(work.resolve("sub/b"), "b");
        GitServer.git(work, "submodule", "--quiet", "add", repositories.url("module.git"), "mod");
        GitServer.git(
                work, "config", "-f", ".gitmodules", "submodule.mod.url", ssh.url(directory.resolve("srv/module.git")));
        repositories.commit(work, "all");
        bare = directory.resolve("srv/repo.git");
        request = BuildRequest.of(directory);
    }

    @AfterEach
    void stop() {
        if (repositories != null) {
            repositories.close();
            ssh.close();
        }
    }

    private List<String> build(String more, SshSource keys) throws Exception {
        GitSource source = GitSource.parse(ssh.url(bare) + more);
        RunSettings run = RunSettings.DEFAULT.withAgents(Map.of("default", keys));
        BuildRequest asked = new RequestCopy(
                        (BuildRequest) new RequestCopy(request).with("context", new BuildContext.Repository(source)))
                .with("run", run);
        try (Drydock drydock = Drydock.open(directory.resolve("store"))) {
            BuildResult result = drydock.build(asked, _ -> {});
            return List.copyOf(
                    BuiltFiles.of(drydock, result.imageId().toString()).all().keySet());
        }
    }

    @Test
    void aKeyOpensTheRepositoryItsSubmodulesAndItsSubdirectories() throws Exception {
        SshSource key = new SshSource.Keys(List.of(ssh.key()));
        assertThat(build("", key)).contains("Dockerfile", "mod/m", "sub/b").doesNotContain(".git", "mod/.git");
        assertThat(build("?submodules=false", key)).contains("mod").doesNotContain("mod/m");
        assertThat(build("#main:sub", key)).containsExactly("b");
        assertThat(build("?branch=main&subdir=sub", key)).containsExactly("b");
    }

    @Test
    void anAgentOpensItToo() throws Exception {
        Path socket = directory.resolve("a");
        Process agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(agent.getInputStream().read()).isPositive(); // it says where it listens, and then it does
            ProcessBuilder add = new ProcessBuilder("ssh-add", "-q", ssh.key().toString());
            add.environment().put("SSH_AUTH_SOCK", socket.toString());
            assertThat(add.inheritIO().start().waitFor()).isZero();
            assertThat(build("#:sub", new SshSource.Agent(socket))).containsExactly("b");
        } finally {
            agent.destroyForcibly().waitFor();
        }
    }

    @Test
    void whoHasNoKeyIsToldSoAndAnotherServerIsNotTrusted() throws Exception {
        assertThatThrownBy(() -> build("", new SshSource.Agent(directory.resolve("none"))))
                .isInstanceOfSatisfying(RemoteFault.class, fault -> {
                    assertThat(fault.text()).contains("Permission denied (publickey");
                    assertThat(fault.hints())
                            .containsExactly("The server wants a key: let a build see your agent with --ssh default.");
                });
        Path home = Files.createDirectories(directory.resolve("home/.ssh"));
        Files.writeString(home.resolve("known_hosts"), ssh.otherHostKey());
        GitRepositories suspicious = new GitRepositories(
                Secrets.NONE,
                GitRepositories.Agent.NONE,
                Map.of(
                        "PATH",
                        System.getenv("PATH"),
                        "HOME",
                        directory.resolve("home").toString()),
                Files.createDirectory(directory.resolve("tmp")));
        assertThatThrownBy(
                        () -> suspicious.resolve(GitSource.parse(ssh.url(bare)).op()))
                .isInstanceOfSatisfying(RemoteFault.class, fault -> {
                    assertThat(fault.text()).contains("Host key verification failed");
                    assertThat(fault.hints())
                            .containsExactly("The server's key is not the one in your known_hosts file.");
                });
    }
}
