package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Proxies, certificates and logins of the host's: there for the step, and of no consequence for the image. */
class HostSettingsIT {
    private static final String PLANTED = "pl4nted-l0gin-of-the-host-settings-test";
    private static Store store;

    @BeforeAll
    static void open() throws Exception {
        Requires.root();
        Requires.program("runc");
        Requires.program("busybox");
        store = Store.create().withBusybox();
    }

    @AfterAll
    static void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    private static String layers(String image) throws Exception {
        return store.drydock("inspect", "-f", "{{json .RootFS.Layers}}", image)
                .run()
                .ok()
                .out();
    }

    @Test
    void proxiesOfDockersSettingsReachTheStepsOnly() throws Exception {
        Path config = store.directory("docker-config");
        Files.writeString(config.resolve("config.json"), """
                {"proxies": {
                  "default": {"httpProxy": "http://u:pw-of-proxy@proxy.example:1", "httpsProxy": "http://proxy.example:2",
                              "noProxy": "*.example.org", "ftpProxy": "http://proxy.example:3", "allProxy": "socks5://p:4"},
                  "tcp://there:2376": {"httpProxy": "http://there.example:9"}}}
                """);
        Path project =
                store.project("RUN echo \"<$HTTP_PROXY|$http_proxy|$https_proxy|$no_proxy|$ftp_proxy|$ALL_PROXY>\"\n");
        Command.Outcome first = store.build(project, "-t", "proxied")
                .with("DOCKER_CONFIG", config.toString())
                .run()
                .ok();
        assertThat(first.err())
                .contains("<http://u:pw-of-proxy@proxy.example:1|http://u:pw-of-proxy@proxy.example:1"
                        + "|http://proxy.example:2|*.example.org|http://proxy.example:3|socks5://p:4>\n");
        String known = store.drydock("inspect", "proxied").run().ok().out()
                + store.drydock("history", "--no-trunc", "proxied").run().ok().out();
        assertThat(known).doesNotContain("proxy.example", "pw-of-proxy");
        assertThat(holding("pw-of-proxy")).isEmpty();
        assertThat(store.build(project).run().ok().err())
                .as("the key does not see them")
                .contains("CACHED\n\n");
        assertThat(store.build(project, "--no-cache", "--build-arg", "http_proxy=http://mine.example")
                        .with("DOCKER_CONFIG", config.toString())
                        .with("DOCKER_HOST", "tcp://there:2376")
                        .run()
                        .ok()
                        .err())
                .contains("<http://mine.example|http://mine.example||||>\n");
        assertThat(store.build(project, "--no-cache")
                        .with("DOCKER_CONFIG", config.toString())
                        .with("DOCKER_HOST", "tcp://there:2376")
                        .run()
                        .ok()
                        .err())
                .contains("<http://there.example:9|http://there.example:9||||>\n");
    }

    /** As with Docker, this process's own proxies are not the steps' unless it is said. */
    @Test
    void proxiesOfTheEnvironmentReachTheStepsWhenAsked() throws Exception {
        Path project = store.project("RUN echo \"<$HTTP_PROXY|$https_proxy|$no_proxy>\"\n");
        assertThat(own(store.build(project, "--no-cache")).run().ok().err()).contains("<||>\n");
        assertThat(own(store.build(project, "--no-cache", "--proxy=host"))
                        .run()
                        .ok()
                        .err())
                .contains("<http://own.example:1|http://own.example:2|local.example>\n");
        assertThat(own(store.build(project, "--no-cache"))
                        .with("DRYDOCK_PROXY", "host")
                        .run()
                        .ok()
                        .err())
                .contains("<http://own.example:1|http://own.example:2|local.example>\n");
    }

    private static Command own(Command build) {
        return build.with("http_proxy", "http://own.example:1")
                .with("HTTPS_PROXY", "http://own.example:2")
                .with("NO_PROXY", "local.example");
    }

    @Test
    void loginsAreLentToTheStepsAndLeaveNoTrace() throws Exception {
        Path home = store.directory("home");
        for (String file :
                List.of(".npmrc", ".config/pip/pip.conf", ".m2/settings.xml", ".cargo/credentials.toml", ".netrc")) {
            Files.createDirectories(home.resolve(file).resolveSibling(""));
            Files.writeString(home.resolve(file), file + " " + PLANTED + "\n");
        }
        Path project = store.project("""
                ARG SOURCE_DATE_EPOCH
                RUN echo 'app:x:1000:1000::/home/app:/bin/sh' >> /etc/passwd && mkdir -p /home/app/.m2 && chown -R 1000:1000 /home/app \\
                    && touch -d @1000000000 /home/app/.m2 /home/app /home /etc/passwd /etc
                RUN for f in "$NPM_CONFIG_USERCONFIG" "$PIP_CONFIG_FILE" /root/.m2/settings.xml /root/.cargo/credentials.toml \\
                      /root/.netrc; do cat "$f" 2> /dev/null | cut -d ' ' -f 1; done; echo over
                USER app
                RUN cat ~/.m2/settings.xml ~/.netrc "$NPM_CONFIG_USERCONFIG" 2> /dev/null | cut -d ' ' -f 1; ls -ld ~ ~/.m2 > /dev/null
                ENV NPM_CONFIG_USERCONFIG=/tmp/mine CARGO_HOME=/home/app
                RUN cat /tmp/mine /home/app/credentials.toml 2> /dev/null | cut -d ' ' -f 1
                """);
        List<String> images = new ArrayList<>();
        for (String logins : List.of("none", "all")) {
            Command.Outcome outcome = store.build(
                            project,
                            "--no-cache",
                            "--build-arg=SOURCE_DATE_EPOCH=1000000000",
                            "--logins=" + logins,
                            "-t",
                            "lent-" + logins)
                    .with("HOME", home.toString())
                    .run()
                    .ok();
            List<String> seen = outcome.err()
                    .lines()
                    .filter(line -> line.matches("#[0-9]+ [0-9.]+ \\..*"))
                    .map(line -> line.replaceFirst("^\\S+ \\S+ ", ""))
                    .toList();
            if (logins.equals("all")) {
                assertThat(seen)
                        .containsExactly(
                                ".npmrc",
                                ".config/pip/pip.conf",
                                ".m2/settings.xml",
                                ".cargo/credentials.toml",
                                ".netrc",
                                ".m2/settings.xml",
                                ".netrc",
                                ".npmrc",
                                ".npmrc",
                                ".cargo/credentials.toml");
            } else {
                assertThat(seen).isEmpty();
            }
            images.add(layers("lent-" + logins));
        }
        assertThat(images.get(0)).isEqualTo(images.get(1));
        assertThat(holding(PLANTED)).isEmpty();
        assertThat(store.build(project, "--build-arg=SOURCE_DATE_EPOCH=1000000000")
                        .run()
                        .ok()
                        .err())
                .as("the key does not see them")
                .contains("CACHED");
    }

    @Test
    void loginsThatAreNotThereAreSaidSo() throws Exception {
        Path project = store.project("RUN true\n");
        String nobody = store.directory("nobody").toString();
        assertThat(store.build(project, "--logins=npm")
                        .with("HOME", nobody)
                        .run()
                        .err())
                .startsWith("invalid argument \"npm\" for \"--logins\" flag: this user has no such file\n");
        assertThat(store.build(project, "--logins=gem").run().err())
                .startsWith(
                        "invalid argument \"gem\" for \"--logins\" flag: must be all, none, npm, pip, maven, cargo or netrc\n");
        store.build(project, "--logins=all").with("HOME", nobody).run().ok();
    }

    /** One file of a company's own, beside the image's. */
    @Test
    void certificatesOfAFileAreTheStepsToo() throws Exception {
        Path file = store.directory("certificates").resolve("company.pem");
        Files.writeString(file, "company's certificate\n");
        Path project = store.project("RUN cat $SSL_CERT_FILE\n");
        assertThat(store.build(project, "--trust", file.toString()).run().ok().err())
                .contains(" company's certificate\n");
        assertThat(store.build(project, "--no-cache")
                        .with("DRYDOCK_TRUST", "none," + file)
                        .run()
                        .ok()
                        .err())
                .contains(" company's certificate\n");
        assertThat(store.build(project, "--trust=/nowhere").run().err())
                .startsWith(
                        "invalid argument \"/nowhere\" for \"--trust\" flag: must be \"host\", \"none\" or a file of certificates\n");
    }

    /** Every file below the store that holds the text. */
    private static List<Path> holding(String text) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(store.root())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                    found.add(file);
                }
            }
        }
        return found;
    }
}
