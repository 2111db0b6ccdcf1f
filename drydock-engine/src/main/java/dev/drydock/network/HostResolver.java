package dev.drydock.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which name servers this host asks. */
public final class HostResolver {
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    /** Where systemd lists the servers behind its own resolver, which listens on a loopback address. */
    private static final Path SYSTEMD_RESOLV_CONF = Path.of("/run/systemd/resolve/resolv.conf");

    private static final String SYSTEMD_RESOLVER = "127.0.0.53";
    private static final String NAMESERVER = "nameserver";
    private static final String FALLBACK = "nameserver 8.8.8.8\nnameserver 8.8.4.4\n";

    private HostResolver() {}

    /** A {@code resolv.conf} for a step on {@code network}. */
    public static String resolvConf(StepNetwork network) {
        return resolvConf(readOrEmpty(RESOLV_CONF), readOrEmpty(SYSTEMD_RESOLV_CONF), network.resolver());
    }

    /** Name servers that only the host's own network reaches; empty if there is one that others reach, too. */
    static List<String> outOfReachOf(String own, String systemd) {
        List<String> servers = servers(resolvConf(own, systemd, null));
        return servers.stream().allMatch(HostResolver::isLoopback) ? servers : List.of();
    }

    /** The same of this host. */
    public static List<String> outOfReach() {
        return outOfReachOf(readOrEmpty(RESOLV_CONF), readOrEmpty(SYSTEMD_RESOLV_CONF));
    }

    /** As Docker does: systemd's own resolver gives way to those behind it; where there is none, two that all know. */
    static String resolvConf(String own, String systemd, @org.jspecify.annotations.Nullable String instead) {
        List<String> servers = servers(own);
        boolean stub = !servers.isEmpty() && servers.stream().allMatch(SYSTEMD_RESOLVER::equals);
        String text = stub && !servers(systemd).isEmpty() ? systemd : own;
        if (instead == null) {
            return servers.isEmpty() ? text + FALLBACK : text;
        }
        List<String> lines = new ArrayList<>();
        lines.add(NAMESERVER + " " + instead);
        text.lines().filter(line -> !isServer(line)).forEach(lines::add);
        return String.join("\n", lines) + "\n";
    }

    private static boolean isServer(String line) {
        return line.strip().startsWith(NAMESERVER + " ") || line.strip().startsWith(NAMESERVER + "\t");
    }

    private static boolean isLoopback(String server) {
        return server.startsWith("127.") || server.equals("::1");
    }

    private static List<String> servers(String text) {
        return text.lines()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(words -> words.length > 1 && words[0].equals(NAMESERVER))
                .map(words -> words[1])
                .toList();
    }

    private static String readOrEmpty(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return ""; // a host without a resolver, or without systemd's
        }
    }
}
