package dev.drydock.engine;

import dev.drydock.fault.UserFault;
import dev.drydock.ops.StepSecrets;
import dev.drydock.runtime.KeyAgent;
import dev.drydock.scope.Disk;
import dev.drydock.source.CallersFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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

    private static byte[] read(String id, Path file) {
        try {
            return CallersFile.read(file, Secret.MAX_SIZE);
        } catch (IOException e) {
            if (e instanceof FileSystemException named && CallersFile.TOO_LARGE.equals(named.getReason())) {
                throw new UserFault("secret " + id + " too big. max size 500KB", e);
            }
            throw new UserFault(Disk.fault("read secret " + id, e).text(), e)
                    .hint("Let src= of the secret name a file that this user may read.");
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
