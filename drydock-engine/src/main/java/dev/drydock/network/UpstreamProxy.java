package dev.drydock.network;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says behind which proxies this host is itself. */
@FunctionalInterface
public interface UpstreamProxy {
    /** A host behind none. */
    UpstreamProxy NONE = (_, _, _) -> Optional.empty();

    /**
     * The proxy by which a host is reached; empty if it is reached directly.
     *
     * @param tunnel whether it is for a tunnel, as TLS has, and not for a plain request
     */
    Optional<Hop> towards(String host, int port, boolean tunnel);

    /**
     * A proxy that speaks HTTP.
     *
     * @param authorization value of {@code Proxy-Authorization}, null for none; never shown
     */
    record Hop(String host, int port, @Nullable String authorization) {
        /** Without what is secret. */
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }
}
