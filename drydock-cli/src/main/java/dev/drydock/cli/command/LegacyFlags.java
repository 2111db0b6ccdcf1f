package dev.drydock.cli.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Flags of older builders, which scripts still give: some mean nothing any more or are told of and ignored; limits are
 * {@link ResourceFlags}. */
final class LegacyFlags {
    /** What Docker on Windows takes for {@code --isolation}; empty is its default. */
    static final Set<String> ISOLATIONS = Set.of("", "default", "process", "hyperv");

    private static final Map<String, String> TOLD = new LinkedHashMap<>();

    static {
        TOLD.put(
                "security-opt",
                "security-opt flag is deprecated. \"RUN --security=insecure\" should be used with BuildKit.");
        TOLD.put(
                "squash",
                "experimental flag squash is removed with BuildKit. You should squash inside build using a "
                        + "multi-stage Dockerfile for efficiency.");
    }

    private LegacyFlags() {}

    static CommandSpec.Builder addTo(CommandSpec.Builder spec) {
        return spec.hidden(Flag.toggle("compress", "Compress the build context using gzip"))
                .hidden(Flag.toggle("rm", "Remove intermediate containers after a successful build"))
                .hidden(Flag.toggle("force-rm", "Always remove intermediate containers"))
                .hidden(Flag.list("security-opt", "strings", "Security options"))
                .hidden(Flag.toggle("squash", "Squash newly built layers into a single new layer"))
                .hidden(Flag.value("memory", "bytes", "Memory limit").letter('m'))
                .hidden(Flag.value("memory-swap", "bytes", "Swap limit equal to memory plus swap"))
                .hidden(Flag.value("cpu-shares", "int", "CPU shares (relative weight)")
                        .letter('c'))
                .hidden(Flag.value("cpu-period", "int", "Limit the CPU CFS (Completely Fair Scheduler) period"))
                .hidden(Flag.value("cpu-quota", "int", "Limit the CPU CFS (Completely Fair Scheduler) quota"))
                .hidden(Flag.value("cpuset-cpus", "string", "CPUs in which to allow execution (\"0-3\", \"0,1\")"))
                .hidden(Flag.value("cpuset-mems", "string", "MEMs in which to allow execution (\"0-3\", \"0,1\")"));
    }

    static void tell(Arguments arguments, Session session) {
        if (ISOLATIONS.contains(arguments.value("isolation", "auto"))) {
            session.err().println("WARNING: isolation flag is deprecated with BuildKit.");
        }
        TOLD.forEach((flag, warning) -> {
            if (arguments.has(flag)) {
                session.err().println("WARNING: " + warning);
            }
        });
    }
}
