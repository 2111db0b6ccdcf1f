package dev.drydock.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A web server of a test's own on loopback, which remembers what it was asked. */
public final class WebServer implements AutoCloseable {
    private final HttpServer server;
    private final String scheme;
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    /** Answers one request. */
    @FunctionalInterface
    public interface Page {
        void answer(HttpExchange exchange) throws IOException;
    }

    private WebServer(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
    }

    public static WebServer start() throws IOException {
        return started(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), "http://");
    }

    /** A server with the certificate of a key store. */
    public static WebServer startTls(Path keys, String password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(keys.toFile(), password.toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, password.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return started(server, "https://");
    }

    private static WebServer started(HttpServer server, String scheme) {
        WebServer web = new WebServer(server, scheme);
        web.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        web.server.createContext("/", web::handle);
        web.server.start();
        return web;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            asked.add(exchange.getRequestMethod() + " " + path + (authorization == null ? "" : " " + authorization));
            Page page = pages.get(path);
            if (page == null) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                page.answer(exchange);
            }
        }
    }

    public String url(String path) {
        return scheme + host() + path;
    }

    public String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    public void page(String path, Page page) {
        pages.put(path, page);
    }

    /** A file with a name for its version and a time, either may be empty; it is not sent to who has it. */
    public void file(String path, byte[] body, String entityTag, String modified) {
        page(path, exchange -> {
            var request = exchange.getRequestHeaders();
            boolean same = !entityTag.isEmpty() && entityTag.equals(request.getFirst("If-None-Match"))
                    || entityTag.isEmpty()
                            && !modified.isEmpty()
                            && modified.equals(request.getFirst("If-Modified-Since"));
            if (!entityTag.isEmpty()) {
                exchange.getResponseHeaders().add("ETag", entityTag);
            }
            if (!modified.isEmpty()) {
                exchange.getResponseHeaders().add("Last-Modified", modified);
            }
            if (same) {
                asked.add("304 " + path);
                exchange.sendResponseHeaders(304, -1);
            } else {
                send(exchange, body);
            }
        });
    }

    public void file(String path, String text) {
        file(path, text.getBytes(StandardCharsets.UTF_8), "", "");
    }

    public void redirect(String path, int status, String location) {
        page(path, exchange -> {
            exchange.getResponseHeaders().add("Location", location);
            exchange.sendResponseHeaders(status, -1);
        });
    }

    public static void send(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    /** What was asked since the last call: method, path, authorization; and each answer that something did not change. */
    public List<String> asked() {
        synchronized (asked) {
            List<String> all = List.copyOf(asked);
            asked.clear();
            return all;
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
