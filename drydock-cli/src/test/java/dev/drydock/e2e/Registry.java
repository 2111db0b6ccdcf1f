package dev.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.e2e.Command.Outcome;
import dev.drydock.house.Eventually;
import dev.drydock.house.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Debian's {@code docker-registry} on a loopback port, with its storage in a test's directory. Closing ends it. */
final class Registry implements AutoCloseable {
    /** The kernel gives it the port, so that nobody else can get it; its log says which. */
    private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");

    private final Process process;
    private final int port;

    private Registry(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Open to everybody. */
    static Registry start(Path directory) throws IOException, InterruptedException {
        return start(directory, "");
    }

    /** Wants this user and this password. */
    static Registry withPassword(Path directory, String user, String password)
            throws IOException, InterruptedException {
        Requires.program("htpasswd");
        Outcome made = Command.of("htpasswd", "-nbB", user, password).run().ok();
        Path file = Files.writeString(Files.createDirectories(directory).resolve("htpasswd"), made.out());
        return start(directory, "auth:\n  htpasswd:\n    realm: test\n    path: " + file + "\n");
    }

    /** Speaks TLS with this certificate; wants certificates of clients signed by {@code clients} unless that is null. */
    static Registry withTls(Path directory, Certificates.Pair server, Path clients)
            throws IOException, InterruptedException {
        String tls = "  tls:\n    certificate: " + server.certificate() + "\n    key: " + server.key() + "\n"
                + (clients == null ? "" : "    clientcas:\n      - " + clients + "\n");
        return start(directory, tls);
    }

    /** Wants tokens of this token server. */
    static Registry withTokens(Path directory, String realm, Path authority) throws IOException, InterruptedException {
        return start(
                directory,
                "auth:\n  token:\n    realm: " + realm
                        + "\n    service: test-registry\n    issuer: test-issuer\n    rootcertbundle: " + authority
                        + "\n");
    }

    private static Registry start(Path directory, String more) throws IOException, InterruptedException {
        Requires.program("docker-registry");
        Path config = Files.createDirectories(directory).resolve("config.yml");
        Files.writeString(
                config,
                "version: 0.1\nlog:\n  level: info\nstorage:\n  filesystem:\n    rootdirectory: "
                        + directory.resolve("data") + "\n  delete:\n    enabled: true\nhttp:\n  addr: 127.0.0.1:0\n"
                        + more);
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        AtomicInteger port = new AtomicInteger();
        try {
            Eventually.holds(() -> {
                Matcher listening = LISTENING.matcher(Files.readString(log));
                assertThat(listening.find())
                        .as("docker-registry: %s", Files.readString(log))
                        .isTrue();
                port.set(Integer.parseInt(listening.group(1)));
            });
        } catch (Exception e) {
            process.destroyForcibly();
            throw new AssertionError("docker-registry did not start", e);
        }
        return new Registry(process, port.get());
    }

    String host() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
        }
    }
}
