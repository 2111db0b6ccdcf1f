package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Secrets, SSH agents, hosts, limits and networks: what RUN steps get from the command line. */
class StepInputsIT {
    /** In a form that nothing else has. */
    private static final String PLANTED = "planted-5a1c9e77-secret";

    private static final int MAX_SIZE = 500 * 1024;

    private static Store store;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        for (String program : List.of("runc", "busybox", "ssh-agent", "ssh-add", "ssh-keygen", "setpriv")) {
            Requires.program(program);
        }
        store = Store.create().withBusybox();
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    private static Command.Outcome build(Path project, String... flags) throws IOException, InterruptedException {
        return store.build(project, flags).run();
    }

    /** Every file below the store that holds the text. */
    private static List<Path> holding(String text) throws IOException {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(store.root())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                        .contains(new String(wanted, StandardCharsets.ISO_8859_1))) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    @Test
    void aSecretIsAFileOrAVariableAndIsFoundNowhereAfterwards() throws Exception {
        Path project = store.project("""
                RUN --mount=type=secret,id=file --mount=type=secret,id=binary,target=/b,mode=0444,uid=7,gid=8 \\
                    --mount=type=secret,id=variable,env=TOKEN --mount=type=secret,id=both,env=BOTH,target=/etc/both \\
                    stat -c '%a %u:%g %s' /run/secrets/file /b && sha256sum < /b && grep -c ' /b tmpfs ro' /proc/mounts \\
                    && printf %s "$TOKEN" | sha256sum && test "$TOKEN" = "$BOTH" && test "$(cat /etc/both)" = "$BOTH" \\
                    && test "$(cat /run/secrets/file)" = "$TOKEN" && ! touch /b && echo all there
                """);
        Files.writeString(project.resolve("token.txt"), PLANTED);
        Files.writeString(project.resolve(".dockerignore"), "*\n");
        byte[] binary = new byte[MAX_SIZE];
        new Random(7).nextBytes(binary);
        Files.write(project.resolve("binary"), binary);
        Command.Outcome outcome = store.build(
                        project,
                        "-t",
                        "secrets",
                        "--secret=id=file,src=token.txt",
                        "--secret=id=binary,source=binary",
                        "--secret=id=variable,env=OTHER_NAME",
                        "--secret=type=env,id=both,src=OTHER_NAME")
                .with("OTHER_NAME", PLANTED)
                .run();
        assertThat(outcome.exit()).as(outcome.toString()).isZero();
        assertThat(outcome.err())
                .contains(" 400 0:0 " + PLANTED.length() + "\n")
                .contains(" 444 7:8 " + MAX_SIZE + "\n")
                .contains(sha256(binary))
                .contains(sha256(PLANTED.getBytes(StandardCharsets.UTF_8)))
                .contains("all there")
                .doesNotContain(PLANTED);
        assertThat(holding(PLANTED)).isEmpty();
        store.assertNothingLeft();
        // nor is there anything of the mounts in the layer
        Path tar = project.resolve("secrets.tar");
        store.drydock("save", "-o", tar.toString(), "secrets").run().ok();
        Command.of("mkdir", project + "/out").run().ok();
        Command.of("tar", "-xf", tar.toString(), "-C", project + "/out").run().ok();
        Command.Outcome names = Command.of(
                        "sh",
                        "-c",
                        "for b in " + project
                                + "/out/blobs/sha256/*; do tar -tf $b 2>/dev/null; done | grep -e secrets -e both -e '^b$'")
                .run();
        assertThat(names.out()).isEmpty();
    }

    private static String sha256(byte[] bytes) throws java.security.NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void noByteOfASecretStaysInTheStoreEvenAfterAKill() throws Exception {
        String value = PLANTED + "-of-the-kill";
        Path project = store.project("""
                RUN --mount=type=secret,id=a --mount=type=secret,id=a,env=A test -n "$A" && cp /run/secrets/a /dev/shm/copy
                RUN --mount=type=secret,id=a --mount=type=secret,id=a,env=A echo up && sleep 1000
                """);
        Process build = store.build(project, "--secret", "id=a,env=VALUE")
                .with("VALUE", value)
                .start();
        try (var lines = build.errorReader()) {
            assertThat(lines.lines().anyMatch(line -> line.endsWith(" up"))).isTrue();
            assertThat(holding(value)).as("while the step runs").isEmpty();
            assertThat(holding(java.util.Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))))
                    .isEmpty();
            RunningBuild.kill(build);
        }
        assertThat(holding(value)).as("after kill -9").isEmpty();
        // the next step of any build clears away what the kernel kept of the killed one: its control group
        build(store.project("RUN true\n"));
        assertThat(holding(value)).isEmpty();
    }

    @Test
    void secretValuesAreNoPartOfTheKey() throws Exception {
        Path project = store.project("RUN --mount=type=secret,id=a cat /run/secrets/a > /dev/null; echo ran\n");
        assertThat(store.build(project, "--secret", "id=a")
                        .with("a", "1")
                        .run()
                        .ok()
                        .err())
                .contains("ran");
        assertThat(store.build(project, "--secret", "id=a")
                        .with("a", "2")
                        .run()
                        .ok()
                        .err())
                .contains("CACHED");
        assertThat(build(project).err()).contains("CACHED");
    }

    @Test
    void aSecretThatIsMissingOrTooBigSaysSo() throws Exception {
        Path optional = store.project("""
                RUN --mount=type=secret,id=a --mount=type=secret,id=a,env=A ls /run/secrets; echo "[$A]"
                """);
        assertThat(build(optional, "--no-cache").err()).contains("No such file").contains("[]");
        Path required = store.project("RUN --mount=type=secret,id=a,required cat /run/secrets/a\n");
        assertThat(build(required).err())
                .contains("failed to solve: secret a: not found")
                .contains("hint: Give it with --secret id=a,src=FILE");
        Files.write(required.resolve("big"), new byte[MAX_SIZE + 1]);
        assertThat(build(required, "--secret", "id=a,src=big").err()).contains("secret a too big. max size 500KB");
        assertThat(build(required, "--secret", "id=a,src=nosuch").err())
                .contains("failed to stat nosuch: stat nosuch: no such file or directory");
    }

    /** A project with OpenSSH's own ssh-add, which asks an agent for its keys. */
    private Path withSshAdd(String dockerfile) throws IOException, InterruptedException {
        Path project = store.project("COPY tree /\n" + dockerfile);
        Program.copy(Requires.program("ssh-add"), project.resolve("tree"), "opt/ssh-add");
        return project;
    }

    @Test
    void anAgentAnswersWhoeverTheStepIs() throws Exception {
        Path keys = store.directory("keys");
        Path key = keys.resolve("key");
        Path locked = keys.resolve("locked");
        for (Path file : List.of(key, locked)) {
            String passphrase = file.equals(key) ? "" : "not told";
            Command.of(
                            "ssh-keygen",
                            "-q",
                            "-t",
                            "ed25519",
                            "-N",
                            passphrase,
                            "-C",
                            "planted@key",
                            "-f",
                            file.toString())
                    .run()
                    .ok();
        }
        Path project = withSshAdd("""
                USER 1000
                RUN --mount=type=ssh,uid=1000 --mount=type=ssh,id=other,target=/other,uid=1000,mode=0666 \\
                    stat -c '%F %a %u' "$SSH_AUTH_SOCK" /other; /opt/ssh-add -l; SSH_AUTH_SOCK=/other /opt/ssh-add -l
                """);
        Command.Outcome outcome = build(project, "--ssh=default=" + key, "--ssh", "other=" + key);
        assertThat(outcome.exit()).as(outcome.toString()).isZero();
        assertThat(outcome.err()).contains("socket 600 1000").contains("socket 666 1000");
        assertThat(outcome.err().split("SHA256:[^ ]+ planted@key", -1))
                .as(outcome.err())
                .hasSize(3);
        store.assertNothingLeft();

        Path required = withSshAdd("RUN --mount=type=ssh,required /opt/ssh-add -l\n");
        assertThat(build(required).err())
                .contains("no SSH key \"default\" forwarded from the client")
                .contains("hint: Give it with --ssh");
        assertThat(build(required, "--ssh=other=" + key).err()).contains("unset ssh forward key default");
        assertThat(build(required, "--ssh=default=" + locked).err())
                .contains("forward ssh key " + locked + ": ssh-add does not take it")
                .contains("hint: A key with a passphrase");
        assertThat(build(required, "--ssh=default=" + keys + "/none").err())
                .contains("failed to convert agent config {default [" + keys + "/none] false}: stat " + keys + "/none");

        // an agent that runs already, by its variable
        Path socket = keys.resolve("agent");
        Process agent = Command.of("ssh-agent", "-D", "-a", socket.toString()).start();
        try {
            assertThat(agent.getInputStream().read()).isPositive(); // it says where it listens, when it does
            Command.of("ssh-add", "-q", key.toString())
                    .with("SSH_AUTH_SOCK", socket.toString())
                    .run()
                    .ok();
            assertThat(store.build(required, "--ssh", "default")
                            .with("SSH_AUTH_SOCK", socket.toString())
                            .run()
                            .ok()
                            .err())
                    .contains("planted@key");
        } finally {
            agent.destroyForcibly().waitFor();
        }
    }

    /** A person's umask is not that of the image's users. */
    @Test
    void whatIsMountedForAStepIsReadableWhateverTheUmask() throws Exception {
        Path project = store.project("""
                USER nobody
                RUN cat /etc/hosts /etc/resolv.conf "$SSL_CERT_FILE" > /dev/null && umask && echo readable
                """);
        List<String> words = new ArrayList<>(List.of("sh", "-c", "umask 077; exec \"$@\"", "sh"));
        words.addAll(store.build(project, "--trust=host").words());
        Command.Outcome outcome = new Command(words)
                .in(project)
                .with("DRYDOCK_ROOT", store.root().toString())
                .run();
        assertThat(outcome.exit()).as(outcome.toString()).isZero();
        assertThat(outcome.err()).contains(" 0022\n").contains(" readable\n");
    }

    /** The certificates are there for the step, and the image and the key know nothing of them. */
    @Test
    void trustLeavesNoTrace() throws Exception {
        Path bundle = store.directory("trust").resolve("ca.crt");
        String planted = "cGxhbnRlZC1jZXJ0aWZpY2F0ZS1vZi10aGUtdHJ1c3QtdGVzdA==";
        Files.writeString(bundle, "-----BEGIN CERTIFICATE-----\n" + planted + "\n-----END CERTIFICATE-----\n");
        Path project = store.project("""
                ARG SOURCE_DATE_EPOCH
                RUN mkdir -p /etc/ssl/certs && echo own > /etc/ssl/certs/ca-certificates.crt \\
                    && touch -d @1000000000 /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs /etc/ssl /etc
                RUN cat $SSL_CERT_FILE /etc/ssl/certs/ca-certificates.crt | grep -c -e own -e %s; \\
                    echo made > /made && touch -d @1000000000 /made
                """.formatted(planted.substring(0, 20)));
        List<String> layers = new ArrayList<>();
        for (String trust : List.of("none", "host")) {
            Command.Outcome outcome = store.build(
                            project,
                            "--no-cache",
                            "--build-arg=SOURCE_DATE_EPOCH=1000000000",
                            "--trust=" + trust,
                            "-t",
                            "trust-" + trust)
                    .with("SSL_CERT_FILE", bundle.toString())
                    .run()
                    .ok();
            // with: twice each, in the bundle that variables name and in the image's own place
            assertThat(outcome.err())
                    .containsPattern(trust.equals("host") ? "#[0-9]+ [0-9.]+ 4\n" : "#[0-9]+ [0-9.]+ 1\n");
            layers.add(store.drydock("inspect", "-f", "{{json .RootFS.Layers}}", "trust-" + trust)
                    .run()
                    .ok()
                    .out());
        }
        assertThat(layers.get(0)).isEqualTo(layers.get(1));
        assertThat(holding(planted)).isEmpty();
        assertThat(store.build(project, "--build-arg=SOURCE_DATE_EPOCH=1000000000")
                        .run()
                        .ok()
                        .err())
                .as("the key does not see it")
                .contains("CACHED");
    }

    /** A parent is the user's, and stays: here the test is the user. In version 1 it is in every hierarchy. */
    private static void removeParents() throws Exception {
        Path top = Path.of("/sys/fs/cgroup");
        try (var hierarchies = Files.list(top)) {
            for (Path parent : Stream.concat(Stream.of(top), hierarchies)
                    .map(group -> group.resolve("drydock-it-parent"))
                    .filter(Files::isDirectory)
                    .toList()) {
                Command.of("rmdir", parent.toString()).run();
                assertThat(parent).doesNotExist();
            }
        }
    }

    @Test
    void hostsLimitsAndSharedMemoryAreTheCommandLines() throws Exception {
        Path project = store.project("""
                RUN cat /etc/hosts; ulimit -n; ulimit -Hn; df -k /dev/shm | tail -1; cat /proc/self/cgroup
                """);
        Command.Outcome outcome = build(
                project,
                "--add-host=one:10.1.2.3",
                "--add-host=two=10.1.2.4,10.1.2.5",
                "--add-host=six=[fe80::1]",
                "--add-host=me:host-gateway",
                "--ulimit=nofile=100:200",
                "--shm-size=3m",
                "--cgroup-parent=/drydock-it-parent");
        assertThat(outcome.exit()).as(outcome.toString()).isZero();
        assertThat(outcome.err())
                .contains("10.1.2.3\tone\n")
                .contains("10.1.2.4\ttwo\n")
                .contains("10.1.2.5\ttwo\n")
                .contains("fe80:")
                .containsPattern("[0-9.]+\tme\n")
                .containsPattern(" 100\n#[0-9]+ [0-9.]+ 200\n")
                .containsPattern(" 3072 .* /dev/shm\n");
        // addresses are no part of the key, names are
        assertThat(build(
                                project,
                                "--add-host=one:10.9.9.9",
                                "--add-host=two=10.1.2.4,10.1.2.5",
                                "--add-host=six=fe80::2",
                                "--add-host=me:host-gateway",
                                "--ulimit=nofile=100:200",
                                "--shm-size=3m",
                                "--cgroup-parent=/drydock-it-parent")
                        .err())
                .contains("CACHED");
        assertThat(build(project, "--add-host=one:10.9.9.9").err()).doesNotContain("CACHED\n\n#6");
        removeParents();
        assertThat(build(project, "--add-host=foo").err()).isEqualTo("ERROR: failed to build: invalid host foo\n");
        assertThat(build(project, "--ulimit=foo").err())
                .startsWith("invalid argument \"foo\" for \"--ulimit\" flag: invalid ulimit argument: foo\n");
        assertThat(build(project, "--shm-size=foo").err())
                .startsWith("invalid argument \"foo\" for \"--shm-size\" flag: invalid size: 'foo'\n");
    }

    @Test
    void theNetworkIsTheCommandLinesUnlessTheStepSays() throws Exception {
        String list = "ls /sys/class/net | tr '\\n' ' '; echo end";
        Path project = store.project("RUN " + list + "\nRUN --network=none echo none && " + list + "\n");
        assertThat(build(project, "--network=none").err().split("#[0-9]+ [0-9.]+ lo end\n", -1))
                .hasSize(3);
        assertThat(build(project).err().split("#[0-9]+ [0-9.]+ lo end\n", -1)).hasSize(2);
        assertThat(build(project, "--network=foo").err()).contains("network mode \"foo\" not supported by buildkit");
        Path host = store.project("RUN --network=host " + list + "\n");
        Command.Outcome refused = build(host);
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err())
                .contains(">>> RUN --network=host")
                .contains("ERROR: failed to build: failed to solve: network.host is not allowed\n")
                .contains("hint: If you trust this Dockerfile, build with --allow network.host.");
        assertThat(build(host, "--allow", "network.host").exit()).isZero();
        assertThat(build(host, "--network", "host").exit()).isZero();
        assertThat(build(store.project("RUN --device=vendor.com/x=y true\n")).exit())
                .as("a device that need not be there")
                .isZero();
        assertThat(build(store.project("RUN --device=vendor.com/x=y,required true\n"))
                        .err())
                .contains(">>> RUN --device=vendor.com/x=y,required true")
                .contains("required device \"vendor.com/x=y\" is not registered");
        assertThat(build(host, "--allow", "foo").err()).isEqualTo("ERROR: failed to build: unknown entitlement foo\n");
    }

    @Test
    void insecureStepsNeedTheEntitlement() throws Exception {
        Path project = store.project("""
                RUN --security=insecure grep -e CapEff -e Seccomp: /proc/self/status && mount -t tmpfs none /home
                """);
        assertThat(build(project).err()).contains("security.insecure is not allowed");
        Command.Outcome outcome = build(project, "--allow=security.insecure");
        assertThat(outcome.exit()).as(outcome.toString()).isZero();
        assertThat(outcome.err()).contains("Seccomp:\t0").doesNotContain("00000000a80425fb");
    }

    @Test
    void aPlainUserGetsSecretsAndAgentsToo() throws Exception {
        try (PlainUser user = PlainUser.create(PlainUser.Ids.RANGE)) {
            Command.of("chmod", "-R", "a+rX", store.busyboxTar().getParent().toString())
                    .run();
            Path key = user.write("key", "");
            Command.of("rm", key.toString()).run().ok();
            user.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "planted@key", "-f", key.toString())
                    .run()
                    .ok();
            Path project = withSshAdd("""
                    USER 1000
                    RUN --mount=type=secret,id=a,uid=1000 --mount=type=secret,id=a,env=A --mount=type=ssh,uid=1000 \\
                        test "$(cat /run/secrets/a)" = "$A" && echo ${#A} && /opt/ssh-add -l
                    """);
            Command.of("cp", "-R", project.toString(), user.home() + "/project")
                    .run()
                    .ok();
            Command.of("chown", "-R", user.name(), user.home() + "/project")
                    .run()
                    .ok();
            Command.of("chmod", "-R", "a+rX", user.home() + "/project").run().ok();
            String launcher = Store.checkout() + "/drydock-cli/target/dist/drydock/bin/drydock";
            user.run(launcher, "import", store.busyboxTar().toString(), "busybox:1.37")
                    .run()
                    .ok();
            Command.Outcome outcome = user.run(
                            "VALUE=" + PLANTED,
                            launcher,
                            "build",
                            "--progress=plain",
                            "--secret=id=a,env=VALUE",
                            "--ssh=default=" + key,
                            user.home() + "/project")
                    .run();
            assertThat(outcome.exit()).as(outcome.toString()).isZero();
            assertThat(outcome.err()).contains(" " + PLANTED.length() + "\n").contains("planted@key");
        }
    }
}
