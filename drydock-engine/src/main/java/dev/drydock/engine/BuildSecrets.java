package dev.drydock.engine;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.UserFault;
import dev.drydock.ops.StepSecrets;
import dev.drydock.runtime.KeyAgent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The secrets and the SSH agents of one build. Closing it ends the agents that it started. */
final class BuildSecrets implements StepSecrets, AutoCloseable {
    private final RunSettings settings;
    private final Path tmp;
    private final Map<String, KeyAgent> started = new HashMap<>(); // by this

    /** {@code tmp} takes the sockets of agents that hold keys. */
    BuildSecrets(RunSettings settings, Path tmp) {
        this.settings = settings;
        this.tmp = tmp;
    }

    @Override
    public Optional<byte[]> secret(String id) {
        return switch (settings.secrets().get(id)) {
            case null -> Optional.empty();
            case Secret.OfValue value -> Optional.of(value.value());
            case Secret.OfFile(Path file) -> Optional.of(read(id, file));
        };
    }

    /** The value as text, for servers that want to know who asks. */
    Optional<String> text(String id) {
        return secret(id).map(value -> new String(value, StandardCharsets.UTF_8));
    }

    /** The socket of the caller's own agent, for repositories; null if it is not forwarded. */
    @Nullable
    String ownAgent() {
        return settings.agents().get("default") instanceof SshSource.Agent(Path socket) ? socket.toString() : null;
    }

    private static byte[] read(String id, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] value = in.readNBytes(Secret.MAX_SIZE + 1);
            if (value.length > Secret.MAX_SIZE) {
                throw new UserFault("secret " + id + " too big. max size 500KB");
            }
            return value;
        } catch (IOException e) {
            throw new EnvironmentFault("read secret " + id + ": " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public boolean hasAgents() {
        return !settings.agents().isEmpty();
    }

    @Override
    public Optional<Path> agent(String id) throws InterruptedException {
        return switch (settings.agents().get(id)) {
            case null -> Optional.empty();
            case SshSource.Agent(Path socket) -> Optional.of(socket);
            case SshSource.Keys keys -> Optional.of(agent(id, keys));
        };
    }

    private synchronized Path agent(String id, SshSource.Keys keys) throws InterruptedException {
        KeyAgent agent = started.get(id);
        if (agent == null) {
            agent = KeyAgent.start(keys.files(), tmp.resolve("ssh-agent-" + started.size()));
            started.put(id, agent);
        }
        return agent.socket();
    }

    @Override
    public synchronized void close() {
        started.values().forEach(KeyAgent::close);
        started.clear();
    }
}
