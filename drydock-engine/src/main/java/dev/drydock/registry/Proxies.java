package dev.drydock.registry;

import dev.drydock.fault.UserFault;
import java.io.IOException;
import java.net.InetAddress;
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
        if (text.matches("(?i)(https|socks\\w*)://.*")) {
            throw new UserFault("use proxy: proxies of the kind " + text.substring(0, text.indexOf(':')) + ":// are not"
                            + " spoken to")
                    .hint("Name a proxy by http://HOST:PORT; TLS goes through it all the same.");
        }
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
        return proxy.getPort() > 0 ? proxy.getPort() : 80;
    }

    private @Nullable URI proxyFor(URI target) {
        String host = target.getHost();
        if (host == null) {
            return null;
        }
        boolean tls = "https".equals(target.getScheme());
        int port = target.getPort() >= 0 ? target.getPort() : tls ? 443 : 80;
        return proxyFor(tls, host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
    }

    private @Nullable URI proxyFor(boolean tls, String host, int port) {
        URI proxy = tls ? https : http;
        return proxy == null || isDirect(host.toLowerCase(Locale.ROOT), port) ? null : proxy;
    }

    /** The proxy for a host, a name or an address without brackets; empty if it is reached directly. */
    Optional<HostProxies.Chosen> towards(boolean tls, String host, int port) {
        URI proxy = proxyFor(tls, host, port);
        if (proxy == null) {
            return Optional.empty();
        }
        String name = proxy.getHost();
        String bare = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
        return Optional.of(new HostProxies.Chosen(bare, port(proxy), basic(proxy)));
    }

    private boolean isDirect(String host, int port) {
        if (Loopback.is(host)) {
            return true;
        }
        for (String entry : direct) {
            if (entry.equals("*") || (!entry.isEmpty() && names(entry, host, port))) {
                return true;
            }
        }
        return false;
    }

    /** Whether an entry of {@code NO_PROXY} is about a host: a name and all below it, an address, or a block of them. */
    private static boolean names(String entry, String host, int port) {
        int slash = entry.indexOf('/');
        if (slash > 0) {
            return isInBlock(host, entry.substring(0, slash), entry.substring(slash + 1));
        }
        int colon = entry.lastIndexOf(':');
        boolean hasPort = colon > 0 && entry.indexOf(':') == colon;
        if (hasPort && !entry.substring(colon + 1).equals(String.valueOf(port))) {
            return false;
        }
        String name = hasPort ? entry.substring(0, colon) : entry;
        name = name.startsWith("*.") ? name.substring(1) : name;
        return name.startsWith(".") ? host.endsWith(name) : host.equals(name) || host.endsWith("." + name);
    }

    private static boolean isInBlock(String host, String first, String bits) {
        if (!host.matches("[0-9.]+|[0-9a-f:]*:[0-9a-f:.]*") || !bits.matches("\\d{1,3}")) {
            return false;
        }
        try {
            byte[] address = InetAddress.ofLiteral(host).getAddress();
            byte[] block = InetAddress.ofLiteral(first).getAddress();
            int length = Integer.parseInt(bits);
            if (address.length != block.length || length > address.length * 8) {
                return false;
            }
            for (int bit = 0; bit < length; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (block[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    /** The value of {@code Proxy-Authorization} for a request to {@code target}, null when none is needed. */
    @Nullable
    String authorization(URI target) {
        URI proxy = proxyFor(target);
        return proxy == null ? null : basic(proxy);
    }

    private static @Nullable String basic(URI proxy) {
        String user = proxy.getRawUserInfo();
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
