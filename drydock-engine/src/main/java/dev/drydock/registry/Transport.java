package dev.drydock.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 to any host: one client for plain HTTP, one for hosts with the usual trust, and one for each host with
 * certificates of its own, each opened when first needed. Redirects and errors are the caller's business.
 */
final class Transport implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(20);

    static {
        // The default of 16 KB halves the speed of downloads. Read once, by the JDK's first client.
        unlessSet("jdk.httpclient.bufsize", "262144");
        // Otherwise a proxy that asks for a password is refused silently.
        unlessSet("jdk.http.auth.tunneling.disabledSchemes", "");
    }

    private static void unlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private record Key(Trust trust, String host) {}

    private final Tls tls;
    private final Proxies proxies;
    private final StallWatch stalls;
    private final ExecutorService executor = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("registry-", 0).factory());
    private final Map<Key, HttpClient> clients = new HashMap<>(); // by this
    private boolean closed; // by this

    /** @param patience how long a transfer may stand still */
    Transport(Tls tls, Proxies proxies, Duration patience) {
        this.tls = tls;
        this.proxies = proxies;
        this.stalls = new StallWatch(patience);
    }

    /** How long a transfer may stand still. */
    Duration patience() {
        return stalls.patience();
    }

    /** Sends a request and returns when the answer's headers are there. The caller closes its body. */
    HttpResponse<InputStream> send(HttpRequest.Builder request, URI target, Trust trust)
            throws IOException, InterruptedException {
        return send(request, target, trust, null);
    }

    /**
     * The same for a request with a body that takes long.
     *
     * @param idle how long the body has not moved; null not to ask
     */
    HttpResponse<InputStream> send(
            HttpRequest.Builder request, URI target, Trust trust, @Nullable Supplier<Duration> idle)
            throws IOException, InterruptedException {
        String proxyAuthorization = proxies.authorization(target);
        if (proxyAuthorization != null) {
            request.setHeader("Proxy-Authorization", proxyAuthorization);
        }
        HttpResponse.BodyHandler<InputStream> answer =
                _ -> HttpResponse.BodySubscribers.mapping(HttpResponse.BodySubscribers.ofInputStream(), stalls::guard);
        HttpClient client = client(target, trust);
        HttpRequest whole = request.uri(target).build();
        try {
            return idle == null ? client.send(whole, answer) : watched(client.sendAsync(whole, answer), idle);
        } catch (IllegalArgumentException e) {
            // a number of the answer that is none: the client lets that through as it finds it
            throw new IOException("malformed answer: " + e.getMessage(), e);
        }
    }

    private HttpResponse<InputStream> watched(
            CompletableFuture<HttpResponse<InputStream>> answer, Supplier<Duration> idle)
            throws IOException, InterruptedException {
        while (true) {
            try {
                return answer.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException notYet) {
                if (idle.get().compareTo(stalls.patience()) > 0) {
                    answer.cancel(true);
                    throw new IOException(stalls.words());
                }
            } catch (InterruptedException e) {
                answer.cancel(true);
                throw e;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException failure) {
                    throw failure;
                }
                throw new IOException(e.getCause());
            }
        }
    }

    private synchronized HttpClient client(URI target, Trust trust) throws IOException {
        if (closed) {
            throw new IOException("the registry client is closed");
        }
        String host = target.getRawAuthority();
        boolean own = trust != Trust.PLAIN && tls.isConfigured(host);
        return clients.computeIfAbsent(new Key(trust, own ? host : ""), key -> open(key.trust, key.host));
    }

    private HttpClient open(Trust trust, String host) {
        // Never the default context: to make it takes longer than most requests.
        SSLContext context = trust == Trust.CHECKED ? tls.context(host) : tls.unchecked(host);
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .proxy(proxies)
                .sslContext(context)
                .executor(executor)
                .build();
    }

    /** Ends what still runs, and the threads: one that waits for the network would hold up the end of the process. */
    @Override
    public void close() {
        Map<Key, HttpClient> open;
        synchronized (this) {
            closed = true;
            open = Map.copyOf(clients);
            clients.clear();
        }
        stalls.close();
        boolean interrupted = Thread.interrupted();
        try {
            for (HttpClient client : open.values()) {
                client.shutdownNow();
            }
            for (HttpClient client : open.values()) {
                client.awaitTermination(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            interrupted = true; // they end by themselves
        }
        executor.shutdownNow();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
