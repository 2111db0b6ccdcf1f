package dev.drydock.cli.command;

import dev.drydock.graph.Op;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** {@code --add-host}: {@code host:ip}, {@code host=ip} or {@code host=ip1,ip2}; IPv6 with brackets or without. */
final class HostFlag {
    private static final String GATEWAY = "host-gateway";

    private HostFlag() {}

    static List<Op.HostEntry> parse(List<String> flags) {
        List<Op.HostEntry> entries = new ArrayList<>();
        for (String flag : flags) {
            String host = "";
            for (String piece : flag.split(",", -1)) {
                if (!host.isEmpty() && isAddress(bare(piece))) {
                    entries.add(new Op.HostEntry(host, bare(piece)));
                    continue;
                }
                int equals = piece.indexOf('=');
                int cut = equals < 0 ? piece.indexOf(':') : equals;
                host = cut < 0 ? "" : piece.substring(0, cut);
                String address = bare(piece.substring(cut + 1));
                if (host.isEmpty() || !(address.equals(GATEWAY) || isAddress(address))) {
                    throw StepFlags.failed("invalid host " + piece);
                }
                entries.add(new Op.HostEntry(host, address));
            }
        }
        return entries;
    }

    private static String bare(String address) {
        return address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
    }

    private static boolean isAddress(String text) {
        try {
            return InetAddress.ofLiteral(text).getHostAddress().length() > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
