package dev.drydock.ops;

import dev.drydock.graph.Op;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The texts of a step's {@code /etc/hosts} and {@code /etc/resolv.conf}. */
final class NetworkFiles {
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    /** Where systemd lists the servers behind its own resolver, which listens on a loopback address. */
    private static final Path SYSTEMD_RESOLV_CONF = Path.of("/run/systemd/resolve/resolv.conf");

    private static final String SYSTEMD_RESOLVER = "127.0.0.53";
    private static final String GATEWAY = "host-gateway";
    private static final String FALLBACK = "nameserver 8.8.8.8\nnameserver 8.8.4.4\n";

    private NetworkFiles() {}

    static String hosts(String hostname, List<Op.HostEntry> extra) {
        StringBuilder text = new StringBuilder();
        text.append("127.0.0.1\tlocalhost ").append(hostname).append('\n');
        text.append("::1\tlocalhost ip6-localhost ip6-loopback\n");
        for (Op.HostEntry entry : extra) {
            // steps are on the host's network, so the host is where they are
            String address = entry.address().equals(GATEWAY) ? "127.0.0.1" : entry.address();
            text.append(address).append('\t').append(entry.host()).append('\n');
        }
        return text.toString();
    }

    static String resolvConf() {
        return resolvConf(readOrEmpty(RESOLV_CONF), readOrEmpty(SYSTEMD_RESOLV_CONF));
    }

    static String resolvConf(String own, String systemd) {
        List<String> servers = servers(own);
        if (servers.isEmpty()) {
            return own + FALLBACK;
        }
        boolean stub = servers.stream().allMatch(SYSTEMD_RESOLVER::equals);
        return stub && !servers(systemd).isEmpty() ? systemd : own;
    }

    private static List<String> servers(String text) {
        return text.lines()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(words -> words.length > 1 && words[0].equals("nameserver"))
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
