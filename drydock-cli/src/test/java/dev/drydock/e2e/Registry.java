package dev.drydock.e2e;

import dev.drydock.e2e.Command.Outcome;
import dev.drydock.house.Requires;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Debian's {@code docker-registry} on a loopback port, with its storage in a test's directory. Closing ends it. */
final class Registry implements AutoCloseable {
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
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = Files.createDirectories(directory).resolve("config.yml");
        Files.writeString(
                config,
                "version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: "
                        + directory.resolve("data") + "\n  delete:\n    enabled: true\nhttp:\n  addr: 127.0.0.1:" + port
                        + "\n" + more);
        Process process = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        for (int tries = 0; tries < 100; tries++) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return new Registry(process, port);
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        process.destroyForcibly();
        throw new AssertionError("docker-registry did not start: " + Files.readString(directory.resolve("log")));
    }

    String host() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
