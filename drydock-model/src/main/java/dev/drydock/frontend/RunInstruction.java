package dev.drydock.frontend;

import dev.drydock.dockerfile.DeviceFlag;
import dev.drydock.dockerfile.Instruction;
import dev.drydock.dockerfile.Instruction.Heredoc;
import dev.drydock.fault.UserFault;
import dev.drydock.graph.FileAction;
import dev.drydock.graph.Op;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** RUN: one process over the tree so far. */
final class RunInstruction {
    private static final int SCRIPT_MODE = 0755;
    private static final String SCRIPT_DIRECTORY = "/dev/pipes";

    private final StageState state;
    private final Command command;
    private final Instruction.Run run;
    private final NodeInputs inputs = new NodeInputs();
    private final RunMounts mounts;

    private RunInstruction(StageState state, Command command, Instruction.Run run) {
        this.state = state;
        this.command = command;
        this.run = run;
        int root = inputs.position(state.root());
        this.mounts = new RunMounts(state, command, inputs, root);
    }

    static void apply(StageState state, Command command, Instruction.Run run) {
        new RunInstruction(state, command, run).apply();
    }

    private void apply() {
        List<String> args = args();
        mounts.add(run.mounts());
        mounts.sharedMemory(state.plan().options().shmSize());
        Map<String, String> shown = new HashMap<>(state.env());
        mounts.secretEnv().forEach(secret -> shown.put(secret.name(), "****"));
        String name = state.shellStepName(run.written().original() + summary(), command, shown);
        Op.Exec exec = new Op.Exec(
                meta(args),
                mounts.mounts(),
                network(),
                "insecure".equals(run.security()) ? Op.Security.INSECURE : Op.Security.SANDBOX,
                mounts.secretEnv(),
                devices(),
                state.platform());
        state.root(state.plan().add(new Node(exec, inputs.nodes(), state.step(name, command.place()))));
        state.config().layer("RUN " + history(args) + " # buildkit");
    }

    private Op.Meta meta(List<String> args) {
        Map<String, String> env = new LinkedHashMap<>(state.env());
        String agent = mounts.agentSocket();
        if (agent != null) {
            env.putIfAbsent("SSH_AUTH_SOCK", agent);
        }
        List<String> entries = new ArrayList<>();
        env.forEach((key, value) -> entries.add(key + "=" + value));
        String user = state.config().user;
        return new Op.Meta(
                args,
                entries,
                state.config().directory(),
                user == null ? "" : user,
                proxy(),
                state.plan().options().extraHosts(),
                state.plan().buildArgs().getOrDefault("BUILDKIT_SANDBOX_HOSTNAME", ""),
                state.plan().options().ulimits(),
                state.plan().options().cgroupParent(),
                List.of());
    }

    private List<String> args() {
        return switch (run.command()) {
            case Instruction.Command.Exec(List<String> args) -> {
                if (!run.heredocs().isEmpty()) {
                    throw new UserFault("parsing produced an invalid run command: " + GoFormat.list(args))
                            .hint("A heredoc needs the shell form of RUN.");
                }
                yield args;
            }
            case Instruction.Command.Shell(String text) -> state.config().inShell(script(text));
        };
    }

    /** What the shell gets: it understands heredocs itself unless there is nothing else on the line. */
    private String script(String text) {
        if (run.heredocs().isEmpty()) {
            return text;
        }
        Heredoc first = run.heredocs().getFirst();
        if (Heredoc.opens(text)) {
            String body = first.chomp() ? Heredocs.withoutTabs(first.content()) : first.content();
            return first.content().startsWith("#!") && !state.platform().os().equals("windows")
                    ? scriptFile(first.name(), body)
                    : body;
        }
        StringBuilder whole = new StringBuilder(text);
        for (Heredoc heredoc : run.heredocs()) {
            whole.append('\n').append(heredoc.content()).append(heredoc.name());
        }
        return whole.toString();
    }

    /** A script with an interpreter of its own is a file that the shell starts. */
    private String scriptFile(String name, String body) {
        FileActions actions = new FileActions(null);
        FileAction.Data data = new FileAction.Data(body.getBytes(StandardCharsets.UTF_8));
        actions.add((input, output) -> new FileAction.MakeFile(input, output, "/" + name, SCRIPT_MODE, data, null, -1));
        Node file = state.plan()
                .add(actions.node(new BuildPlan.Step(
                        "[internal] preparing inline document", state.stageKey(), command.place(), false)));
        mounts.addTree(file, SCRIPT_DIRECTORY);
        return SCRIPT_DIRECTORY + "/" + name;
    }

    /** {@code " (first line...)"} where the command is only a heredoc. */
    private String summary() {
        return run.command() instanceof Instruction.Command.Shell(String text)
                        && !run.heredocs().isEmpty()
                        && Heredoc.opens(text)
                ? " (" + Heredocs.summary(run.heredocs().getFirst().content()) + ")"
                : "";
    }

    private String history(List<String> args) {
        List<String> words = new ArrayList<>();
        Map<String, String> declared = state.args();
        if (!declared.isEmpty()) {
            words.add("|" + declared.size());
            declared.forEach((key, value) -> words.add(key + "=" + state.env().getOrDefault(key, value)));
        }
        words.addAll(args);
        return String.join(" ", words);
    }

    private Op.Network network() {
        String network = run.network();
        return network == null || network.equals("default")
                ? state.plan().options().networkMode()
                : Op.Network.valueOf(network.toUpperCase(Locale.ROOT));
    }

    private List<Op.Device> devices() {
        return run.devices().stream()
                .map(DeviceFlag::parse)
                .map(device -> new Op.Device(device.name(), device.required()))
                .toList();
    }

    /** The proxies among the build arguments, in whatever letter case. */
    private Op.@Nullable ProxyEnv proxy() {
        Map<String, String> found = new HashMap<>();
        state.plan().buildArgs().forEach((key, value) -> found.put(key.toLowerCase(Locale.ROOT), value));
        Op.ProxyEnv proxy = new Op.ProxyEnv(
                found.get("http_proxy"),
                found.get("https_proxy"),
                found.get("ftp_proxy"),
                found.get("no_proxy"),
                found.get("all_proxy"));
        return proxy.equals(new Op.ProxyEnv(null, null, null, null, null)) ? null : proxy;
    }
}
