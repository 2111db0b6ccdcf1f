package dev.drydock.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * HTTP to servers that are no registries, through the same proxies, with the same trust and the same patience. Redirects
 * and errors are the caller's business. Safe for several threads. The caller closes it.
 */
public final class WebClient implements AutoCloseable {
    private final Transport transport;

    private WebClient(Transport transport) {
        this.transport = transport;
    }

    /** A client; it opens what it needs when it is first used. */
    public static WebClient open(Map<String, String> environment) {
        RegistrySettings settings = settings(environment);
        return new WebClient(new Transport(new Tls(settings), Proxies.of(environment), settings.patience()));
    }

    /** How long servers may leave whoever has this environment waiting. */
    public static Duration patience(Map<String, String> environment) {
        return settings(environment).patience();
    }

    private static RegistrySettings settings(Map<String, String> environment) {
        return new RegistrySettings(Map.of(), Set.of(), List.of(), environment);
    }

    /** How long a server may leave a request or the rest of an answer waiting. */
    public Duration patience() {
        return transport.patience();
    }

    /** Sends a request and returns when the answer's headers are there. The caller closes its body. */
    public HttpResponse<InputStream> send(HttpRequest.Builder request, URI target)
            throws IOException, InterruptedException {
        return transport.send(request, target, "https".equals(target.getScheme()) ? Trust.CHECKED : Trust.PLAIN);
    }

    @Override
    public void close() {
        transport.close();
    }
}
