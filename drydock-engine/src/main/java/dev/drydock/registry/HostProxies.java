package dev.drydock.registry;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The proxies behind which this host is, for what is reached beside registries. */
public final class HostProxies {
    private final Proxies proxies;

    private HostProxies(Proxies proxies) {
        this.proxies = proxies;
    }

    /**
     * Those of the variables {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, in upper or lower case.
     *
     * @throws dev.drydock.fault.UserFault if one is of a kind that is not spoken to
     */
    public static HostProxies of(Map<String, String> environment) {
        return new HostProxies(Proxies.of(environment));
    }

    /**
     * The proxy by which a host is reached; empty if it is reached directly, as loopback addresses always are.
     *
     * @param tls whether it is TLS that is spoken to the host
     * @param host a name, or an address without brackets
     */
    public Optional<Chosen> towards(boolean tls, String host, int port) {
        return proxies.towards(tls, host, port);
    }

    /**
     * A proxy that speaks HTTP.
     *
     * @param authorization value of {@code Proxy-Authorization}, null for none
     */
    public record Chosen(String host, int port, @Nullable String authorization) {}
}
