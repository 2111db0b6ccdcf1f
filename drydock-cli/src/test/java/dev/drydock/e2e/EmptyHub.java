package dev.drydock.e2e;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/** Stands for Docker Hub in tests: a registry on loopback that has nothing, so that no test depends on the network. */
final class EmptyHub {
    private static final HttpServer SERVER = start();

    private EmptyHub() {}

    private static HttpServer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("empty-hub-", 0).factory()));
            server.createContext("/", exchange -> {
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/v2/") ? 200 : 404, -1);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a settings file that sends requests for Docker Hub here. */
    static Path settings(Path directory) throws IOException {
        Path file = directory.resolve("registries.json");
        if (!Files.exists(file)) {
            Files.writeString(
                    file,
                    "{\"registries\": {\"docker.io\": {\"location\": \"http://127.0.0.1:"
                            + SERVER.getAddress().getPort() + "\"}}}\n");
        }
        return file;
    }
}
