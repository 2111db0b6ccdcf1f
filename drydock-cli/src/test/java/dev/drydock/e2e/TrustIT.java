package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.drydock.house.Requires;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The package managers themselves, in an image that knows no authority of the world's, fetching what they fetch by default.
 * Takes some minutes and the internet, so it runs only with {@code -Ddrydock.internet=true}.
 */
class TrustIT {
    private static final String DOCKERFILE = """
            FROM tools:1 AS base
            ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/go/bin:/opt/rust/bin HOME=/root
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
            RUN mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.6.1:get -Dartifact=org.slf4j:slf4j-api:2.0.13 \\
                  -Dtransitive=false && mkdir /got && touch -d @1000000000 /got/maven
            FROM scratch
            COPY --from=apt /got/ /
            COPY --from=pip /got/ /
            COPY --from=npm /got/ /
            COPY --from=go /got/ /
            COPY --from=cargo /got/ /
            COPY --from=maven /got/ /
            """;

    @Test
    void everyPackageManagerFetchesWithTheHostsTrustAndNoneWithout() throws Exception {
        assumeTrue(Boolean.getBoolean("drydock.internet"), "needs the internet: -Ddrydock.internet=true");
        Requires.root();
        for (String program :
                List.of("mmdebstrap", "runc", "pasta", "node", "npm", "go", "cargo", "rustc", "java", "mvn")) {
            Requires.program(program);
        }
        try (Store store = Store.create()) {
            Path project = store.directory("project");
            Files.writeString(project.resolve("Dockerfile"), DOCKERFILE);
            base(store);
            for (String tool : List.of("apt", "pip", "npm", "go", "cargo", "maven")) {
                var refused = store.drydock("build", "--target", tool, project.toString())
                        .run();
                assertThat(refused.exit())
                        .as(tool + " without the host's certificates: " + refused)
                        .isEqualTo(1);
            }
            var built = store.drydock(
                            "build",
                            "--progress=plain",
                            "--trust=host",
                            "--build-arg=SOURCE_DATE_EPOCH=1000000000",
                            "-t",
                            "fetched",
                            project.toString())
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
            assertThat(again.err()).contains("[maven 1/1] RUN").contains("CACHED");
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
        Path root = store.directory("tools").resolve("root");
        String release = Command.of("sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME")
                .run()
                .ok()
                .out()
                .strip();
        Command.of("mmdebstrap", "-q", "--variant=apt", "--include=ca-certificates", release, root.toString())
                .run()
                .ok();
        Command.of("sh", script.toString(), root.toString()).run().ok();
        Path tar = root.resolveSibling("root.tar");
        Command.of("tar", "-C", root.toString(), "-cf", tar.toString(), ".")
                .run()
                .ok();
        store.drydock("import", tar.toString(), "tools:1").run().ok();
    }
}
