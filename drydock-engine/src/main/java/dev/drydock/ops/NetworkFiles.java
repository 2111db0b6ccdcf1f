package dev.drydock.ops;

import dev.drydock.graph.Op;
import java.util.List;

/** The text of a step's {@code /etc/hosts}. */
final class NetworkFiles {
    private static final String GATEWAY = "host-gateway";

    private NetworkFiles() {}

    /** {@code gateway} is the address at which the step reaches the host. */
    static String hosts(String hostname, List<Op.HostEntry> extra, String gateway) {
        StringBuilder text = new StringBuilder();
        text.append("127.0.0.1\tlocalhost ").append(hostname).append('\n');
        text.append("::1\tlocalhost ip6-localhost ip6-loopback\n");
        for (Op.HostEntry entry : extra) {
            String address = entry.address().equals(GATEWAY) ? gateway : entry.address();
            text.append(address).append('\t').append(entry.host()).append('\n');
        }
        return text.toString();
    }
}
