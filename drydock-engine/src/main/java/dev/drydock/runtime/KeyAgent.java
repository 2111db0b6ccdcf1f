package dev.drydock.runtime;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.UserFault;
import dev.drydock.linux.Directory;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * OpenSSH's agent with some private keys, for one build. It dies with this JVM: the thread that starts it, at whose end
 * the kernel would kill it, lives as long as the agent.
 */
public final class KeyAgent implements AutoCloseable {
    private static final String SOCKET = "agent";
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private final Process process;
    private final Path directory;

    private KeyAgent(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /**
     * Starts an agent and gives it the keys. The caller closes it.
     *
     * @param directory for its socket; it must not exist
     * @throws UserFault if a file is no private key, or one with a passphrase
     */
    public static KeyAgent start(List<Path> keys, Path directory) throws InterruptedException {
        return start(new Programs(System.getenv()), keys, directory);
    }

    static KeyAgent start(Programs programs, List<Path> keys, Path directory) throws InterruptedException {
        for (String name : List.of("ssh-agent", "ssh-add", "setpriv")) {
            if (programs.find(name).isEmpty()) {
                throw new EnvironmentFault("forward ssh keys: " + name + " not found on the PATH")
                        .hint(
                                "Install it with `apt-get install openssh-client util-linux`, or give an agent's socket.");
            }
        }
        try {
            Files.createDirectory(directory);
            KeyAgent agent = new KeyAgent(launch(programs, directory), directory); // an interrupt is seen below
            try {
                agent.awaitListening();
                for (Path key : keys) {
                    agent.add(programs, key);
                }
                return agent;
            } catch (IOException | InterruptedException | RuntimeException e) {
                agent.close();
                throw e;
            }
        } catch (IOException e) {
            throw new EnvironmentFault("forward ssh keys: start ssh-agent: " + e.getMessage(), e);
        }
    }

    /** Where it listens. The path may be longer than a socket address. */
    public Path socket() {
        return directory.resolve(SOCKET);
    }

    /** Does not stop for an interrupt, after which nobody would know the process. */
    private static Process launch(Programs programs, Path directory) throws IOException {
        ProcessBuilder builder = command(
                programs, directory, List.of("setpriv", "--pdeathsig", "KILL", "ssh-agent", "-D", "-a", SOCKET));
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread.ofPlatform().name("ssh-agent").daemon(true).start(() -> {
            try {
                Process process = builder.start();
                started.complete(process);
                process.onExit().join();
            } catch (IOException | RuntimeException | Error e) { // the top of a thread: told to the one who waits
                started.completeExceptionally(e);
            }
        });
        try {
            return started.join();
        } catch (CompletionException e) {
            Files.delete(directory);
            throw new IOException(e.getCause());
        }
    }

    /** Runs in the directory, so that the socket's name is short. */
    private static ProcessBuilder command(Programs programs, Path directory, List<String> words) {
        List<String> found = new ArrayList<>(words);
        found.set(0, programs.find(words.getFirst()).orElseThrow().toString());
        ProcessBuilder builder =
                new ProcessBuilder(found).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", programs.path());
        builder.environment().put("SSH_AUTH_SOCK", SOCKET);
        // nobody is there to type a passphrase
        builder.environment().put("SSH_ASKPASS", "false");
        builder.environment().put("SSH_ASKPASS_REQUIRE", "force");
        return builder;
    }

    /** Its socket has a name before anybody listens at it. */
    private void awaitListening() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE;
        while (!listens()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IOException(said(process));
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private boolean listens() {
        try (Directory place = Directory.open(directory);
                SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return socket.connect(UnixDomainSocketAddress.of(place.shortPath().resolve(SOCKET)));
        } catch (IOException e) {
            return false; // not yet
        }
    }

    private void add(Programs programs, Path key) throws IOException, InterruptedException {
        Process add = command(
                        programs,
                        directory,
                        List.of("ssh-add", "-q", key.toAbsolutePath().toString()))
                .start();
        add.getOutputStream().close();
        String said = said(add);
        if (add.waitFor() != 0) {
            throw new UserFault("forward ssh key " + key + ": ssh-add does not take it: " + said)
                    .hint("A key with a passphrase is given to an agent first: `ssh-add " + key
                            + "`, then build with `--ssh default`.");
        }
    }

    private static String said(Process process) throws IOException {
        try (InputStream out = process.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? "it says nothing" : text.replaceAll("\\s*\\n\\s*", ", ");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join(); // until then it may make its socket
        try {
            Files.deleteIfExists(socket());
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new EnvironmentFault("clean up after ssh-agent: delete " + directory + ": " + e.getMessage(), e);
        }
    }
}
