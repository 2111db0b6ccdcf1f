package dev.drydock.source;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** OpenSSH's server on loopback with a host key and a configuration of a test's own, which lets one key in. */
public final class SshServer implements AutoCloseable {
    private static final Path PRIVILEGE_SEPARATION = Path.of("/run/sshd");

    private final Process process;
    private final int port;
    private final Path directory;

    private SshServer(Process process, int port, Path directory) {
        this.process = process;
        this.port = port;
        this.directory = directory;
    }

    /** Starts it in an empty directory; the key that it lets in is {@link #key}. */
    public static SshServer start(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        if (!Files.exists(PRIVILEGE_SEPARATION)) {
            Files.createDirectory(PRIVILEGE_SEPARATION); // Debian makes it at boot; sshd does not start without
        }
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", directory + "/host");
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", directory + "/key");
        Files.copy(directory.resolve("key.pub"), directory.resolve("allowed"));
        while (true) {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            Process process = listen(directory, port);
            if (process != null) {
                return new SshServer(process, port, directory);
            }
        }
    }

    /** sshd does not tell which port it has got where it may choose. Null if somebody else got the port meanwhile. */
    private static @Nullable Process listen(Path directory, int port) throws IOException {
        Path config = directory.resolve("sshd_config");
        Files.write(
                config,
                List.of(
                        "ListenAddress 127.0.0.1",
                        "Port " + port,
                        "HostKey " + directory + "/host",
                        "AuthorizedKeysFile " + directory + "/allowed",
                        "PidFile none",
                        "StrictModes no",
                        "UsePAM no",
                        "PermitRootLogin prohibit-password",
                        "PasswordAuthentication no",
                        "KbdInteractiveAuthentication no"));
        Process process = new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", config.toString())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        return isListening(process) ? process : null;
    }

    /** It says so; what it says later goes nowhere. */
    private static boolean isListening(Process process) throws IOException {
        StringBuilder said = new StringBuilder();
        while (said.indexOf("Server listening on") < 0) {
            int b = process.getInputStream().read();
            if (b < 0 && said.indexOf("Address already in use") >= 0) {
                return false;
            }
            if (b < 0) {
                throw new IOException("sshd: " + said);
            }
            said.append((char) b);
        }
        Thread.ofPlatform().daemon().name("sshd-log").start(() -> {
            try {
                process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            } catch (IOException ended) {
                // with the server
            }
        });
        return true;
    }

    private static void run(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", words) + ": " + said);
        }
    }

    /** The private key that is let in. */
    public Path key() {
        return directory.resolve("key");
    }

    /** The address of a repository of this host. */
    public String url(Path repository) {
        return "ssh://" + System.getProperty("user.name") + "@127.0.0.1:" + port + repository;
    }

    /** A line of known_hosts that says that this server has a key which it has not. */
    public String otherHostKey() throws IOException {
        String key = Files.readString(directory.resolve("key.pub")).replaceFirst(" test\\s*$", "");
        return "[127.0.0.1]:" + port + " " + key + "\n";
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
