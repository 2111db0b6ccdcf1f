package dev.drydock.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Gives tokens for {@code docker-registry}: to GET with Basic, or with nothing for {@code public/…}, and to POST with the
 * identity token that it gave before. Tokens are signed by the key of a certificate that the registry trusts.
 */
final class TokenServer implements AutoCloseable {
    static final String IDENTITY = "1dent1ty-t0ken";

    private final HttpServer server;
    private final PrivateKey key;
    private final String certificate;
    private final String basic;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> given = new CopyOnWriteArrayList<>();

    TokenServer(Certificates.Pair signer, String user, String password) throws IOException, GeneralSecurityException {
        this.key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(decoded(signer.key())));
        this.certificate = Base64.getEncoder().encodeToString(decoded(signer.certificate()));
        this.basic =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", this::serve);
        server.start();
    }

    private static byte[] decoded(Path pem) throws IOException {
        String text = Files.readString(pem).replaceAll("-----[A-Z ]+-----", "");
        return Base64.getMimeDecoder().decode(text);
    }

    String realm() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
    }

    /** What was asked for: method, kind of proof, scopes. */
    List<String> requests() {
        return requests;
    }

    /** The tokens given so far. */
    List<String> given() {
        return given;
    }

    private void serve(HttpExchange exchange) throws IOException {
        boolean post = exchange.getRequestMethod().equals("POST");
        String text = post
                ? new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                : String.valueOf(exchange.getRequestURI().getRawQuery());
        Map<String, List<String>> parameters = parameters(text);
        String shown = exchange.getRequestHeaders().getFirst("Authorization");
        List<String> scopes = new ArrayList<>();
        parameters.getOrDefault("scope", List.of()).forEach(each -> scopes.addAll(List.of(each.split(" "))));
        boolean identity =
                post && parameters.getOrDefault("refresh_token", List.of()).contains(IDENTITY);
        boolean known = identity || basic.equals(shown);
        requests.add((post ? "POST " : "GET ") + (identity ? "identity" : known ? "basic" : "nobody") + " "
                + String.join(" ", scopes));
        if (!known && (post || shown != null)) {
            answer(
                    exchange,
                    401,
                    "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"who are you, " + shown + "?\"}]}");
            return;
        }
        String token = token(known, scopes);
        given.add(token);
        boolean offline = parameters.containsKey("offline_token");
        answer(
                exchange,
                200,
                "{\"" + (post ? "access_token" : "token") + "\":\"" + token + "\",\"expires_in\":300"
                        + (offline ? ",\"refresh_token\":\"" + IDENTITY + "\"" : "") + "}");
    }

    private static Map<String, List<String>> parameters(String text) {
        Map<String, List<String>> all = new TreeMap<>();
        for (String each : text.split("&")) {
            int equals = each.indexOf('=');
            if (equals > 0) {
                all.computeIfAbsent(each.substring(0, equals), _ -> new ArrayList<>())
                        .add(URLDecoder.decode(each.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return all;
    }

    private String token(boolean known, List<String> scopes) {
        List<String> access = new ArrayList<>();
        for (String scope : scopes) {
            String[] parts = scope.split(":");
            String actions = known ? parts[2] : parts[1].startsWith("public/") ? "pull" : "";
            if (!actions.isEmpty()) {
                access.add("{\"type\":\"repository\",\"name\":\"" + parts[1] + "\",\"actions\":[\""
                        + actions.replace(",", "\",\"") + "\"]}");
            }
        }
        long now = Instant.now().getEpochSecond();
        String header = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\"" + certificate + "\"]}";
        String claims = "{\"iss\":\"test-issuer\",\"sub\":\"demo\",\"aud\":\"test-registry\",\"exp\":" + (now + 300)
                + ",\"nbf\":" + (now - 60) + ",\"iat\":" + now + ",\"jti\":\"" + given.size() + "\",\"access\":["
                + String.join(",", access) + "]}";
        String unsigned =
                url(header.getBytes(StandardCharsets.UTF_8)) + "." + url(claims.getBytes(StandardCharsets.UTF_8));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(unsigned.getBytes(StandardCharsets.US_ASCII));
            return unsigned + "." + url(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static void answer(HttpExchange exchange, int status, String body) {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
