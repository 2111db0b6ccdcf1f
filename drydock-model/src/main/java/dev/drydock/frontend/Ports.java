package dev.drydock.frontend;

import dev.drydock.fault.UserFault;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What EXPOSE takes: {@code [[ip:]host:]port[-port][/protocol]}; only the container's side counts. */
final class Ports {
    private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");
    private static final int MAX_PORT = 65_535;
    private static final Pattern V4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private Ports() {}

    /**
     * One entry taken apart, its numbers not yet looked at.
     *
     * @param protocol as written, {@code tcp} if nothing is
     */
    record Spec(String ip, String host, String container, String protocol) {
        /** Whether it names a host's side. */
        boolean isMapping() {
            return !ip.isEmpty() || !host.isEmpty();
        }

        /** Whether the protocol is in lower case. */
        boolean isLowerCase() {
            return protocol.equals(protocol.toLowerCase(Locale.ROOT));
        }

        /** A key for each port, such as {@code 80/tcp}. */
        List<String> keys() {
            checkAddress(ip);
            Range ports = Range.of(container, "containerPort");
            if (!host.isEmpty()) {
                Range hosts = Range.of(host, "hostPort");
                if (ports.size() != hosts.size() && ports.size() != 1) {
                    throw new UserFault("invalid ranges specified for container and host Ports: " + container + " and "
                                    + host)
                            .about((ip.isEmpty() ? "" : ip + ":") + host + ":" + container)
                            .hint("Only the container's side counts: write " + container + ".");
                }
            }
            List<String> keys = new ArrayList<>();
            for (int port = ports.from; port <= ports.to; port++) {
                keys.add(port + "/" + protocol.toLowerCase(Locale.ROOT));
            }
            return keys;
        }
    }

    private record Range(int from, int to) {
        int size() {
            return to - from + 1;
        }

        static Range of(String text, String what) {
            int dash = text.indexOf('-');
            int from = number(dash < 0 ? text : text.substring(0, dash));
            int to = dash < 0 ? from : number(text.substring(dash + 1));
            if (from < 0 || to < from) {
                throw new UserFault("invalid " + what + ": " + text)
                        .about(text)
                        .hint("Write a port from 0 to 65535, a range such as 8000-8010, or either with /tcp, /udp or"
                                + " /sctp.");
            }
            return new Range(from, to);
        }

        /** The number, -1 if it is none or no port. */
        private static int number(String text) {
            String digits = text.startsWith("+") ? text.substring(1) : text;
            int number = digits.isEmpty() ? -1 : 0;
            for (int i = 0; i < digits.length() && number >= 0; i++) {
                char c = digits.charAt(i);
                number = c < '0' || c > '9' ? -1 : number * 10 + (c - '0');
                number = number > MAX_PORT ? -1 : number;
            }
            return number;
        }
    }

    static Spec parse(String word) {
        int last = word.lastIndexOf(':');
        int second = last < 0 ? -1 : word.lastIndexOf(':', last - 1);
        String ip = second < 0 ? "" : word.substring(0, second);
        String host = last < 0 ? "" : word.substring(second + 1, last);
        String container = word.substring(last + 1);
        int slash = container.indexOf('/');
        String port = slash < 0 ? container : container.substring(0, slash);
        String protocol = slash < 0 ? "" : container.substring(slash + 1);
        if (port.isEmpty()) {
            throw invalid(word, "no port specified").about(word).hint("Write a port before the slash, as in 8000/tcp.");
        }
        if (!protocol.isEmpty() && !PROTOCOLS.contains(protocol.toLowerCase(Locale.ROOT))) {
            throw invalid(word, "invalid proto: " + protocol).about(protocol).hint("Write tcp, udp or sctp.");
        }
        return new Spec(ip, host, port, protocol.isEmpty() ? "tcp" : protocol);
    }

    private static UserFault invalid(String word, String why) {
        return new UserFault("invalid port: " + GoFormat.quoted(word) + ": " + why);
    }

    private static void checkAddress(String ip) {
        boolean bracketed = ip.startsWith("[") && ip.endsWith("]");
        String address = bracketed ? ip.substring(1, ip.length() - 1) : ip;
        if (!address.isEmpty() && !V4.matcher(address).matches() && !isV6(address)) {
            throw new UserFault("invalid IP address: " + address)
                    .about(address)
                    .hint("EXPOSE takes ports of the container only: leave the address out.");
        }
    }

    private static boolean isV6(String address) {
        if (!V6.matcher(address).matches()) {
            return false;
        }
        try {
            return Inet6Address.ofLiteral(address) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
