package dev.drydock.registry;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One host that speaks the distribution API: finds out whether it speaks TLS, proves who we are, follows redirects and
 * tries again what may pass.
 */
final class Endpoint {
    private static final int MOST_REDIRECTS = 10;

    private final Address address;
    private final Transport transport;
    private final Authorizer authorizer;
    private final Retries retries;
    private final ReentrantLock finding = new ReentrantLock();
    private @Nullable Trust trust; // by finding

    /**
     * Where it is.
     *
     * @param host with its port
     * @param prefix put before repository names, with a slash at its end; empty for none
     * @param speaks what it is known to speak before the first request
     */
    record Address(String host, String prefix, Speaks speaks) {}

    /** What is known of a host beforehand. */
    enum Speaks {
        /** TLS with a certificate that somebody vouches for. */
        TLS,
        /** Plain HTTP, because somebody wrote so. */
        HTTP,
        /** Either: a loopback address. */
        LOOPBACK,
        /** TLS with any certificate, or plain HTTP: allowed by the user. */
        INSECURE
    }

    Endpoint(Address address, Transport transport, Authorizer authorizer, Retries retries) {
        this.address = address;
        this.transport = transport;
        this.authorizer = authorizer;
        this.retries = retries;
    }

    String host() {
        return address.host;
    }

    String prefix() {
        return address.prefix;
    }

    /** The address of a path, for messages: no request is made. */
    URI about(String path) {
        Trust known = trust;
        boolean plain = known == null
                ? address.speaks == Speaks.HTTP || address.speaks == Speaks.LOOPBACK
                : known == Trust.PLAIN;
        return URI.create((plain ? "http://" : "https://") + address.host + path);
    }

    /**
     * Sends a call. The caller closes the answer, whatever its status.
     *
     * @throws IOException if there is none
     * @throws Denied if there is nothing to show to the registry or its token server
     */
    Answer send(Call call) throws IOException, InterruptedException {
        int failures = 0;
        while (true) {
            Answer answer;
            try {
                answer = authorized(call);
            } catch (IOException e) {
                if (call.repeat() == Call.Repeat.YES && Retries.isPassing(e) && retries.pause(++failures, null)) {
                    continue;
                }
                throw e;
            }
            if (call.repeat() == Call.Repeat.YES
                    && Retries.isPassing(answer.status())
                    && retries.pause(++failures, answer.header("Retry-After"))) {
                continue;
            }
            return answer;
        }
    }

    /** Sends a call once, to whatever host its address names, without showing who we are. The caller closes the answer. */
    Answer anonymous(Call call) throws IOException, InterruptedException {
        return redirected(call, trust(), null);
    }

    /** What is made of an answer. */
    @FunctionalInterface
    interface Reading<T extends @Nullable Object> {
        T of(Answer answer) throws IOException, InterruptedException;
    }

    /** Sends a call and reads its answer; one that breaks off is asked for again. */
    <T extends @Nullable Object> T read(Call call, Reading<T> reading) throws IOException, InterruptedException {
        int failures = 0;
        while (true) {
            Answer answer = send(call);
            try (answer) {
                return reading.of(answer);
            } catch (IOException e) {
                if (!Retries.isPassing(e) || !retries.pause(++failures, null)) {
                    throw e;
                }
            }
        }
    }

    private Answer authorized(Call call) throws IOException, InterruptedException {
        Trust how = trust();
        String header = authorizer.header(call.scopes());
        Answer answer = redirected(call, how, header);
        // Twice: the first 401 says which way, a second one may be about a token that is no longer good.
        for (int attempt = 0; attempt < 2 && answer.status() == 401; attempt++) {
            List<Challenge> challenges = Challenge.parse(answer.headers("WWW-Authenticate"));
            if (!authorizer.learn(challenges, call.scopes(), header)) {
                return answer;
            }
            header = authorizer.header(call.scopes());
            answer = redirected(call, how, header);
        }
        if (answer.status() != 401) {
            authorizer.accepted(header);
        }
        return answer;
    }

    private Answer redirected(Call call, Trust how, @Nullable String authorization)
            throws IOException, InterruptedException {
        URI origin = URI.create((how == Trust.PLAIN ? "http://" : "https://") + address.host + "/");
        URI target = origin.resolve(call.path());
        for (int redirects = 0; ; redirects++) {
            boolean home = target.getRawAuthority().equals(origin.getRawAuthority());
            boolean plain = "http".equals(target.getScheme());
            if (plain && how != Trust.PLAIN && !Loopback.is(target.getHost())) {
                throw new IOException("the registry sends us to an address without TLS");
            }
            HttpRequest.Builder request = HttpRequest.newBuilder();
            if (call.idle() == null) {
                Duration within = call.timeout();
                request.timeout(within == null ? transport.patience() : within);
            }
            for (Map.Entry<String, String> header : call.headers().entrySet()) {
                request.setHeader(header.getKey(), header.getValue());
            }
            request.setHeader("User-Agent", "drydock");
            if (home && authorization != null) {
                request.setHeader("Authorization", authorization); // to nobody else
            }
            request.method(call.method(), call.body().get());
            Trust trusted = plain ? Trust.PLAIN : home ? how : Trust.CHECKED;
            Answer answer = Answer.of(call.method(), target, transport.send(request, target, trusted, call.idle()));
            String location = answer.header("Location");
            if (!isRedirect(answer.status()) || location == null) {
                return answer;
            }
            answer.close();
            if (redirects == MOST_REDIRECTS) {
                throw new IOException("the registry sends us on and on: " + MOST_REDIRECTS + " redirects");
            }
            target = resolve(target, location);
        }
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    static URI resolve(URI base, String location) throws IOException {
        try {
            URI target = base.resolve(location);
            if (target.getHost() != null
                    && target.getScheme() != null
                    && target.getScheme().startsWith("http")) {
                return target;
            }
        } catch (IllegalArgumentException e) {
            // said below, without the address: it may be signed
        }
        throw new IOException("the registry sends us to something that is no address");
    }

    /** What the host speaks; found out by a first request where that is open. */
    private Trust trust() throws IOException, InterruptedException {
        finding.lockInterruptibly();
        try {
            Trust known = trust;
            if (known == null) {
                known = switch (address.speaks) {
                    case TLS -> Trust.CHECKED;
                    case HTTP -> Trust.PLAIN;
                    case LOOPBACK -> speaksHttp() ? Trust.PLAIN : Trust.CHECKED;
                    case INSECURE -> speaksTls() ? Trust.UNCHECKED : Trust.PLAIN;
                };
                trust = known;
            }
            return known;
        } finally {
            finding.unlock();
        }
    }

    private boolean speaksHttp() throws IOException, InterruptedException {
        try (Answer answer = ping(Trust.PLAIN)) {
            return answer.status() != 400 || !answer.errorText().contains("HTTPS");
        } catch (ConnectException refused) {
            throw refused;
        } catch (IOException e) {
            if (!Retries.isPassing(e)) {
                throw e;
            }
            return !speaksTls(); // it cut us off: maybe because it wanted TLS, maybe because it is in trouble
        }
    }

    private boolean speaksTls() throws InterruptedException {
        try (Answer _ = ping(Trust.UNCHECKED)) {
            return true;
        } catch (IOException e) {
            return false; // the request itself will say what is wrong
        }
    }

    private Answer ping(Trust how) throws IOException, InterruptedException {
        URI target = URI.create((how == Trust.PLAIN ? "http://" : "https://") + address.host + "/v2/");
        HttpRequest.Builder request = HttpRequest.newBuilder()
                .timeout(transport.patience())
                .setHeader("User-Agent", "drydock")
                .GET();
        return Answer.of("GET", target, transport.send(request, target, how));
    }
}
