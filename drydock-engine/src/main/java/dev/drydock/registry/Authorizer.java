package dev.drydock.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Proves to one registry who we are: by Basic, or by tokens that its token server gives, one for each set of scopes, kept
 * until shortly before they expire.
 *
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">token authentication</a>
 */
final class Authorizer {
    private static final String CLIENT = "drydock";
    private static final int LONGEST = 1 << 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final String host;
    private final Endpoint.Speaks speaks;
    private final Credentials credentials;
    private final Transport transport;
    private final Retries retries;
    private final Redactor redactor;
    private final InstantSource clock;
    /** One asks the token server; the others wait and find the token. */
    private final ReentrantLock asking = new ReentrantLock();

    private final Map<String, Token> tokens = new HashMap<>(); // by asking
    /** Tokens that the registry took. */
    private final Set<String> used = new HashSet<>(); // by asking

    private Way way = new Way.Unknown(); // by asking
    private @Nullable Credential credential; // by asking
    private @Nullable String refresh; // by asking

    /** Where credentials come from. */
    @FunctionalInterface
    interface Credentials {
        Optional<Credential> find(String host) throws InterruptedException;
    }

    /** What this registry wants. */
    private sealed interface Way {
        record Unknown() implements Way {}

        record Basic() implements Way {}

        record Bearer(URI realm, @Nullable String service) implements Way {}
    }

    Authorizer(
            String host,
            Endpoint.Speaks speaks,
            Credentials credentials,
            Transport transport,
            Retries retries,
            Redactor redactor,
            InstantSource clock) {
        this.host = host;
        this.speaks = speaks;
        this.credentials = credentials;
        this.transport = transport;
        this.retries = retries;
        this.redactor = redactor;
        this.clock = clock;
    }

    /**
     * The header for a request that needs these scopes, null when none is known to be needed.
     *
     * @throws Denied if the token server refuses
     */
    @Nullable
    String header(List<String> scopes) throws IOException, InterruptedException {
        asking.lockInterruptibly();
        try {
            return switch (way) {
                case Way.Unknown _ ->
                    credential() instanceof Credential.RegistryToken(String token) ? "Bearer " + token : null;
                case Way.Basic _ -> credential() instanceof Credential.Password password ? password.basic() : null;
                case Way.Bearer bearer -> "Bearer " + token(bearer, scopes);
            };
        } finally {
            asking.unlock();
        }
    }

    private Credential credential() throws InterruptedException {
        if (credential == null) {
            Credential found = credentials.find(host).orElseGet(Credential.Anonymous::new);
            switch (found) {
                case Credential.Password password -> {
                    redactor.protect(password.secret());
                    redactor.protect(password.basic().substring("Basic ".length()));
                }
                case Credential.IdentityToken(String token) -> redactor.protect(token);
                case Credential.RegistryToken(String token) -> redactor.protect(token);
                case Credential.Anonymous _ -> {}
            }
            credential = found;
        }
        return credential;
    }

    /**
     * Learns from a 401.
     *
     * @param sent the header that the request had, null without one
     * @return whether another attempt may fare better
     * @throws Denied if there is nothing to show
     */
    boolean learn(List<Challenge> challenges, List<String> scopes, @Nullable String sent)
            throws IOException, InterruptedException {
        asking.lockInterruptibly();
        try {
            for (Challenge challenge : challenges) {
                String realm = challenge.parameter("realm");
                if (challenge.scheme().equals("bearer") && realm != null) {
                    boolean fresh = sent != null && sent.startsWith("Bearer ") && !isStale(scopes, sent);
                    Token known = tokens.get(key(scopes));
                    if (known != null && ("Bearer " + known.value()).equals(sent)) {
                        tokens.remove(key(scopes)); // another thread may have a newer one already
                    }
                    way = new Way.Bearer(realm(realm), challenge.parameter("service"));
                    return !fresh;
                }
            }
            for (Challenge challenge : challenges) {
                if (challenge.scheme().equals("basic")) {
                    way = new Way.Basic();
                    if (!(credential() instanceof Credential.Password)) {
                        throw new Denied("authorization failed: no basic auth credentials");
                    }
                    return sent == null || !sent.startsWith("Basic ");
                }
            }
            return false;
        } finally {
            asking.unlock();
        }
    }

    /** A token that lived a while may have been revoked or have expired on the way; one just made is simply refused. */
    private boolean isStale(List<String> scopes, String sent) {
        Token token = tokens.get(key(scopes));
        return token == null || !sent.equals("Bearer " + token.value()) || used.contains(token.value());
    }

    /** Remembers that a header was taken, so that a later refusal of it means that it is no longer good. */
    void accepted(@Nullable String sent) throws InterruptedException {
        if (sent != null && sent.startsWith("Bearer ")) {
            asking.lockInterruptibly();
            try {
                used.add(sent.substring("Bearer ".length()));
            } finally {
                asking.unlock();
            }
        }
    }

    private URI realm(String text) throws IOException {
        URI realm;
        try {
            realm = URI.create(text);
        } catch (IllegalArgumentException e) {
            // without the cause, which quotes the address: a user and a password may be in it
            throw new IOException("the registry names a token server that is no address");
        }
        String scheme = realm.getScheme();
        if (realm.getHost() == null || !("https".equals(scheme) || "http".equals(scheme))) {
            throw new IOException("the registry names a token server that is no address");
        }
        return realm;
    }

    private static String key(List<String> scopes) {
        return String.join(" ", new TreeSet<>(scopes));
    }

    private String token(Way.Bearer bearer, List<String> scopes) throws IOException, InterruptedException {
        Token known = tokens.get(key(scopes));
        if (known != null && clock.instant().isBefore(known.expires())) {
            return known.value();
        }
        Credential shown = credential();
        if (shown instanceof Credential.RegistryToken(String token)) {
            return token;
        }
        Token token = fetch(bearer, scopes, shown);
        redactor.protect(token.value());
        if (token.refresh() != null) {
            redactor.protect(token.refresh());
            refresh = token.refresh();
        }
        tokens.put(key(scopes), token);
        return token.value();
    }

    private Token fetch(Way.Bearer bearer, List<String> scopes, Credential shown)
            throws IOException, InterruptedException {
        if (!(shown instanceof Credential.Anonymous)
                && "http".equals(bearer.realm.getScheme())
                && !Loopback.is(bearer.realm.getHost())
                && !isHomeAndInsecure(bearer.realm)) {
            throw new Denied("authorization failed: credentials for " + host + " are not sent to "
                    + redactor.url(bearer.realm) + " without TLS");
        }
        int attempt = 0;
        while (true) {
            HttpResponse<InputStream> response;
            try {
                response = ask(bearer, scopes, shown);
            } catch (IOException e) {
                if (Retries.isPassing(e) && retries.pause(++attempt, null)) {
                    continue;
                }
                throw new IOException(
                        "failed to fetch token from " + redactor.url(bearer.realm) + ": " + Words.of(e), e);
            }
            Instant asked = clock.instant();
            try (Answer answer = Answer.of("GET", bearer.realm, response)) {
                if (answer.isSuccess()) {
                    byte[] document;
                    try {
                        document = answer.bytes(LONGEST);
                    } catch (IOException e) {
                        if (Retries.isPassing(e) && retries.pause(++attempt, null)) {
                            continue;
                        }
                        throw e;
                    }
                    return Token.read(document, asked);
                }
                if (Retries.isPassing(answer.status()) && retries.pause(++attempt, answer.header("Retry-After"))) {
                    continue;
                }
                String said = answer.problems().isEmpty()
                        ? ""
                        : ": " + answer.problems().getFirst();
                if (answer.status() == 401 || answer.status() == 403) {
                    throw new Denied(
                            shown instanceof Credential.Anonymous
                                    ? "authorization failed" + redactor.text(said)
                                    : "unauthorized: incorrect username or password");
                }
                throw new IOException("failed to fetch token from " + redactor.url(bearer.realm) + ": status "
                        + answer.status() + redactor.text(said));
            }
        }
    }

    /** Whether the token server is the registry itself, and that was allowed to prove nothing. */
    private boolean isHomeAndInsecure(URI realm) {
        return speaks == Endpoint.Speaks.INSECURE && host.equals(realm.getRawAuthority());
    }

    /** What the token server gave to be shown instead of the password from now on; null if it gives no such thing. */
    @Nullable
    String refreshToken() throws InterruptedException {
        asking.lockInterruptibly();
        try {
            return refresh;
        } finally {
            asking.unlock();
        }
    }

    private HttpResponse<InputStream> ask(Way.Bearer bearer, List<String> scopes, Credential shown)
            throws IOException, InterruptedException {
        StringBuilder parameters = new StringBuilder();
        if (bearer.service != null) {
            add(parameters, "service", bearer.service);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder().timeout(TIMEOUT).header("Accept", "application/json");
        URI target = bearer.realm;
        if (shown instanceof Credential.IdentityToken(String token)) {
            add(parameters, "grant_type", "refresh_token");
            add(parameters, "refresh_token", token);
            add(parameters, "client_id", CLIENT);
            add(parameters, "scope", key(scopes));
            request.header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(parameters.toString()));
        } else {
            for (String scope : new TreeSet<>(scopes)) {
                add(parameters, "scope", scope);
            }
            if (shown instanceof Credential.Password password) {
                add(parameters, "account", password.user());
                if (scopes.isEmpty()) { // a login
                    add(parameters, "client_id", CLIENT);
                    add(parameters, "offline_token", "true");
                }
                request.header("Authorization", password.basic());
            }
            String query = target.getRawQuery();
            target = target.resolve(
                    target.getRawPath() + "?" + (query == null || query.isEmpty() ? "" : query + "&") + parameters);
            request.GET();
        }
        Trust trust = "http".equals(target.getScheme())
                ? Trust.PLAIN
                : isHomeAndInsecure(bearer.realm) ? Trust.UNCHECKED : Trust.CHECKED;
        return transport.send(request, target, trust);
    }

    private static void add(StringBuilder parameters, String name, String value) {
        parameters
                .append(parameters.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
}
