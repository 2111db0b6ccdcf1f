package dev.drydock.frontend;

import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What EXPOSE takes: {@code [[ip:]host:]port[-port][/protocol]}; only the container's side counts. */
final class Ports {
    private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");
    private static final int MAX_PORT = 65_535;

    private Ports() {}

    /** One entry of EXPOSE, checked: {@code mapping} if it names a host's side, {@code casing} if the protocol is not lower case. */
    record Spec(List<String> keys, boolean mapping, boolean casing) {}

    static Spec parse(String word) {
        int slash = word.indexOf('/');
        String left = slash < 0 ? word : word.substring(0, slash);
        String written = slash < 0 || slash == word.length() - 1 ? "tcp" : word.substring(slash + 1);
        String protocol = written.toLowerCase(Locale.ROOT);
        if (!PROTOCOLS.contains(protocol)) {
            throw new UserFault("invalid proto: " + protocol).about(written).hint("Write tcp, udp or sctp.");
        }
        int colon = left.lastIndexOf(':');
        String range = left.substring(colon + 1);
        if (range.isEmpty()) {
            throw new UserFault("no port specified: " + word + "<empty>")
                    .about(word)
                    .hint("Write a port before the slash, for example 8000/tcp.");
        }
        int dash = range.indexOf('-');
        int from = number(dash < 0 ? range : range.substring(0, dash), range);
        int to = dash < 0 ? from : number(range.substring(dash + 1), range);
        if (to < from) {
            throw invalid(range);
        }
        List<String> keys = new ArrayList<>();
        for (int port = from; port <= to; port++) {
            keys.add(port + "/" + protocol);
        }
        return new Spec(keys, colon >= 0, !written.equals(protocol));
    }

    private static int number(String digits, String range) {
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            number = number * 10 + (c - '0');
            if (c < '0' || c > '9' || number > MAX_PORT) {
                throw invalid(range);
            }
        }
        if (digits.isEmpty()) {
            throw invalid(range);
        }
        return number;
    }

    private static UserFault invalid(String range) {
        return new UserFault("invalid containerPort: " + range)
                .about(range)
                .hint("Write a port from 0 to 65535, a range such as 8000-8010, or either with /tcp, /udp or /sctp.");
    }
}
