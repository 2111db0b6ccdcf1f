package dev.drydock.ops;

import dev.drydock.fault.Bug;
import dev.drydock.fault.StepFailed;
import dev.drydock.fault.UserFault;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.network.HostResolver;
import dev.drydock.network.ProxyVariables;
import dev.drydock.network.StepNetwork;
import dev.drydock.oci.Digest;
import dev.drydock.runtime.CacheMounts;
import dev.drydock.runtime.DeviceEdits;
import dev.drydock.runtime.Executor;
import dev.drydock.runtime.MountStubs;
import dev.drydock.runtime.OciExecutor;
import dev.drydock.runtime.ProcessSpec;
import dev.drydock.runtime.StepDirectory;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.snapshot.TreeNode;
import dev.drydock.solver.KeyRecipe;
import dev.drydock.solver.OpRunner;
import dev.drydock.solver.StepContext;
import dev.drydock.source.ContentManifests;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Runs processes: RUN. The root is mounted, the process runs in its sandbox, and what it changed becomes a layer, an empty
 * one if it changed nothing.
 */
public final class ExecRunner implements OpRunner<Op.Exec, FileTree> {
    private static final String HOSTNAME = "buildkitsandbox";
    private static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final String HOSTS = "/etc/hosts";
    private static final String RESOLV_CONF = "/etc/resolv.conf";

    private final Executors executors;
    private final ExecLayers layers;
    private final ContentManifests manifests;
    private final CacheMounts caches;
    private final Path tmp;
    private final StepDirectory.Removal removal;
    private final StepSettings settings;

    /** Gives the executor when the first step needs it: looking for a runtime takes time, and may fail. */
    public interface Executors {
        Executor executor() throws InterruptedException;
    }

    /**
     * A runner for one build.
     *
     * @param tmp the lease's directory, on the store's file system
     * @param removal for the files of steps that have ended
     * @param settings what the caller gave for this build's steps
     */
    public ExecRunner(
            Executors executors,
            ExecLayers layers,
            ContentManifests manifests,
            CacheMounts caches,
            Path tmp,
            StepDirectory.Removal removal,
            StepSettings settings) {
        this.executors = executors;
        this.layers = layers;
        this.manifests = manifests;
        this.caches = caches;
        this.tmp = tmp;
        this.removal = removal;
        this.settings = settings;
    }

    @Override
    public KeyRecipe recipe(Op.Exec op, StepContext step) {
        return ExecRecipe.of(op);
    }

    @Override
    public Digest contentDigest(Op.Exec op, FileTree input, List<Object> selections) throws InterruptedException {
        List<Selection> wanted =
                selections.stream().map(each -> (Selection) each).toList();
        try (InputTree tree = InputTree.of(input)) {
            Digest step = Vertex.of(op, List.of()).digest();
            ContentDigester.Content content = ContentDigester.digest(tree, wanted, step);
            content.keep(manifests, input);
            return content.digest();
        }
    }

    @Override
    public List<FileTree> run(Op.Exec op, List<FileTree> inputs, StepContext step) throws InterruptedException {
        Executor executor = executors.executor();
        StepNetwork network = executor.network(op.network());
        executor.expectStep();
        String id = OciExecutor.newId();
        Snapshot base = root(op.mounts().getFirst(), inputs);
        try (ExecLayers.Draft draft = layers.begin();
                LayeredTree tree = LayeredTree.of(base);
                StepDirectory own = new StepDirectory(tmp.resolve("exec-" + id), removal);
                ExecMounts mounts =
                        new ExecMounts(caches, settings.secrets(), inputs, own, !executor.sharesDirectories())) {
            own.create();
            ProcessSpec spec = spec(id, op, base, draft, tree, mounts, own, network);
            if (network.namespace() != null) {
                // those of the caller only: what a Dockerfile says may not open ports of the host's
                for (String variable : proxies(op)) {
                    OptionalInt port = ProxyVariables.loopbackPort(variable);
                    if (port.isPresent()) {
                        executor.forward(port.getAsInt());
                    }
                }
            }
            MountStubs stubs = new MountStubs(tree, targets(spec));
            StepLog log = new StepLog(step);
            Executor.Exit exit = executor.run(spec, log);
            log.finish();
            try {
                StepEnd.check(op.meta(), exit, tree, spec);
            } catch (StepFailed failed) {
                executor.refusedHosts().forEach(host -> failed.hint(notAllowed(host)));
                throw failed;
            }
            stubs.clean(draft.upper());
            return List.of(new FileTree.Layers(base.with(draft.commit(base))));
        }
    }

    private static String notAllowed(String host) {
        return "A step asked for " + host + ", which --network-allow does not name.";
    }

    private static Snapshot root(Op.Mount root, List<FileTree> inputs) {
        if (root.input() == Op.NO_INPUT) {
            return Snapshot.EMPTY;
        }
        return switch (inputs.get(root.input())) {
            case FileTree.Layers(Snapshot snapshot) -> snapshot;
            case FileTree.HostDirectory _ -> throw new Bug("run step: a context cannot be its root");
        };
    }

    private ProcessSpec spec(
            String id,
            Op.Exec op,
            Snapshot base,
            ExecLayers.Draft draft,
            LayeredTree tree,
            ExecMounts mounts,
            StepDirectory own,
            StepNetwork network)
            throws InterruptedException {
        Op.Meta meta = op.meta();
        StepUser user = user(meta, tree);
        String hostname = meta.hostname().isEmpty() ? HOSTNAME : meta.hostname();
        List<ProcessSpec.Bind> binds = new ArrayList<>();
        binds.add(mounts.file(RESOLV_CONF, HostResolver.resolvConf(network)));
        binds.add(mounts.file(HOSTS, NetworkFiles.hosts(hostname, meta.extraHosts(), network.hostAddress())));
        List<String> env = environment(op, user);
        HostTrust trust = settings.trust();
        if (trust != null) {
            binds.addAll(trust.binds(tree, env, own));
            env = HostTrust.environment(env);
        }
        for (StepFile file : settings.files()) {
            file.bind(op, env, user, tree).ifPresent(binds::add);
            env = file.environment(env);
        }
        binds.addAll(mounts.open(op.mounts().subList(1, op.mounts().size())));
        DeviceEdits devices = settings.devices().edits(op);
        binds.addAll(devices.binds());
        return new ProcessSpec(
                id,
                base.layers().stream()
                        .filter(layer -> !layer.isEmpty())
                        .map(Layer::fs)
                        .toList(),
                draft.upper(),
                draft.work(),
                meta.args(),
                withNetwork(joined(env, devices.env()), network),
                meta.cwd().isEmpty() ? "/" : meta.cwd(),
                user.uid(),
                user.gid(),
                withGroups(user.groups(), devices.groups()),
                hostname,
                binds,
                op.network(),
                op.security(),
                meta.ulimits(),
                secretEnvironment(op),
                meta.cgroupParent(),
                settings.limits(),
                devices);
    }

    private static List<String> joined(List<String> env, List<String> more) {
        List<String> all = new ArrayList<>(env);
        for (String variable : more) {
            String name = variable.substring(0, Math.max(0, variable.indexOf('=')) + 1);
            all.removeIf(each -> each.startsWith(name));
            all.add(variable);
        }
        return all;
    }

    private static List<Integer> withGroups(List<Integer> groups, List<Integer> more) {
        List<Integer> all = new ArrayList<>(groups);
        all.addAll(more);
        return all;
    }

    /** What the network needs wins over what the Dockerfile says: there is no other way out. */
    private static List<String> withNetwork(List<String> env, StepNetwork network) {
        List<String> all = new ArrayList<>(env);
        network.environment().forEach((name, value) -> {
            all.removeIf(variable -> variable.startsWith(name + "="));
            all.add(name + "=" + value);
        });
        return all;
    }

    private static StepUser user(Op.Meta meta, LayeredTree tree) {
        try {
            return StepUser.resolve(meta.user(), read(tree, "/etc/passwd"), read(tree, "/etc/group"));
        } catch (UserFault e) {
            throw StepEnd.unknownUser(meta, e);
        }
    }

    private static String read(LayeredTree tree, String path) {
        Optional<TreeNode> file = tree.lstat(tree.resolve(path)).filter(TreeNode::isFile);
        return file.map(node -> new String(LayeredTree.readBytes(node), StandardCharsets.UTF_8))
                .orElse("");
    }

    /** Proxy settings come first, so that what the Dockerfile says wins. */
    private static List<String> environment(Op.Exec op, StepUser user) {
        List<String> env = proxies(op);
        env.addAll(op.meta().env());
        if (env.stream().noneMatch(variable -> variable.startsWith("PATH="))) {
            env.add(PATH);
        }
        // runc would say the same; crun says nothing for a user whom passwd does not know
        if (env.stream().noneMatch(variable -> variable.startsWith("HOME="))) {
            env.add("HOME=" + user.home());
        }
        return env;
    }

    private static List<String> proxies(Op.Exec op) {
        List<String> env = new ArrayList<>();
        Op.ProxyEnv proxy = op.meta().proxyEnv();
        if (proxy != null) {
            addProxy(env, "http_proxy", proxy.httpProxy());
            addProxy(env, "https_proxy", proxy.httpsProxy());
            addProxy(env, "ftp_proxy", proxy.ftpProxy());
            addProxy(env, "no_proxy", proxy.noProxy());
            addProxy(env, "all_proxy", proxy.allProxy());
        }
        return env;
    }

    /** A secret that nobody gave is an empty variable. */
    private List<String> secretEnvironment(Op.Exec op) {
        List<String> env = new ArrayList<>();
        for (Op.SecretEnv secret : op.secretEnv()) {
            Optional<byte[]> value = settings.secrets().secret(secret.id());
            if (value.isEmpty() && secret.required()) {
                throw ExecMounts.noSecret(secret.id());
            }
            String text = value.map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                    .orElse("");
            if (text.indexOf('\0') >= 0) {
                throw new UserFault(
                                "secret " + secret.id() + ": has a NUL byte, which no environment variable can hold")
                        .hint("Mount it as a file: --mount=type=secret,id=" + secret.id() + ".");
            }
            env.add(secret.name() + "=" + text);
        }
        return env;
    }

    private static void addProxy(List<String> env, String name, @Nullable String value) {
        if (value != null) {
            env.add(name.toUpperCase(java.util.Locale.ROOT) + "=" + value);
            env.add(name + "=" + value);
        }
    }

    private static List<String> targets(ProcessSpec spec) {
        return spec.binds().stream().map(ProcessSpec.Bind::dest).toList();
    }

    /** As Go's {@code %q} writes a string. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').appendCodePoint(c);
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                case 7 -> quoted.append("\\a");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                case 11 -> quoted.append("\\v");
                default -> {
                    if (c < ' ' || c == 127) {
                        quoted.append("\\x").append(c < 16 ? "0" : "").append(Integer.toHexString(c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}
