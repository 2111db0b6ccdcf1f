package dev.drydock.network;

import dev.drydock.fault.UserFault;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The hosts that the steps of a build may reach: {@code example.org} (ports 80 and 443), {@code example.org:8443},
 * {@code *.example.org} (every name below it), or an address.
 */
public final class AllowedHosts {
    private static final List<Integer> WEB = List.of(80, 443);

    private final List<Rule> rules;

    private record Rule(String host, boolean below, List<Integer> ports) {
        boolean covers(String name, int port) {
            boolean named = below ? name.endsWith("." + host) : name.equals(host);
            return named && ports.contains(port);
        }
    }

    private AllowedHosts(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** @throws UserFault if one of them is not a host */
    public static AllowedHosts of(List<String> texts) {
        List<Rule> rules = new ArrayList<>();
        for (String text : texts) {
            rules.add(rule(text));
        }
        return new AllowedHosts(rules);
    }

    private static Rule rule(String text) {
        String host = text.toLowerCase(Locale.ROOT);
        List<Integer> ports = WEB;
        int colon = host.lastIndexOf(':');
        boolean bracketed = host.startsWith("[");
        if (colon > 0 && (bracketed ? host.charAt(colon - 1) == ']' : host.indexOf(':') == colon)) {
            ports = List.of(port(text, host.substring(colon + 1)));
            host = host.substring(0, colon);
        }
        if (bracketed && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        boolean below = host.startsWith("*.");
        String name = bare(below ? host.substring(2) : host);
        if (!isName(name) && (below || !isAddress(name))) {
            throw invalid(text);
        }
        return new Rule(name, below, ports);
    }

    private static int port(String text, String digits) {
        try {
            int port = Integer.parseInt(digits);
            if (port > 0 && port < 65536) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw invalid(text);
        }
        throw invalid(text);
    }

    private static UserFault invalid(String text) {
        return new UserFault("invalid host \"" + text + "\" in the list of allowed hosts")
                .hint("Write a name, *.name for every name below it, or an address; :port for others than 80 and 443.");
    }

    private static boolean isName(String text) {
        return text.length() <= 253
                && text.matches("[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");
    }

    private static boolean isAddress(String text) {
        try {
            return InetAddress.ofLiteral(text).getAddress().length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Without the dot that ends a full name. */
    private static String bare(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    boolean allows(String host, int port) {
        String name = bare(host.toLowerCase(Locale.ROOT));
        return rules.stream().anyMatch(rule -> rule.covers(name, port));
    }

    /**
     * Whether a connection to {@code address} is what allowing {@code host} meant: a public name that leads to this host
     * itself, or to its link, is somebody's trick.
     */
    static boolean isMeant(String host, InetAddress address) {
        boolean inward = address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isMulticastAddress();
        return !inward || isAddress(host) || host.equals("localhost");
    }
}
