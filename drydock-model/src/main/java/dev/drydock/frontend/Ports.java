package dev.drydock.frontend;

import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What EXPOSE takes: {@code [[ip:]host:]port[-port][/protocol]}; only the container's side counts. */
final class Ports {
    private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");
    private static final int MAX_PORT = 65_535;
    /** IPv4 in full; of IPv6 only what it is made of: the address is thrown away. */
    private static final Pattern ADDRESS =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}|\\[?[0-9a-fA-F:.]*:[0-9a-fA-F:.]*]?");

    private Ports() {}

    /** One entry of EXPOSE, checked: {@code mapping} if it names a host's side, {@code casing} if the protocol is not lower case. */
    record Spec(List<String> keys, boolean mapping, boolean casing) {}

    static Spec parse(String word) {
        int colon = word.lastIndexOf(':');
        String host = colon < 0 ? "" : word.substring(0, colon);
        String container = word.substring(colon + 1);
        int slash = container.indexOf('/');
        String range = slash < 0 ? container : container.substring(0, slash);
        String written = slash < 0 || slash == container.length() - 1 ? "tcp" : container.substring(slash + 1);
        String protocol = written.toLowerCase(Locale.ROOT);
        if (range.isEmpty()) {
            throw new UserFault("invalid port: " + GoFormat.quoted(word) + ": no port specified")
                    .about(word)
                    .hint("Write a port before the slash, for example 8000/tcp.");
        }
        if (!PROTOCOLS.contains(protocol)) {
            throw new UserFault("invalid port: " + GoFormat.quoted(word) + ": invalid proto: " + written)
                    .about(written)
                    .hint("Write tcp, udp or sctp.");
        }
        List<Integer> ports = range(range, "containerPort");
        checkHost(host, ports, range);
        return new Spec(
                ports.stream().map(port -> port + "/" + protocol).toList(), !host.isEmpty(), !written.equals(protocol));
    }

    /** The host's side is only checked. */
    private static void checkHost(String host, List<Integer> container, String range) {
        int colon = host.lastIndexOf(':');
        String ip = colon < 0 ? "" : host.substring(0, colon);
        String ports = host.substring(colon + 1);
        if (!ip.isEmpty() && !ADDRESS.matcher(ip).matches()) {
            throw new UserFault("invalid IP address: " + ip).about(ip);
        }
        if (!ports.isEmpty()) {
            List<Integer> onHost = range(ports, "hostPort");
            if (container.size() > 1 && onHost.size() != container.size()) {
                throw new UserFault(
                        "invalid ranges specified for container and host Ports: " + range + " and " + ports);
            }
        }
    }

    private static List<Integer> range(String range, String what) {
        int dash = range.indexOf('-');
        int from = number(dash < 0 ? range : range.substring(0, dash), range, what);
        int to = dash < 0 ? from : number(range.substring(dash + 1), range, what);
        if (to < from) {
            throw invalid(range, what);
        }
        List<Integer> ports = new ArrayList<>();
        for (int port = from; port <= to; port++) {
            ports.add(port);
        }
        return ports;
    }

    private static int number(String digits, String range, String what) {
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            number = number * 10 + (c - '0');
            if (c < '0' || c > '9' || number > MAX_PORT) {
                throw invalid(range, what);
            }
        }
        if (digits.isEmpty()) {
            throw invalid(range, what);
        }
        return number;
    }

    private static UserFault invalid(String range, String what) {
        return new UserFault("invalid " + what + ": " + range)
                .about(range)
                .hint("Write a port from 0 to 65535, a range such as 8000-8010, or either with /tcp, /udp or /sctp.");
    }
}
