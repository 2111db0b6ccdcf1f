package dev.drydock.ops;

import dev.drydock.graph.Op;
import dev.drydock.oci.Digest;
import dev.drydock.solver.InputRule;
import dev.drydock.solver.KeyRecipe;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What names the result of a RUN step: command, environment, directory, user, host name, names of extra hosts, network,
 * security, limits, mounts and platform; the root by its key, what is bind-mounted by its content. Not in it are addresses
 * of extra hosts, proxy settings, secrets' values, and the name, sharing and contents of caches.
 */
final class ExecRecipe {
    /** Digits of a digest that stand for a value which must not be shown. */
    private static final int SHORT = 12;

    private final Op.Exec op;
    private final Map<String, String> parts = new LinkedHashMap<>();
    private final StringBuilder key = new StringBuilder("drydock-exec-1");

    private ExecRecipe(Op.Exec op) {
        this.op = op;
    }

    static KeyRecipe of(Op.Exec op) {
        return new ExecRecipe(op).recipe();
    }

    private KeyRecipe recipe() {
        Op.Meta meta = op.meta();
        add("command", String.join(" ", meta.args()), meta.args());
        for (String variable : meta.env()) {
            int equals = variable.indexOf('=');
            String name = equals < 0 ? variable : variable.substring(0, equals);
            add("environment variable " + name, shortDigest(variable), List.of(variable));
        }
        add("working directory", meta.cwd());
        add("user", meta.user().isEmpty() ? "root" : meta.user(), List.of(meta.user()));
        add("host name", meta.hostname());
        for (Op.HostEntry entry : meta.extraHosts()) {
            add("extra host " + entry.host(), "");
        }
        add("network mode", op.network().name());
        add("security mode", op.security().name());
        for (Op.Ulimit limit : meta.ulimits()) {
            add("ulimit " + limit.name(), limit.soft() + ":" + limit.hard());
        }
        Optional.ofNullable(meta.cgroupParent()).ifPresent(parent -> add("control group parent", parent));
        if (!meta.validExitCodes().isEmpty()) {
            add("valid exit codes", meta.validExitCodes().toString());
        }
        for (Op.SecretEnv secret : op.secretEnv()) {
            add("secret variable " + secret.name(), secret.id() + (secret.required() ? ",required" : ""));
        }
        for (Op.Device device : op.devices()) {
            add("device " + device.name(), device.required() ? "required" : "");
        }
        for (Op.Mount mount : op.mounts()) {
            add(mount.dest().equals("/") ? "root mount" : "mount target " + mount.dest(), mount(mount));
        }
        add("platform", op.platform().toString());
        return new KeyRecipe(Digest.of(key.toString().getBytes(StandardCharsets.UTF_8)), rules(), parts);
    }

    private void add(String name, String value) {
        add(name, value, List.of(value));
    }

    private void add(String name, String shown, List<String> values) {
        parts.put(name, shown);
        append(name);
        key.append('#').append(values.size());
        values.forEach(this::append);
    }

    /** With its length, so that no two lists of texts look alike. */
    private void append(String text) {
        key.append('|').append(text.length()).append(':').append(text);
    }

    private static String shortDigest(String value) {
        return Digest.of(value.getBytes(StandardCharsets.UTF_8)).hex().substring(0, SHORT);
    }

    private static String mount(Op.Mount mount) {
        String access = mount.readOnly() ? "ro" : "rw";
        return switch (mount.type()) {
            case Op.MountType.Bind _ -> "bind," + access + (mount.output() < 0 ? "" : ",kept");
            case Op.MountType.Cache _ -> "cache," + access;
            case Op.MountType.Tmpfs(long size) -> "tmpfs," + access + (size == 0 ? "" : ",size=" + size);
            case Op.MountType.Secret secret ->
                "secret,id=" + secret.id()
                        + owner(secret.uid(), secret.gid(), secret.mode())
                        + (secret.required() ? ",required" : "");
            case Op.MountType.Ssh ssh ->
                "ssh,id=" + ssh.id() + owner(ssh.uid(), ssh.gid(), ssh.mode()) + (ssh.required() ? ",required" : "");
        };
    }

    private static String owner(int uid, int gid, int mode) {
        return ",uid=" + uid + ",gid=" + gid + ",mode=" + Integer.toOctalString(mode);
    }

    /** Content names an input that is only looked at; a tree that is changed has its key. */
    private List<InputRule> rules() {
        int inputs = op.mounts().stream().mapToInt(Op.Mount::input).max().orElse(Op.NO_INPUT) + 1;
        List<InputRule> rules = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            rules.add(rule(i));
        }
        return rules;
    }

    private InputRule rule(int input) {
        List<Selection> selections = new ArrayList<>();
        for (Op.Mount mount : op.mounts()) {
            if (mount.input() == input) {
                if (mount.dest().equals("/") || !(mount.type() instanceof Op.MountType.Bind)) {
                    return new InputRule.ByKey();
                }
                selections.add(Selection.of(mount.selector().isEmpty() ? "/" : mount.selector()));
            }
        }
        return selections.isEmpty() ? new InputRule.ByKey() : Selection.rule(selections);
    }
}
