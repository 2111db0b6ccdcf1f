package dev.drydock.cli.command;

import dev.drydock.dockerfile.ByteSize;
import dev.drydock.dockerfile.Csv;
import dev.drydock.engine.BuildContext;
import dev.drydock.engine.Entitlement;
import dev.drydock.engine.Isolation;
import dev.drydock.engine.RunSettings;
import dev.drydock.engine.Secret;
import dev.drydock.engine.SshSource;
import dev.drydock.frontend.GitSource;
import dev.drydock.graph.Op;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The flags of {@code drydock build} that are about RUN steps, with Docker's words for what is wrong with them. */
final class StepFlags {
    private static final Set<String> ULIMITS = Set.of(
            "core",
            "cpu",
            "data",
            "fsize",
            "locks",
            "memlock",
            "msgqueue",
            "nice",
            "nofile",
            "nproc",
            "rss",
            "rtprio",
            "rttime",
            "sigpending",
            "stack");

    private static final String DEVICE = "device=";

    private StepFlags() {}

    static RunSettings of(Arguments arguments, Session session, BuildContext context) {
        Map<String, Secret> secrets = new LinkedHashMap<>();
        for (String text : arguments.list("secret")) {
            SecretFlag flag = SecretFlag.parse(text, session);
            secrets.put(flag.id(), flag.secret());
        }
        Map<String, SshSource> agents = new LinkedHashMap<>();
        for (String text : arguments.list("ssh")) {
            SshFlag flag = SshFlag.parse(text, session);
            agents.put(flag.id(), flag.source());
        }
        // a repository behind ssh is asked for with the caller's agent, if there is one
        if (agents.isEmpty()
                && context instanceof BuildContext.Repository(GitSource source)
                && source.isSsh()
                && session.env("SSH_AUTH_SOCK") != null) {
            agents.put("default", SshFlag.parse("default", session).source());
        }
        Op.Network network = network(arguments.value("network"));
        Set<Entitlement> allowed = allowed(arguments.list("allow"));
        if (network == Op.Network.HOST) {
            // who asks for it on the command line has allowed it
            allowed.add(Entitlement.NETWORK_HOST);
        }
        String parent = arguments.value("cgroup-parent");
        return new RunSettings(
                TrustFlags.of(arguments, session),
                secrets,
                agents,
                network,
                networkAllow(arguments, network),
                ResourceFlags.of(arguments),
                HostFlag.parse(arguments.list("add-host")),
                arguments.list("ulimit").stream().map(StepFlags::ulimit).toList(),
                shmSize(arguments.value("shm-size")),
                parent == null || parent.isEmpty() ? null : parent,
                allowed,
                devices(arguments.list("allow")),
                isolation(arguments, session));
    }

    /** What older builders' scripts give is told of elsewhere. */
    private static Isolation isolation(Arguments arguments, Session session) {
        String variable = session.env("DRYDOCK_ISOLATION");
        String text = arguments.value("isolation", variable == null ? "auto" : variable);
        return switch (text) {
            case "oci" -> Isolation.OCI;
            case "chroot" -> Isolation.CHROOT;
            case "auto" -> Isolation.AUTO;
            default -> {
                if (LegacyFlags.ISOLATIONS.contains(text)) {
                    yield Isolation.AUTO;
                }
                throw invalid("isolation", text, "must be \"auto\", \"oci\" or \"chroot\"");
            }
        };
    }

    static CommandFailed failed(String message) {
        return new CommandFailed("ERROR: failed to build: " + message);
    }

    private static Op.Network network(@Nullable String text) {
        return switch (text == null ? "" : text) {
            case "", "default" -> Op.Network.DEFAULT;
            case "none" -> Op.Network.NONE;
            case "host" -> Op.Network.HOST;
            default ->
                throw failed("network mode \"" + text + "\" not supported by buildkit - you can define a custom network"
                        + " for your builder using the network driver-opt in buildx create");
        };
    }

    private static List<String> networkAllow(Arguments arguments, Op.Network network) {
        List<String> hosts = new ArrayList<>();
        for (String text : arguments.list("network-allow")) {
            for (String host : text.split(",", -1)) {
                hosts.add(host.strip());
            }
        }
        if (!hosts.isEmpty() && network != Op.Network.DEFAULT) {
            throw failed("--network-allow and --network " + network.name().toLowerCase(Locale.ROOT)
                    + " cannot be used together");
        }
        return hosts;
    }

    private static Set<Entitlement> allowed(List<String> texts) {
        Set<Entitlement> allowed = new LinkedHashSet<>();
        for (String text : texts) {
            if (text.equals("buildx.local.delete") || text.startsWith(DEVICE)) {
                continue; // about outputs, and about single devices
            }
            Entitlement found = null;
            for (Entitlement each : Entitlement.values()) {
                if (each.toString().equals(text)) {
                    found = each;
                }
            }
            if (found == null) {
                throw failed("unknown entitlement " + text);
            }
            allowed.add(found);
        }
        return allowed;
    }

    /** {@code device=NAME[,alias=WISH]}: with an alias the device is given for that wish, without for itself. */
    private static Map<String, String> devices(List<String> texts) {
        Map<String, String> devices = new LinkedHashMap<>();
        for (String text : texts) {
            if (!text.startsWith(DEVICE)) {
                continue;
            }
            List<String> fields = Csv.record(text.substring(DEVICE.length()), "devices");
            String alias = "";
            for (String field : fields.subList(1, fields.size())) {
                int equals = field.indexOf('=');
                if (equals < 0) {
                    throw failed("invalid device config \"" + field + "\"");
                }
                if (!field.startsWith("alias=")) {
                    throw failed("unknown device config key \"" + field.substring(0, equals) + "\"");
                }
                alias = field.substring(equals + 1);
            }
            devices.put(alias.isEmpty() ? fields.getFirst() : alias, alias.isEmpty() ? "" : fields.getFirst());
        }
        return devices;
    }

    private static long shmSize(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        return ByteSize.parse(text).orElseThrow(() -> invalid("shm-size", text, "invalid size: '" + text + "'"));
    }

    /** {@code nofile=1024:2048}; without the second number both are the first. */
    private static Op.Ulimit ulimit(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw invalid("ulimit", text, "invalid ulimit argument: " + text);
        }
        String name = text.substring(0, equals);
        if (!ULIMITS.contains(name)) {
            throw invalid("ulimit", text, "invalid ulimit type: " + name);
        }
        List<Long> limits = new ArrayList<>();
        for (String number : text.substring(equals + 1).split(":", -1)) {
            try {
                limits.add(Long.parseLong(number));
            } catch (NumberFormatException e) {
                throw invalid("ulimit", text, "strconv.ParseInt: parsing \"" + number + "\": invalid syntax");
            }
        }
        if (limits.size() > 2) {
            throw invalid(
                    "ulimit",
                    text,
                    "too many limit value arguments - " + text.substring(equals + 1)
                            + ", can only have up to two, `soft[:hard]`");
        }
        long soft = limits.getFirst();
        long hard = limits.getLast();
        if (hard != -1 && (soft == -1 || soft > hard)) {
            throw invalid(
                    "ulimit",
                    text,
                    "ulimit soft limit must be less than or equal to hard limit: " + soft + " > " + hard);
        }
        return new Op.Ulimit(name, soft, hard);
    }

    private static UsageError invalid(String flag, String value, String why) {
        return new UsageError(
                "invalid argument \"" + value + "\" for \"--" + flag + "\" flag: " + why,
                UsageError.FLAGS,
                new BuildCommand().spec());
    }
}
