package dev.drydock.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.drydock.oci.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A registry in memory with a token server, on a loopback port. Scripted with {@link #next}: misbehaviours for the coming
 * requests whose line contains some text.
 */
public final class FakeRegistry implements AutoCloseable {
    /** Answers a request itself and returns true, or leaves it to the registry. */
    public interface Prank {
        boolean play(HttpExchange exchange) throws IOException;
    }

    private record Scripted(String contains, Prank prank) {}

    public final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    public final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    public final Map<String, String> types = new ConcurrentHashMap<>();
    /** Request lines with the user agent's authorization kind, in order. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    public final List<String> tokenRequests = new CopyOnWriteArrayList<>();
    private final Map<String, byte[]> uploads = new ConcurrentHashMap<>();
    private final List<Scripted> script = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile String auth = "none";
    private volatile String user = "";
    private volatile String password = "";
    private volatile String token = "t0";
    private volatile boolean keepsUploadsOpen;

    public FakeRegistry() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    public String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on it answers as Docker's registry does, which takes an upload in parts. */
    public void keepsUploadsOpen() {
        keepsUploadsOpen = true;
    }

    /** From now on Basic credentials are wanted. */
    public void basic(String name, String secret) {
        auth = "basic";
        user = name;
        password = secret;
    }

    /** From now on a token of the token server is wanted; the password or refresh token to get one. */
    public void bearer(String name, String secret) {
        auth = "bearer";
        user = name;
        password = secret;
    }

    /** The tokens given so far are no longer good. */
    public void revoke(String next) {
        token = next;
    }

    /** Plays a prank on the next request whose line contains {@code text}, once for each call of this. */
    public void next(String text, Prank prank) {
        script.add(new Scripted(text, prank));
    }

    /** The next matching request gets this status. */
    public void nextStatus(String text, int status, String... headers) {
        next(text, exchange -> {
            exchange.getRequestBody().readAllBytes();
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            answer(exchange, status, "{\"errors\":[{\"code\":\"FAKE\",\"message\":\"scripted\"}]}".getBytes());
            return true;
        });
    }

    /** The next matching answer breaks off after so many bytes of its body. */
    public void nextCut(String text, int after, byte[] whole) {
        next(text, exchange -> {
            exchange.sendResponseHeaders(200, whole.length);
            exchange.getResponseBody().write(whole, 0, after);
            exchange.getResponseBody().flush();
            exchange.close();
            return true;
        });
    }

    public Digest blob(byte[] bytes) {
        Digest digest = Digest.of(bytes);
        blobs.put(digest.toString(), bytes);
        return digest;
    }

    public Digest manifest(String repository, String tag, String type, byte[] bytes) {
        Digest digest = Digest.of(bytes);
        for (String reference : List.of(tag, digest.toString())) {
            manifests.put(repository + "/" + reference, bytes);
            types.put(repository + "/" + reference, type);
        }
        return digest;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try {
            String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            requests.add(line
                    + (authorization == null ? "" : " " + authorization.split(" ")[0])
                    + (exchange.getRequestHeaders().containsKey("Range")
                            ? " " + exchange.getRequestHeaders().getFirst("Range")
                            : "")
                    + (exchange.getRequestHeaders().containsKey("Content-Range")
                            ? " " + exchange.getRequestHeaders().getFirst("Content-Range")
                            : ""));
            for (Scripted each : script) {
                if (line.contains(each.contains) && script.remove(each)) {
                    if (each.prank.play(exchange)) {
                        return;
                    }
                    break;
                }
            }
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/token")) {
                token(exchange);
            } else if (!allowed(exchange, authorization)) {
                exchange.getRequestBody().readAllBytes();
                challenge(exchange);
            } else if (path.equals("/v2/")) {
                answer(exchange, 200, "{}".getBytes());
            } else {
                api(exchange, path.substring("/v2/".length()));
            }
        } catch (RuntimeException e) {
            exchange.close();
            throw e;
        }
    }

    private boolean allowed(HttpExchange exchange, String authorization) {
        return switch (auth) {
            case "basic" -> ("Basic " + encoded()).equals(authorization);
            case "bearer" -> ("Bearer " + token).equals(authorization);
            default -> true;
        };
    }

    private String encoded() {
        return Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private void challenge(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders()
                .set(
                        "WWW-Authenticate",
                        auth.equals("basic")
                                ? "Basic realm=\"fake\""
                                : "Bearer realm=\"http://" + host()
                                        + "/token\",service=\"fake\",scope=\"repository:x:pull\"");
        answer(
                exchange,
                401,
                "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"authentication required\"}]}".getBytes());
    }

    private void token(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String query = exchange.getRequestURI().getRawQuery();
        tokenRequests.add(exchange.getRequestMethod() + " "
                + URLDecoder.decode(query == null ? body : query, StandardCharsets.UTF_8));
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        boolean good = exchange.getRequestMethod().equals("POST")
                ? body.contains("refresh_token=" + password)
                : user.isEmpty() || ("Basic " + encoded()).equals(authorization);
        if (good) {
            answer(exchange, 200, ("{\"token\":\"" + token + "\",\"expires_in\":300}").getBytes());
        } else {
            answer(exchange, 401, "{\"details\":\"incorrect username or password\"}".getBytes());
        }
    }

    private void api(HttpExchange exchange, String rest) throws IOException {
        String method = exchange.getRequestMethod();
        if (rest.contains("/manifests/")) {
            int at = rest.indexOf("/manifests/");
            String key = rest.substring(0, at) + "/" + rest.substring(at + "/manifests/".length());
            if (method.equals("PUT")) {
                byte[] bytes = exchange.getRequestBody().readAllBytes();
                manifest(
                        rest.substring(0, at),
                        rest.substring(at + "/manifests/".length()),
                        exchange.getRequestHeaders().getFirst("Content-Type"),
                        bytes);
                answer(exchange, 201, new byte[0]);
                return;
            }
            byte[] bytes = manifests.get(key);
            if (bytes == null) {
                answer(
                        exchange,
                        404,
                        "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\"}]}".getBytes());
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", types.get(key));
            exchange.getResponseHeaders()
                    .set("Docker-Content-Digest", Digest.of(bytes).toString());
            answer(exchange, 200, bytes);
        } else if (rest.contains("/blobs/uploads/")) {
            upload(exchange, rest);
        } else if (rest.contains("/blobs/")) {
            download(exchange, rest.substring(rest.indexOf("/blobs/") + "/blobs/".length()));
        } else if (rest.endsWith("/tags/list")) {
            tags(exchange, rest.substring(0, rest.length() - "/tags/list".length()));
        } else {
            answer(exchange, 404, new byte[0]);
        }
    }

    private void tags(HttpExchange exchange, String repository) throws IOException {
        List<String> tags = new ArrayList<>();
        for (String key : manifests.keySet()) {
            String tag = key.substring(key.lastIndexOf('/') + 1);
            if (key.startsWith(repository + "/") && !tag.contains(":")) {
                tags.add("\"" + tag + "\"");
            }
        }
        tags.sort(null);
        answer(
                exchange,
                200,
                ("{\"name\":\"" + repository + "\",\"tags\":[" + String.join(",", tags) + "]}").getBytes());
    }

    private void download(HttpExchange exchange, String digest) throws IOException {
        byte[] bytes = blobs.get(digest);
        if (bytes == null) {
            answer(exchange, 404, "{\"errors\":[{\"code\":\"BLOB_UNKNOWN\",\"message\":\"blob unknown\"}]}".getBytes());
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range != null && range.startsWith("bytes=") && range.endsWith("-")) {
            int from = Integer.parseInt(range.substring(6, range.length() - 1));
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
            answer(exchange, 206, Arrays.copyOfRange(bytes, from, bytes.length));
            return;
        }
        answer(exchange, 200, bytes);
    }

    private void upload(HttpExchange exchange, String rest) throws IOException {
        String method = exchange.getRequestMethod();
        Map<String, String> query = query(exchange);
        if (method.equals("POST")) {
            exchange.getRequestBody().readAllBytes();
            String mount = query.get("mount");
            if (mount != null && blobs.containsKey(mount)) {
                answer(exchange, 201, new byte[0]);
                return;
            }
            String id = "u" + uploads.size() + "-" + System.nanoTime();
            uploads.put(id, new byte[0]);
            exchange.getResponseHeaders().set("Location", "/v2/" + rest + id + "?_state=secret-state");
            if (keepsUploadsOpen) {
                exchange.getResponseHeaders().set("Docker-Upload-UUID", id);
            }
            answer(exchange, 202, new byte[0]);
            return;
        }
        String id = rest.substring(rest.lastIndexOf('/') + 1);
        byte[] before = uploads.get(id);
        if (before == null) {
            exchange.getRequestBody().readAllBytes();
            answer(exchange, 404, "{\"errors\":[{\"code\":\"BLOB_UPLOAD_UNKNOWN\",\"message\":\"\"}]}".getBytes());
            return;
        }
        exchange.getResponseHeaders().set("Location", "/v2/" + rest + "?_state=secret-state");
        switch (method) {
            case "GET" -> {
                exchange.getResponseHeaders().set("Range", "0-" + Math.max(0, before.length - 1));
                answer(exchange, 204, new byte[0]);
            }
            case "DELETE" -> {
                uploads.remove(id);
                answer(exchange, 204, new byte[0]);
            }
            case "PATCH" -> {
                String range = exchange.getRequestHeaders().getFirst("Content-Range");
                if (range != null && !range.startsWith(before.length + "-")) {
                    exchange.getRequestBody().readAllBytes();
                    answer(exchange, 416, new byte[0]);
                    return;
                }
                byte[] all = keep(id, before, exchange.getRequestBody().readAllBytes());
                if (keepsUploadsOpen) {
                    exchange.getResponseHeaders().set("Range", "0-" + Math.max(0, all.length - 1));
                }
                answer(exchange, 202, new byte[0]);
            }
            case "PUT" -> {
                byte[] all = keep(id, before, exchange.getRequestBody().readAllBytes());
                if (!Digest.of(all).toString().equals(query.get("digest"))) {
                    answer(exchange, 400, "{\"errors\":[{\"code\":\"DIGEST_INVALID\",\"message\":\"no\"}]}".getBytes());
                    return;
                }
                blob(all);
                uploads.remove(id);
                answer(exchange, 201, new byte[0]);
            }
            default -> answer(exchange, 405, new byte[0]);
        }
    }

    /** Keeps part of an upload, as when a connection breaks in the middle of it. */
    public byte[] keep(String id, byte[] before, byte[] more) {
        byte[] all = Arrays.copyOf(before, before.length + more.length);
        System.arraycopy(more, 0, all, before.length, more.length);
        uploads.put(id, all);
        return all;
    }

    public byte[] uploaded(String id) {
        return uploads.get(id);
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String each : raw == null ? new String[0] : raw.split("&")) {
            int equals = each.indexOf('=');
            query.put(
                    equals < 0 ? each : each.substring(0, equals),
                    equals < 0 ? "" : URLDecoder.decode(each.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }

    public static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
                exchange.sendResponseHeaders(status, -1);
                return;
            }
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
