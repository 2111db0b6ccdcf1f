package dev.drydock.network;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The variables that name proxies. */
public final class ProxyVariables {
    /** In lower case; programs read either case. */
    private static final List<String> NAMES = List.of("http_proxy", "https_proxy", "ftp_proxy", "all_proxy");

    private static final String NOT_FOR = "no_proxy";

    private ProxyVariables() {}

    /** Variables that send everything through one proxy. */
    static Map<String, String> forAll(String proxy, String except) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String name : NAMES) {
            all.put(name, proxy);
            all.put(name.toUpperCase(Locale.ROOT), proxy);
        }
        all.put(NOT_FOR, except);
        all.put(NOT_FOR.toUpperCase(Locale.ROOT), except);
        return all;
    }

    /** The port of a proxy that {@code variable}, as {@code NAME=value}, puts on the loopback interface. */
    public static OptionalInt loopbackPort(String variable) {
        int equals = variable.indexOf('=');
        if (equals < 0 || !NAMES.contains(variable.substring(0, equals).toLowerCase(Locale.ROOT))) {
            return OptionalInt.empty();
        }
        return uri(variable.substring(equals + 1))
                .filter(uri -> uri.getHost() != null && isLoopback(uri.getHost()) && uri.getPort() > 0)
                .map(uri -> OptionalInt.of(uri.getPort()))
                .orElse(OptionalInt.empty());
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(new URI(text.contains("://") ? text : "http://" + text));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.matches("127(\\.[0-9]{1,3}){3}") || host.equals("[::1]");
    }
}
