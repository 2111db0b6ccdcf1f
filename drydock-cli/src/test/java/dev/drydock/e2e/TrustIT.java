package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * The package managers themselves, in an image that knows no authority of the world's, fetching what they fetch by default.
 * Asks the registries that this machine's own package managers ask, and nobody else.
 */
class TrustIT {
    private static final String DOCKERFILE = """
            FROM tools:1 AS base
            ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/go/bin:/opt/rust/bin HOME=/root
            ARG RETRIES=2
            ENV NPM_CONFIG_FETCH_RETRIES=$RETRIES PIP_RETRIES=$RETRIES CARGO_NET_RETRY=$RETRIES
            WORKDIR /w
            FROM base AS apt
            RUN apt-get update && apt-get download hello && ls hello*.deb && mkdir /got && touch -d @1000000000 /got/apt
            FROM base AS pip
            RUN python3 -m pip download --no-deps -d /tmp/p six && mkdir /got && touch -d @1000000000 /got/pip
            FROM base AS npm
            RUN npm pack left-pad && ls left-pad*.tgz && mkdir /got && touch -d @1000000000 /got/npm
            FROM base AS go
            RUN go mod init x.test/y && go mod download rsc.io/quote@v1.5.2 && mkdir /got && touch -d @1000000000 /got/go
            FROM base AS cargo
            RUN mkdir src && touch src/lib.rs && cargo init --lib --name x . 2> /dev/null; \\
                printf '[package]\\nname = "x"\\nversion = "0.1.0"\\n[dependencies]\\nitoa = "1"\\n' > Cargo.toml \\
                && cargo fetch && mkdir /got && touch -d @1000000000 /got/cargo
            FROM base AS maven
            COPY pom.xml .
            RUN mvn -B -q validate && ls /root/.m2/repository/org/slf4j/slf4j-api/2.0.13/*.jar \\
                  && mkdir /got && touch -d @1000000000 /got/maven
            FROM scratch
            COPY --from=apt /got/ /
            COPY --from=pip /got/ /
            COPY --from=npm /got/ /
            COPY --from=go /got/ /
            COPY --from=cargo /got/ /
            COPY --from=maven /got/ /
            """;

    /** Maven itself fetches the extensions of a build: no plugin needs to be fetched for it first. */
    private static final String POM = """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>x</groupId><artifactId>x</artifactId><version>1</version><packaging>pom</packaging>
              <build><extensions><extension>
                <groupId>org.slf4j</groupId><artifactId>slf4j-api</artifactId><version>2.0.13</version>
              </extension></extensions></build>
            </project>
            """;

    /** In the words of OpenSSL, Node, Go, curl and Java. */
    private static final String NOT_TRUSTED =
            "(?i)certificate verif|CERTIFICATE_VERIFY_FAILED|unable to get .*issuer|SELF_SIGNED_CERT|self-signed certificate"
                    + "|x509: certificate signed by unknown authority|SSL (peer )?certificate|PKIX path building failed"
                    + "|certificate is NOT trusted";

    private static final List<String> TOOLS = List.of("apt", "pip", "npm", "go", "cargo", "maven");

    /** Ends a program that waits for a network which died meanwhile. */
    private static Command limited(Command command) {
        List<String> words = new ArrayList<>(List.of("timeout", "300"));
        words.addAll(command.words());
        return command.instead(words);
    }

    private static boolean aRegistryAnswers() throws Exception {
        return Command.of(
                                "timeout",
                                "60",
                                "npm",
                                "view",
                                "--fetch-retries=1",
                                "--fetch-timeout=20000",
                                "left-pad",
                                "version")
                        .run()
                        .exit()
                == 0;
    }

    /** Two at a time: most of it is waiting for the registries. */
    private static void noneTrusts(Store store, Path project) throws Exception {
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            List<Future<Command.Outcome>> refused = new ArrayList<>();
            for (String tool : TOOLS) {
                Command build = limited(store.drydock(
                        "build", "--progress=plain", "--build-arg=RETRIES=0", "--target", tool, project.toString()));
                refused.add(two.submit(build::run));
            }
            for (Future<Command.Outcome> outcome : refused) {
                assertThat(outcome.get().exit())
                        .as("without the host's certificates: " + outcome.get())
                        .isEqualTo(1);
                assertThat(outcome.get().err()).containsPattern(NOT_TRUSTED);
            }
        }
    }

    @Test
    void everyPackageManagerFetchesWithTheHostsTrustAndNoneWithout() throws Exception {
        Requires.root();
        for (String program :
                List.of("apt-get", "runc", "pasta", "node", "npm", "go", "cargo", "rustc", "java", "mvn")) {
            Requires.program(program);
        }
        Requires.that(aRegistryAnswers(), "needs the package registries, and none answers");
        try (Store store = Store.create()) {
            Path project = store.directory("project");
            Files.writeString(project.resolve("Dockerfile"), DOCKERFILE);
            Files.writeString(project.resolve("pom.xml"), POM);
            base(store);
            noneTrusts(store, project);
            var built = limited(store.drydock(
                            "build",
                            "--progress=plain",
                            "--trust=host",
                            "--build-arg=SOURCE_DATE_EPOCH=1000000000",
                            "-t",
                            "fetched",
                            project.toString()))
                    .run()
                    .ok();
            assertThat(built.err()).doesNotContain("on the host's network");
            String before = store.drydock("inspect", "-f", "{{.Id}}", "fetched")
                    .run()
                    .ok()
                    .out();
            // the key knows nothing of the certificates: without them all of it is there already
            var again = store.drydock(
                            "build",
                            "--progress=plain",
                            "--build-arg=SOURCE_DATE_EPOCH=1000000000",
                            "-t",
                            "again",
                            project.toString())
                    .run()
                    .ok();
            assertThat(again.err()).contains("[maven 2/2] RUN").contains("CACHED");
            assertThat(store.drydock("inspect", "-f", "{{.Id}}", "again")
                            .run()
                            .ok()
                            .out())
                    .isEqualTo(before);
        }
    }

    private static void base(Store store) throws Exception {
        Path script = store.directory("tools").resolve("host-tools.sh");
        try (InputStream in = TrustIT.class.getResourceAsStream("host-tools.sh")) {
            Files.copy(Objects.requireNonNull(in), script);
        }
        Path root = store.directory("tools/root");
        Command.of("sh", script.toString(), root.toString()).run().ok();
        Path tar = root.resolveSibling("root.tar");
        Command.of("tar", "-C", root.toString(), "-cf", tar.toString(), ".")
                .run()
                .ok();
        store.drydock("import", tar.toString(), "tools:1").run().ok();
    }
}
