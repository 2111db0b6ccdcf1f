package dev.drydock.registry;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} name, in upper or lower case. Loopback
 * addresses are reached directly.
 */
final class Proxies extends ProxySelector {
    private final @Nullable URI http;
    private final @Nullable URI https;
    private final List<String> direct;

    private Proxies(@Nullable URI http, @Nullable URI https, List<String> direct) {
        this.http = http;
        this.https = https;
        this.direct = direct;
    }

    static Proxies of(Map<String, String> environment) {
        List<String> direct = List.of(value(environment, "NO_PROXY")
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .split("[,\\s]+"));
        return new Proxies(
                value(environment, "HTTP_PROXY").map(Proxies::address).orElse(null),
                value(environment, "HTTPS_PROXY").map(Proxies::address).orElse(null),
                direct);
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        String upper = environment.get(name);
        String value = upper == null || upper.isEmpty() ? environment.get(name.toLowerCase(Locale.ROOT)) : upper;
        return Optional.ofNullable(value).filter(text -> !text.isBlank());
    }

    private static @Nullable URI address(String text) {
        try {
            URI address = URI.create(text.contains("://") ? text : "http://" + text);
            return address.getHost() == null ? null : address;
        } catch (IllegalArgumentException e) {
            return null; // as if it were not set: its text may hold a password and is not shown
        }
    }

    @Override
    public List<Proxy> select(URI target) {
        URI proxy = proxyFor(target);
        return List.of(
                proxy == null
                        ? Proxy.NO_PROXY
                        : new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), port(proxy))));
    }

    private static int port(URI proxy) {
        return proxy.getPort() > 0 ? proxy.getPort() : "https".equals(proxy.getScheme()) ? 443 : 80;
    }

    private @Nullable URI proxyFor(URI target) {
        String host = target.getHost();
        URI proxy = "https".equals(target.getScheme()) ? https : http;
        return proxy == null || host == null || isDirect(host.toLowerCase(Locale.ROOT)) ? null : proxy;
    }

    private boolean isDirect(String host) {
        if (Loopback.is(host)) {
            return true;
        }
        for (String entry : direct) {
            String name = entry.startsWith("*.") ? entry.substring(1) : entry;
            int colon = name.lastIndexOf(':');
            name = colon > 0 && name.indexOf(':') == colon ? name.substring(0, colon) : name;
            String suffix = name.startsWith(".") ? name : "." + name;
            if (name.equals("*") || (!name.isEmpty() && ("." + host).endsWith(suffix))) {
                return true;
            }
        }
        return false;
    }

    /** The value of {@code Proxy-Authorization} for a request to {@code target}, null when none is needed. */
    @Nullable
    String authorization(URI target) {
        URI proxy = proxyFor(target);
        String user = proxy == null ? null : proxy.getRawUserInfo();
        if (user == null) {
            return null;
        }
        int colon = user.indexOf(':');
        return new Credential.Password(
                        decode(colon < 0 ? user : user.substring(0, colon)),
                        decode(colon < 0 ? "" : user.substring(colon + 1)))
                .basic();
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public void connectFailed(URI target, SocketAddress proxy, IOException failure) {
        // The request fails and says so.
    }
}
