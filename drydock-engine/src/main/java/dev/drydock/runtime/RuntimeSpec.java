package dev.drydock.runtime;

import dev.drydock.graph.Op;
import dev.drydock.graph.ResourceLimits;
import dev.drydock.oci.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A process spec and the host's facts to an OCI runtime spec: a pure function. What is in it follows BuildKit: Docker's
 * capabilities, masked paths and system call filter, no terminal, new privileges allowed (so that {@code sudo} works), and
 * no limits of its own.
 */
final class RuntimeSpec {
    static final List<String> MASKED = List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/sys/devices/virtual/powercap",
            "/sys/firmware");

    static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private RuntimeSpec() {}

    /**
     * The spec.
     *
     * @param filter of system calls, for a sandboxed step
     * @param root where the helper mounts the root
     * @param sources where the helper has each of the process's binds, in their order; empty for one that it does not mount
     */
    static JsonValue of(ProcessSpec process, Host host, StepFilter filter, String root, List<String> sources) {
        boolean insecure = process.security() == Op.Security.INSECURE;
        List<String> capabilities =
                insecure ? Capabilities.all(host.capabilities()) : Capabilities.sandbox(host.capabilities());
        JsonValue.Members spec = JsonValue.object()
                .put("ociVersion", "1.0.2")
                .put("process", process(process, host, insecure, capabilities))
                .put(
                        "root",
                        JsonValue.object()
                                .put("path", root)
                                .put("readonly", false)
                                .build())
                .put("hostname", process.hostname())
                .put("mounts", JsonValue.array(mounts(process, host, insecure, sources)))
                .put("linux", linux(process, host, insecure ? null : filter));
        if (!insecure) {
            filter.annotate(spec);
        }
        if (!process.devices().hooks().isEmpty()) {
            spec.put("hooks", hooks(process.devices()));
        }
        return spec.build();
    }

    private static JsonValue process(ProcessSpec process, Host host, boolean insecure, List<String> capabilities) {
        Set<Integer> groups = new LinkedHashSet<>();
        groups.add(process.gid());
        groups.addAll(process.groups());
        JsonValue names = JsonValue.strings(capabilities);
        JsonValue.Members members = JsonValue.object()
                .put("terminal", false)
                .put(
                        "user",
                        JsonValue.object()
                                .put("uid", Integer.toUnsignedLong(process.uid()))
                                .put("gid", Integer.toUnsignedLong(process.gid()))
                                .put(
                                        "additionalGids",
                                        JsonValue.array(groups.stream()
                                                .map(gid -> JsonValue.of(Integer.toUnsignedLong(gid)))
                                                .toList()))
                                .build())
                .put("args", JsonValue.strings(process.args()))
                .put("env", JsonValue.strings(environment(process)))
                .put("cwd", process.cwd())
                .put(
                        "capabilities",
                        JsonValue.object()
                                .put("bounding", names)
                                .put("effective", names)
                                .put("permitted", names)
                                .build())
                .put(
                        "rlimits",
                        JsonValue.array(process.ulimits().stream()
                                .map(RuntimeSpec::rlimit)
                                .toList()))
                .put("noNewPrivileges", false);
        String appArmor = host.appArmor();
        if (appArmor != null && !insecure) {
            members.put("apparmorProfile", appArmor);
        }
        SelinuxLabels selinux = host.selinux();
        if (selinux != null && !insecure) {
            members.put("selinuxLabel", selinux.process());
        }
        return members.build();
    }

    private static List<String> environment(ProcessSpec process) {
        List<String> all = new ArrayList<>(process.env());
        all.addAll(process.secretEnv());
        return all;
    }

    private static JsonValue rlimit(Op.Ulimit limit) {
        return JsonValue.object()
                .put("type", "RLIMIT_" + limit.name().toUpperCase(Locale.ROOT))
                .put("hard", unsigned(limit.hard()))
                .put("soft", unsigned(limit.soft()))
                .build();
    }

    /** -1 is "no limit". */
    private static JsonValue unsigned(long value) {
        return new JsonValue.Num(Long.toUnsignedString(value));
    }

    private static List<JsonValue> mounts(ProcessSpec process, Host host, boolean insecure, List<String> sources) {
        List<JsonValue> mounts = new ArrayList<>();
        mounts.add(mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"));
        mounts.add(mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"));
        List<String> pts = new ArrayList<>(List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"));
        if (!host.userNamespace()) {
            // a user namespace need not have the tty group
            pts.add("gid=5");
        }
        mounts.add(mount("/dev/pts", "devpts", "devpts", pts.toArray(String[]::new)));
        mounts.add(mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"));
        mounts.add(mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"));
        String sysMode = insecure ? "rw" : "ro";
        if (host.userNamespace() && process.network() != Op.Network.NONE) {
            // sysfs can only be mounted by the owner of the network namespace
            mounts.add(mount("/sys", "none", "/sys", "rbind", "nosuid", "noexec", "nodev", "ro"));
        } else {
            mounts.add(mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", sysMode));
        }
        if (host.cgroups() == Host.Cgroups.UNIFIED) {
            // of version 1 there is one mount per controller, which takes longer than it is worth
            mounts.add(mount("/sys/fs/cgroup", "cgroup", "cgroup", sysMode, "nosuid", "noexec", "nodev"));
        }
        for (int i = 0; i < process.binds().size(); i++) {
            mounts.add(bind(process.binds().get(i), sources.get(i)));
        }
        return mounts;
    }

    private static JsonValue bind(ProcessSpec.Bind bind, String source) {
        return switch (bind) {
            case ProcessSpec.Bind.HostPath host ->
                host.readOnly()
                        ? mount(host.dest(), "bind", source, "rbind", "ro")
                        : mount(host.dest(), "bind", source, "rbind", "rw");
            case ProcessSpec.Bind.Tree tree ->
                tree.scratch() == null
                        ? mount(tree.dest(), "bind", source, "rbind", "ro")
                        : mount(tree.dest(), "bind", source, "rbind", "rw");
            case ProcessSpec.Bind.InMemory memory ->
                mount(memory.dest(), "bind", source, "rbind", "ro", "nosuid", "nodev", "noexec");
            case ProcessSpec.Bind.Tmpfs tmpfs ->
                tmpfs.size() == 0
                        ? mount(tmpfs.dest(), "tmpfs", "tmpfs", "nosuid")
                        : mount(tmpfs.dest(), "tmpfs", "tmpfs", "nosuid", "size=" + tmpfs.size());
        };
    }

    private static JsonValue mount(String destination, String type, String source, String... options) {
        return JsonValue.object()
                .put("destination", destination)
                .put("type", type)
                .put("source", source)
                .put("options", JsonValue.strings(List.of(options)))
                .build();
    }

    /** Without a filter the step may do everything. */
    private static JsonValue linux(ProcessSpec process, Host host, @Nullable StepFilter filter) {
        List<String> namespaces = new ArrayList<>(List.of("pid", "ipc", "uts", "mount"));
        if (process.network() == Op.Network.NONE) {
            namespaces.add("network");
        }
        if (host.cgroups() == Host.Cgroups.UNIFIED) {
            namespaces.add("cgroup");
        }
        JsonValue.Members linux = JsonValue.object()
                .put(
                        "namespaces",
                        JsonValue.array(namespaces.stream()
                                .map(name ->
                                        JsonValue.object().put("type", name).build())
                                .toList()));
        if (host.cgroups() != Host.Cgroups.NONE) {
            linux.put("cgroupsPath", ControlGroups.path(process)).put("resources", resources(process, filter == null));
        }
        SelinuxLabels selinux = host.selinux();
        if (selinux != null && filter != null) {
            linux.put("mountLabel", selinux.files());
        }
        if (filter != null) {
            linux.put("seccomp", filter.profile())
                    .put("maskedPaths", JsonValue.strings(MASKED))
                    .put("readonlyPaths", JsonValue.strings(READ_ONLY));
        }
        if (!process.devices().nodes().isEmpty()) {
            linux.put(
                    "devices",
                    JsonValue.array(process.devices().nodes().stream()
                            .map(RuntimeSpec::node)
                            .toList()));
        }
        return linux.build();
    }

    private static JsonValue node(DeviceEdits.Node node) {
        return JsonValue.object()
                .put("type", node.type())
                .put("path", node.path())
                .put("major", node.major())
                .put("minor", node.minor())
                .put("fileMode", node.mode())
                .put("uid", Integer.toUnsignedLong(node.uid()))
                .put("gid", Integer.toUnsignedLong(node.gid()))
                .build();
    }

    private static JsonValue hooks(DeviceEdits devices) {
        Map<String, List<JsonValue>> byMoment = new LinkedHashMap<>();
        for (DeviceEdits.Hook hook : devices.hooks()) {
            byMoment.computeIfAbsent(hook.moment(), _ -> new ArrayList<>()).add(hook.program());
        }
        JsonValue.Members hooks = JsonValue.object();
        byMoment.forEach((moment, programs) -> hooks.put(moment, JsonValue.array(programs)));
        return hooks.build();
    }

    /** The runtime adds its short list of harmless devices to "none". */
    private static JsonValue resources(ProcessSpec process, boolean insecure) {
        List<JsonValue> rules = new ArrayList<>();
        rules.add(JsonValue.object().put("allow", insecure).put("access", "rwm").build());
        for (DeviceEdits.Node node : process.devices().nodes()) {
            rules.add(JsonValue.object()
                    .put("allow", true)
                    .put("type", node.type())
                    .put("major", node.major())
                    .put("minor", node.minor())
                    .put("access", node.access())
                    .build());
        }
        JsonValue.Members resources = JsonValue.object().put("devices", JsonValue.array(rules));
        limits(process.limits(), resources);
        return resources.build();
    }

    private static void limits(ResourceLimits limits, JsonValue.Members resources) {
        if (limits.memory() != 0 || limits.memorySwap() != 0) {
            JsonValue.Members memory = JsonValue.object();
            put(memory, "limit", limits.memory());
            put(memory, "swap", limits.memorySwap());
            resources.put("memory", memory.build());
        }
        if (limits.names().stream().allMatch(name -> name.startsWith("memory"))) {
            return;
        }
        JsonValue.Members cpu = JsonValue.object();
        put(cpu, "shares", limits.cpuShares());
        put(cpu, "period", limits.cpuPeriod());
        put(cpu, "quota", limits.cpuQuota());
        if (limits.cpus() != null) {
            cpu.put("cpus", limits.cpus());
        }
        if (limits.mems() != null) {
            cpu.put("mems", limits.mems());
        }
        resources.put("cpu", cpu.build());
    }

    private static void put(JsonValue.Members part, String name, long value) {
        if (value != 0) {
            part.put(name, value);
        }
    }
}
