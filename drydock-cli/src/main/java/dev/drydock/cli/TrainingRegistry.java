package dev.drydock.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.drydock.oci.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** As much of a registry, on loopback and in memory, as a push and a pull of one image ask for. */
final class TrainingRegistry implements AutoCloseable {
    private final HttpServer server;
    /** What was put, by the last part of its address, and the types of manifests. */
    private final Map<String, byte[]> kept = new ConcurrentHashMap<>();

    private final Map<String, String> types = new ConcurrentHashMap<>();

    private TrainingRegistry(HttpServer server) {
        this.server = server;
    }

    static TrainingRegistry open() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        TrainingRegistry registry = new TrainingRegistry(server);
        server.createContext("/", registry::serve);
        server.start();
        return registry;
    }

    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String name = path.substring(path.lastIndexOf('/') + 1);
        byte[] sent = exchange.getRequestBody().readAllBytes();
        switch (exchange.getRequestMethod()) {
            case "POST" -> {
                String id = "upload" + kept.size();
                kept.put(id, sent);
                exchange.getResponseHeaders().set("Location", path + id);
                answer(exchange, 202, new byte[0]);
            }
            case "PATCH" -> {
                kept.put(name, sent);
                exchange.getResponseHeaders().set("Location", path);
                answer(exchange, 202, new byte[0]);
            }
            case "PUT" -> {
                byte[] bytes = sent.length > 0 ? sent : kept.getOrDefault(name, sent);
                String type = exchange.getRequestHeaders().getFirst("Content-Type");
                for (String key : List.of(name, Digest.of(bytes).toString())) {
                    kept.put(key, bytes);
                    types.put(key, type == null ? "" : type);
                }
                answer(exchange, 201, new byte[0]);
            }
            default -> {
                byte[] bytes = path.equals("/v2/") ? new byte[0] : kept.get(name);
                exchange.getResponseHeaders().set("Content-Type", types.getOrDefault(name, "application/octet-stream"));
                answer(exchange, bytes == null ? 404 : 200, bytes == null ? new byte[0] : bytes);
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            boolean none = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, none ? -1 : body.length);
            if (!none) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
