package dev.drydock.frontend;

import dev.drydock.dockerfile.MountFlag;
import dev.drydock.fault.UserFault;
import dev.drydock.graph.FileAction;
import dev.drydock.graph.Op;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The mounts of one RUN. */
final class RunMounts {
    private static final int NO_OUTPUT = -1;
    private static final int CACHE_MODE = 0755;
    private static final int SECRET_MODE = 0400;
    private static final int AGENT_MODE = 0600;

    private final StageState state;
    private final Command command;
    private final NodeInputs inputs;
    private final Op.Mount root;
    private final List<Op.Mount> trees = new ArrayList<>();
    private final List<Op.Mount> secrets = new ArrayList<>();
    private final List<Op.Mount> agents = new ArrayList<>();
    private final List<Op.SecretEnv> secretEnv = new ArrayList<>();

    /** {@code root} is the position of the tree that the process works on. */
    RunMounts(StageState state, Command command, NodeInputs inputs, int root) {
        this.state = state;
        this.command = command;
        this.inputs = inputs;
        this.root = new Op.Mount(root, "/", "/", 0, false, new Op.MountType.Bind());
    }

    /** The root, then what has files in the order of targets so that nested ones work, then secrets and agents. */
    List<Op.Mount> mounts() {
        List<Op.Mount> all = new ArrayList<>();
        all.add(root);
        trees.sort(Comparator.comparing(Op.Mount::dest));
        all.addAll(trees);
        all.addAll(secrets);
        all.addAll(agents);
        return all;
    }

    List<Op.SecretEnv> secretEnv() {
        return secretEnv;
    }

    /** Where the first agent's socket is, null for none. */
    @Nullable
    String agentSocket() {
        return agents.isEmpty() ? null : agents.getFirst().dest();
    }

    /** Mounts a whole tree, read-only. */
    void addTree(Node tree, String target) {
        trees.add(new Op.Mount(inputs.position(tree), "/", target, NO_OUTPUT, true, new Op.MountType.Bind()));
    }

    /** A {@code /dev/shm} of that size in place of the usual; 0 for the usual. */
    void sharedMemory(long size) {
        if (size > 0) {
            trees.add(new Op.Mount(Op.NO_INPUT, "/", "/dev/shm", NO_OUTPUT, false, new Op.MountType.Tmpfs(size)));
        }
    }

    void add(List<String> written) {
        for (int i = 0; i < written.size(); i++) {
            String csv = written.get(i);
            Stage source = command.sources().get(i);
            Faults.about(csv, () -> add(MountFlag.parse(csv, word -> state.expand(word, command)), source));
        }
    }

    private void add(MountFlag mount, @Nullable Stage source) {
        switch (mount.type()) {
            case BIND -> bind(mount, source);
            case CACHE -> cache(mount, source);
            case TMPFS ->
                trees.add(new Op.Mount(
                        Op.NO_INPUT,
                        "/",
                        target(mount),
                        NO_OUTPUT,
                        mount.readOnly(),
                        new Op.MountType.Tmpfs(mount.size())));
            case SECRET -> secret(mount);
            case SSH -> agent(mount);
        }
    }

    private void bind(MountFlag mount, @Nullable Stage source) {
        String selector = UnixPath.clean(orEmpty(mount.source()));
        Node tree = source == null ? state.plan().context(selector) : treeOf(source, mount, selector);
        trees.add(new Op.Mount(
                inputs.position(tree), selector, target(mount), NO_OUTPUT, mount.readOnly(), new Op.MountType.Bind()));
    }

    private void cache(MountFlag mount, @Nullable Stage source) {
        String selector = UnixPath.clean(orEmpty(mount.source()));
        Node tree = source == null ? null : treeOf(source, mount, selector);
        if (selector.equals("/") && (mount.uid() != null || mount.gid() != null || mount.mode() != null)) {
            tree = ownDirectory(mount, tree);
            selector = "/cache";
        }
        String written = mount.id();
        String id = written == null || written.isEmpty() ? UnixPath.clean(orEmpty(mount.target())) : written;
        if (written == null && mount.target() != null && !UnixPath.isAbsolute(mount.target())) {
            id = id.substring(1); // a relative target is a relative ID
        }
        String namespace = state.plan().buildArgs().getOrDefault("BUILDKIT_CACHE_MOUNT_NS", "");
        trees.add(new Op.Mount(
                inputs.position(tree),
                selector,
                target(mount),
                NO_OUTPUT,
                mount.readOnly(),
                new Op.MountType.Cache(namespace + "/" + id, sharing(mount.sharing()))));
    }

    private static Op.Sharing sharing(MountFlag.@Nullable Sharing sharing) {
        return switch (sharing) {
            case null -> Op.Sharing.SHARED;
            case SHARED -> Op.Sharing.SHARED;
            case PRIVATE -> Op.Sharing.PRIVATE;
            case LOCKED -> Op.Sharing.LOCKED;
        };
    }

    /** What a fresh cache starts with where its owner or mode is given. */
    private Node ownDirectory(MountFlag mount, @Nullable Node tree) {
        FileActions actions = new FileActions(tree);
        int mode = mount.mode() == null ? CACHE_MODE : mount.mode();
        FileAction.Owner owner = new FileAction.Owner(
                new FileAction.Id.Number(number(mount.uid())), new FileAction.Id.Number(number(mount.gid())));
        actions.add((input, output) -> new FileAction.MakeDirectory(input, output, "/cache", mode, false, owner, -1));
        return state.plan()
                .add(actions.node(new BuildPlan.Step(
                        "[internal] settings cache mount permissions", state.stageKey(), command.place(), false)));
    }

    private void secret(MountFlag mount) {
        String target = mount.target();
        String id = !orEmpty(mount.source()).isEmpty() ? orEmpty(mount.source()) : orEmpty(mount.id());
        if (id.isEmpty()) {
            id = UnixPath.baseName(orEmpty(target));
        }
        state.facts().secret(id, mount.required(), command.place());
        String variable = mount.env();
        if (variable != null) {
            secretEnv.add(new Op.SecretEnv(id, variable, mount.required()));
        }
        boolean wantsFile = target != null && !target.isEmpty();
        if (wantsFile || variable == null) {
            String dest = wantsFile ? target(mount) : "/run/secrets/" + UnixPath.baseName(id);
            int mode = mount.mode() == null ? SECRET_MODE : mount.mode();
            secrets.add(new Op.Mount(
                    Op.NO_INPUT,
                    "/",
                    dest,
                    NO_OUTPUT,
                    true,
                    new Op.MountType.Secret(id, number(mount.uid()), number(mount.gid()), mode, mount.required())));
        }
    }

    private void agent(MountFlag mount) {
        String id = orEmpty(mount.id());
        state.facts().agent(id.isEmpty() ? "default" : id, mount.required(), command.place());
        String dest = orEmpty(mount.target()).isEmpty() ? "/run/buildkit/ssh_agent." + agents.size() : target(mount);
        int mode = mount.mode() == null ? AGENT_MODE : mount.mode();
        agents.add(new Op.Mount(
                Op.NO_INPUT,
                "/",
                dest,
                NO_OUTPUT,
                true,
                new Op.MountType.Ssh(
                        id.isEmpty() ? "default" : id,
                        number(mount.uid()),
                        number(mount.gid()),
                        mode,
                        mount.required())));
    }

    private @Nullable Node treeOf(Stage source, MountFlag mount, String selector) {
        if (source.index() >= state.stage().index()) {
            throw new UserFault("cannot mount from stage \"" + mount.from() + "\" to \"" + orEmpty(mount.target())
                            + "\", stage needs to be defined before current command")
                    .about(orEmpty(mount.from()))
                    .hint("Move the stage that it mounts from above this one.");
        }
        return state.plan().tree(source, selector);
    }

    private String target(MountFlag mount) {
        String target = UnixPath.resolve(state.config().directory(), orEmpty(mount.target()));
        if (target.equals("/")) {
            throw new UserFault("invalid mount target \"" + target + "\"").hint("Add target=PATH to the mount.");
        }
        return target;
    }

    private static int number(@Nullable Long id) {
        return id == null ? 0 : id.intValue();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
