package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is lent to steps of builds that do not end well, and agents with several keys; of root and of a plain user. */
@ParameterizedClass
@EnumSource(Builder.Who.class)
class LentSecretsIT {
    /** In a form that nothing else has. */
    private static final String PLANTED = "planted-7c03d1f2-lent";

    private static Builder builder;

    @Parameter
    Builder.Who who;

    @BeforeParameterizedClassInvocation
    static void open(Builder.Who who) throws Exception {
        Requires.root();
        for (String program : List.of("runc", "busybox", "ssh-agent", "ssh-add", "ssh-keygen")) {
            Requires.program(program);
        }
        builder = Builder.create(who);
    }

    @AfterParameterizedClassInvocation
    static void close() throws Exception {
        if (builder != null) {
            builder.close();
        }
    }

    private Command build(Path dockerfile, String... flags) {
        List<String> words = new ArrayList<>(List.of("build"));
        words.addAll(List.of(flags));
        words.addAll(
                List.of("--secret=id=file,src=" + dockerfile.resolveSibling("given"), "--secret=id=env,env=GIVEN"));
        words.add(dockerfile.getParent().toString());
        return builder.drydock(Map.of("GIVEN", PLANTED), words.toArray(String[]::new));
    }

    /** Every step uses the secrets; the second has something for a layer, the last does not end well. */
    private static Path project(String name, String end) throws Exception {
        builder.write(name + "/given", PLANTED);
        builder.write(name + "/.dockerignore", "*\n");
        return builder.write(name + "/Dockerfile", """
                FROM busybox:1.37
                LABEL of=%1$s
                RUN --mount=type=secret,id=file --mount=type=secret,id=env,env=TOKEN \\
                    test "$TOKEN" = "$(cat /run/secrets/file)" && cp /run/secrets/file /dev/shm/copy && echo first > /first
                RUN --mount=type=secret,id=file --mount=type=secret,id=env,env=TOKEN \\
                    test "$TOKEN" = "$(cat /run/secrets/file)" && %2$s
                """.formatted(name, end));
    }

    /** Layers, configurations, the database and its log, unfinished files, and what else Drydock keeps for a user. */
    private static void assertNowhere(String when) throws Exception {
        List<String> forms =
                List.of(PLANTED, Base64.getEncoder().encodeToString(PLANTED.getBytes(StandardCharsets.UTF_8)));
        List<Path> holding = new ArrayList<>();
        int looked = 0;
        try (Stream<Path> files = Files.walk(builder.home())) {
            for (Path file : Stream.concat(files, Files.walk(builder.store()))
                    .filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("given"))
                    .toList()) {
                String text = read(file);
                looked++;
                if (forms.stream().anyMatch(text::contains)) {
                    holding.add(file);
                }
            }
        }
        assertThat(holding).as(when).isEmpty();
        assertThat(looked).as("files that were looked at").isGreaterThan(5);
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return ""; // a running build has removed it
        }
    }

    @Test
    void afterAFailedBuildTheyAreNowhere() throws Exception {
        for (String progress : List.of("plain", "rawjson")) {
            Path dockerfile = project("failed-" + progress, "echo told >&2; exit 3");
            Command.Outcome failed =
                    build(dockerfile, "--progress=" + progress, "-t", "failed").run();
            assertThat(failed.exit()).as(failed.toString()).isEqualTo(1);
            assertThat(failed.err()).contains("exit code: 3").doesNotContain(PLANTED);
            assertThat(failed.out()).doesNotContain(PLANTED);
            assertNowhere("after a build that failed, " + progress);
        }
        // the steps before the one that failed are kept, and an image of theirs tells nothing either
        Path dockerfile = project("mended", "echo second > /second");
        build(dockerfile, "-q", "-t", "mended").run().ok();
        for (List<String> words : List.of(
                List.of("history", "--no-trunc", "mended"), List.of("inspect", "mended"), List.of("du", "--verbose"))) {
            assertThat(builder.drydock(Map.of(), words.toArray(String[]::new))
                            .run()
                            .ok()
                            .out())
                    .isNotEmpty()
                    .doesNotContain(PLANTED);
        }
        assertNowhere("with an image");
        builder.assertNothingLeft();
    }

    @Test
    void ofAKilledBuildTheyAreNowhere() throws Exception {
        Path dockerfile = project("killed", "echo up && sleep 1000");
        Process build = build(dockerfile, "--progress=plain").start();
        try (var lines = build.errorReader()) {
            assertThat(lines.lines().anyMatch(line -> line.endsWith(" up"))).isTrue();
            assertNowhere("while a step has them");
        } finally {
            RunningBuild.kill(build);
        }
        assertNowhere("after kill -9");
        builder.drydock(Map.of(), "prune", "-f").run().ok();
        // a step of any build clears away what the kernel kept of the killed one: its control group
        builder.write("next/Dockerfile", "FROM busybox:1.37\nRUN true\n");
        builder.drydock(Map.of(), "build", "-q", builder.home() + "/next").run().ok();
        assertNowhere("after the next build");
        builder.assertNothingLeft();
    }

    /** Each name is its own agent with its own keys; one that is asked for under no name is the default one. */
    @Test
    void everyNameOfAnAgentIsItsOwn() throws Exception {
        Path keys = builder.directory("keys");
        for (String name : List.of("a", "b", "c")) {
            Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name + "@key", "-f", keys + "/" + name)
                    .run()
                    .ok();
        }
        builder.own(keys);
        Path project = builder.write("agents/Dockerfile", """
                FROM busybox:1.37
                COPY tree /
                RUN --mount=type=ssh,id=a --mount=type=ssh,id=b,target=/b --mount=type=ssh,target=/default \\
                    for socket in "$SSH_AUTH_SOCK" /b /default; do \\
                      echo "$socket has $(SSH_AUTH_SOCK=$socket /opt/ssh-add -l | cut -d' ' -f3 | tr '\\n' ' ')"; done
                USER 1000
                RUN --mount=type=ssh,id=b,uid=1000 SSH_AUTH_SOCK=$SSH_AUTH_SOCK /opt/ssh-add -l | sed 's/^/of 1000: /'
                """).getParent();
        Program.copy(Requires.program("ssh-add"), project.resolve("tree"), "opt/ssh-add");
        builder.own(project);
        String said = builder.drydock(
                        Map.of(),
                        "build",
                        "--progress=plain",
                        "--ssh",
                        "a=" + keys + "/a",
                        "--ssh=b=" + keys + "/b," + keys + "/c",
                        "--ssh=default=" + keys + "/c",
                        project.toString())
                .run()
                .ok()
                .err();
        assertThat(said)
                .containsPattern("#[0-9]+ [0-9.]+ /run/buildkit/ssh_agent.0 has a@key \n")
                .containsPattern("#[0-9]+ [0-9.]+ /b has b@key c@key \n")
                .containsPattern("#[0-9]+ [0-9.]+ /default has c@key \n")
                .containsPattern("#[0-9]+ [0-9.]+ of 1000: .* b@key ")
                .containsPattern("#[0-9]+ [0-9.]+ of 1000: .* c@key ")
                .doesNotContainPattern("of 1000: .* a@key");
        builder.assertNothingLeft();
    }
}
