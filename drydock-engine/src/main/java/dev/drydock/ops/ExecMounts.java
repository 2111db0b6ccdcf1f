package dev.drydock.ops;

import dev.drydock.fault.Bug;
import dev.drydock.fault.DrydockException;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.UserFault;
import dev.drydock.graph.Op;
import dev.drydock.runtime.AgentSocket;
import dev.drydock.runtime.CacheMounts;
import dev.drydock.runtime.ProcessSpec;
import dev.drydock.runtime.StepDirectory;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.source.ContextTree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is mounted into the root of one step, besides what every step has. Caches are locked until this is closed.
 */
final class ExecMounts implements AutoCloseable {
    private final CacheMounts caches;
    private final StepSecrets secrets;
    private final List<FileTree> inputs;
    private final StepDirectory step;
    private final Path directory;
    private final boolean cachesInTurn;
    private final Map<Op.Mount, ProcessSpec.Bind> binds = new HashMap<>();
    private final Map<CacheUse, Path> used = new HashMap<>();
    private final Deque<Held> held = new ArrayDeque<>();

    /** What is given back when the step is over. */
    private interface Held {
        void close();
    }

    private record CacheUse(Op.MountType.Cache cache, int input, String selector) {}

    /**
     * None is open yet.
     *
     * @param step the step's own directory, for what must be written down to be mounted
     * @param cachesInTurn whether a cache is one step's at a time, however it is shared
     */
    ExecMounts(
            CacheMounts caches, StepSecrets secrets, List<FileTree> inputs, StepDirectory step, boolean cachesInTurn) {
        this.caches = caches;
        this.secrets = secrets;
        this.inputs = inputs;
        this.step = step;
        this.directory = step.path();
        this.cachesInTurn = cachesInTurn;
    }

    /** The binds for all mounts but the root, in their order. May wait for caches that others have locked. */
    List<ProcessSpec.Bind> open(List<Op.Mount> mounts) throws InterruptedException {
        // everybody takes caches in the same order, so that two steps cannot wait for each other
        List<Op.Mount> byCache = new ArrayList<>(mounts);
        byCache.sort((a, b) -> cacheId(a).compareTo(cacheId(b)));
        for (Op.Mount mount : byCache) {
            bind(mount);
        }
        List<ProcessSpec.Bind> ordered = new ArrayList<>();
        for (Op.Mount mount : mounts) {
            ProcessSpec.Bind bind = binds.get(mount);
            if (bind != null) {
                ordered.add(bind);
            }
        }
        return ordered;
    }

    private static String cacheId(Op.Mount mount) {
        return mount.type() instanceof Op.MountType.Cache cache ? cache.id() : "";
    }

    private void bind(Op.Mount mount) throws InterruptedException {
        if (mount.output() >= 0) {
            throw new Bug("run step: mount " + mount.dest() + " is kept: only the root is");
        }
        switch (mount.type()) {
            case Op.MountType.Bind _ -> binds.put(mount, tree(mount));
            case Op.MountType.Cache cache ->
                binds.put(mount, new ProcessSpec.Bind.HostPath(mount.dest(), cache(mount, cache), mount.readOnly()));
            case Op.MountType.Tmpfs(long size) -> binds.put(mount, new ProcessSpec.Bind.Tmpfs(mount.dest(), size));
            case Op.MountType.Secret secret -> secret(mount, secret);
            case Op.MountType.Ssh ssh -> agent(mount, ssh);
        }
    }

    private void secret(Op.Mount mount, Op.MountType.Secret secret) {
        Optional<byte[]> value = secrets.secret(secret.id());
        if (value.isPresent()) {
            binds.put(
                    mount,
                    new ProcessSpec.Bind.InMemory(
                            mount.dest(), value.get(), secret.uid(), secret.gid(), secret.mode()));
        } else if (secret.required()) {
            throw noSecret(secret.id());
        }
    }

    /** What a step says that cannot do without a secret. */
    static UserFault noSecret(String id) {
        return new UserFault("secret " + id + ": not found")
                .hint("Give it with --secret id=" + id + ",src=FILE or --secret id=" + id + ",env=VARIABLE.");
    }

    private void agent(Op.Mount mount, Op.MountType.Ssh ssh) throws InterruptedException {
        Optional<Path> agent = secrets.agent(ssh.id());
        if (agent.isPresent()) {
            Path path = directory.resolve("ssh" + binds.size());
            AgentSocket socket = AgentSocket.listen(path, agent.get(), ssh.uid(), ssh.gid(), ssh.mode());
            held.push(socket::close);
            binds.put(mount, new ProcessSpec.Bind.HostPath(mount.dest(), path, true));
        } else if (ssh.required()) {
            throw new UserFault(
                            secrets.hasAgents()
                                    ? "unset ssh forward key " + ssh.id()
                                    : "no SSH key \"" + ssh.id() + "\" forwarded from the client")
                    .hint("Give it with --ssh " + ssh.id() + "=SOCKET or --ssh " + ssh.id()
                            + "=KEY_FILE; --ssh default forwards the agent of SSH_AUTH_SOCK.");
        }
    }

    private Path cache(Op.Mount mount, Op.MountType.Cache cache) throws InterruptedException {
        CacheUse key = new CacheUse(cache, mount.input(), mount.selector());
        Path known = used.get(key);
        if (known != null) {
            return known;
        }
        CacheMounts.Use use = caches.use(cache, mount.dest(), snapshot(mount.input()), mount.selector(), cachesInTurn);
        held.push(use::close);
        used.put(key, use.data());
        return use.data();
    }

    private Snapshot snapshot(int input) {
        if (input == Op.NO_INPUT) {
            return Snapshot.EMPTY;
        }
        return switch (inputs.get(input)) {
            case FileTree.Layers(Snapshot snapshot) -> snapshot;
            case FileTree.HostDirectory _ -> throw new Bug("mount cache: a context cannot be what it starts with");
        };
    }

    private ProcessSpec.Bind tree(Op.Mount mount) throws InterruptedException {
        String selector = mount.selector().isEmpty() ? "/" : mount.selector();
        Path own = directory.resolve("mount" + binds.size());
        if (mount.input() == Op.NO_INPUT) {
            return new ProcessSpec.Bind.Tree(mount.dest(), List.of(), "/", mount.readOnly() ? null : own);
        }
        return switch (inputs.get(mount.input())) {
            case FileTree.Layers(Snapshot snapshot) -> {
                try (LayeredTree tree = LayeredTree.of(snapshot)) {
                    String path = tree.resolve(selector);
                    if (tree.lstat(path).isEmpty()) {
                        throw new UserFault("mount " + mount.dest() + ": \"" + selector + "\": not found");
                    }
                    List<Path> lowers =
                            snapshot.layers().stream().map(Layer::fs).toList();
                    yield new ProcessSpec.Bind.Tree(mount.dest(), lowers, path, mount.readOnly() ? null : own);
                }
            }
            case FileTree.HostDirectory(ContextTree context) -> {
                // a copy, so that ignored files are not there and nothing is written to the caller's directory
                context.copyTo(selector, own);
                yield new ProcessSpec.Bind.HostPath(mount.dest(), own, mount.readOnly());
            }
        };
    }

    /** Writes a small file that is mounted read-only. */
    ProcessSpec.Bind file(String dest, String text) {
        Path file = step.write(dest.substring(dest.lastIndexOf('/') + 1), text.getBytes(StandardCharsets.UTF_8));
        return new ProcessSpec.Bind.HostPath(dest, file, true);
    }

    @Override
    public void close() {
        DrydockException failure = null;
        while (!held.isEmpty()) {
            try {
                held.pop().close();
            } catch (EnvironmentFault e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
