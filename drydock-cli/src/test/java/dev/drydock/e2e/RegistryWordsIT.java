package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.drydock.e2e.Command.Outcome;
import dev.drydock.house.Requires;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What pull, push and login print, word for word as Docker does. */
class RegistryWordsIT {
    private static final String ID = "[0-9a-f]{12}";
    private static final String DIGEST = "sha256:[0-9a-f]{64}";

    private Store store;

    @BeforeEach
    void open() throws Exception {
        Requires.root();
        Requires.program("docker-registry");
        store = Store.create();
        Path context = store.directory("context");
        Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n");
    }

    @AfterEach
    void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }

    @Test
    void pullAndPush() throws Exception {
        try (Registry registry = Registry.start(store.directory("registry"))) {
            String name = registry.host() + "/team/hello";
            store.drydock(
                            "build",
                            "-q",
                            "-t",
                            name + ":1",
                            "-t",
                            name + ":2",
                            store.directory("context").toString())
                    .run()
                    .ok();

            Outcome pushed = store.drydock("push", "-a", name).run().ok();
            assertThat(pushed.out())
                    .matches("The push refers to repository \\[" + name + "]\n(" + ID + ": Pushed\n){2}1: digest: "
                            + DIGEST
                            + " size: \\d+\n" + ID + ": (Layer already|Already) exists\n" + ID
                            + ": (Layer already|Already) exists\n2: digest: " + DIGEST + " size: \\d+\n")
                    .contains(": Layer already exists\n")
                    .contains(": Already exists\n");
            String digest = pushed.out().replaceFirst("(?s).*1: digest: (" + DIGEST + ").*", "$1");
            assertThat(store.drydock("push", "--quiet", name + ":1").run().ok().out())
                    .isEqualTo(name + ":1\n");
            store.drydock("rmi", name + ":1", name + ":2").run().ok();

            assertThat(store.drydock("pull", name + ":1").run().ok().out())
                    .matches("1: Pulling from team/hello\n" + ID + ": Pulling fs layer\n" + ID + ": Download complete\n"
                            + ID
                            + ": Pull complete\nDigest: " + digest + "\nStatus: Downloaded newer image for " + name
                            + ":1\n" + name + ":1\n");
            assertThat(store.drydock("pull", name + ":1").run().ok().out())
                    .isEqualTo("1: Pulling from team/hello\nDigest: " + digest + "\nStatus: Image is up to date for "
                            + name + ":1\n" + name + ":1\n");
            assertThat(store.drydock("pull", name + ":1@" + digest).run().ok().out())
                    .isEqualTo(name + "@" + digest + ": Pulling from team/hello\nDigest: " + digest
                            + "\nStatus: Image is up to date for " + name + "@" + digest + "\n" + name + ":1@" + digest
                            + "\n");
            assertThat(store.drydock("pull", "-q", name + ":2").run().ok().out())
                    .isEqualTo(name + ":2\n");
            assertThat(store.drydock("pull", "-a", name).run().ok().out())
                    .contains("1: Pulling from team/hello\nDigest: ")
                    .contains("2: Pulling from team/hello\nDigest: ")
                    .endsWith(name + "\n");

            Outcome none = store.drydock("pull", name).run();
            assertThat(none.exit()).isEqualTo(1);
            assertThat(none.out()).isEqualTo("Using default tag: latest\n");
            assertThat(none.err())
                    .startsWith("Error response from daemon: failed to resolve reference \"" + name + ":latest\": "
                            + name + ":latest: not found\n")
                    .contains("hint: ");
            assertThat(store.drydock("pull", "-a", name + ":1").run().err())
                    .startsWith("tag can't be used with --all-tags/-a\n");
            Outcome missing = store.drydock("push", name).run();
            assertThat(missing.exit()).isEqualTo(1);
            assertThat(missing.out())
                    .isEqualTo("Using default tag: latest\nThe push refers to repository [" + name + "]\n");
            assertThat(missing.err()).startsWith("tag does not exist: " + name + ":latest\n");
            assertThat(store.drydock("push", name + "@" + digest).run().err())
                    .startsWith("cannot push a digest reference\n");
        }
    }

    @Test
    void aLimitIsExplained() throws Exception {
        HttpServer hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.createContext("/", exchange -> {
            byte[] body = ("{\"errors\":[{\"code\":\"TOOMANYREQUESTS\",\"message\":\"You have reached your"
                            + " unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit\"}]}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("ratelimit-limit", "100;w=21600");
            exchange.getResponseHeaders().set("Retry-After", "0");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(429, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        hub.start();
        try {
            Outcome refused = store.drydock(
                            "pull", "127.0.0.1:" + hub.getAddress().getPort() + "/app:1")
                    .run();
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err())
                    .startsWith("Error response from daemon: toomanyrequests: ")
                    .contains("hint: The limit is 100 in 6 h.\n")
                    .contains("drydock login");
        } finally {
            hub.stop(0);
        }
    }

    @Test
    void loginWithAHelperProgram() throws Exception {
        try (Registry registry = Registry.withPassword(store.directory("registry"), "demo", "s3cret")) {
            Path home = store.directory("home");
            Path helpers = store.directory("helpers");
            Path helper = Files.writeString(helpers.resolve("docker-credential-test"), """
                    #!/bin/sh
                    case $1 in
                      get) if [ -e "$0.kept" ]; then cat "$0.kept"; else echo "credentials not found in native keychain"; exit 1; fi ;;
                      store) cat >"$0.kept" ;;
                      erase) rm -f "$0.kept" ;;
                    esac
                    """);
            Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwx------"));
            Path config = store.directory("docker");
            Files.writeString(
                    config.resolve("config.json"), "{\"credHelpers\":{\"" + registry.host() + "\":\"test\"}}");
            String path = helpers + ":" + System.getenv("PATH");
            Command login = store.drydock("login", "-u", "demo", "--password-stdin", registry.host())
                    .with("HOME", home.toString())
                    .with("DOCKER_CONFIG", config.toString())
                    .with("PATH", path)
                    .stdin("s3cret\n");
            Outcome done = login.run().ok();
            assertThat(done.out()).isEqualTo("Login Succeeded\n");
            assertThat(done.err()).isEmpty();
            assertThat(Files.readString(config.resolve("config.json"))).doesNotContain("s3cret");
            String name = registry.host() + "/hello:1";
            store.drydock("build", "-q", "-t", name, store.directory("context").toString())
                    .run()
                    .ok();
            store.drydock("push", "-q", name)
                    .with("HOME", home.toString())
                    .with("DOCKER_CONFIG", config.toString())
                    .with("PATH", path)
                    .run()
                    .ok();
            Outcome out = store.drydock("logout", registry.host())
                    .with("HOME", home.toString())
                    .with("DOCKER_CONFIG", config.toString())
                    .with("PATH", path)
                    .run()
                    .ok();
            assertThat(out.out()).isEqualTo("Removing login credentials for " + registry.host() + "\n");
            assertThat(helpers.resolve("docker-credential-test.kept")).doesNotExist();
        }
    }
}
