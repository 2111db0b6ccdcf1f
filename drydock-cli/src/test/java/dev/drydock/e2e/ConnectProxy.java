package dev.drydock.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A proxy that wants a password and knows hosts that no resolver knows. */
final class ConnectProxy implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> hosts;
    private final String wanted;

    /** @param hosts {@code name:port} to the loopback port that is behind it */
    ConnectProxy(Map<String, Integer> hosts, String userAndPassword) throws IOException {
        this.hosts = Map.copyOf(hosts);
        this.wanted = "Proxy-Authorization: Basic "
                + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
        threads.submit(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** The request lines that came with the right password. */
    List<String> lines() {
        return lines;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                threads.submit(() -> {
                    try (client) {
                        serve(client);
                    } catch (IOException e) {
                        // one of both ends has gone
                    }
                });
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return;
            }
            head.append((char) next);
        }
        List<String> headers = head.toString().lines().toList();
        OutputStream out = client.getOutputStream();
        if (!headers.contains(wanted)) {
            out.write(
                    "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return;
        }
        String line = headers.getFirst();
        lines.add(line);
        boolean connect = line.startsWith("CONNECT ");
        String host = connect ? line.split(" ")[1] : line.replaceAll("^\\w+ http://([^/ ]+).*", "$1");
        Integer port = hosts.get(host);
        if (port == null) {
            out.write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            return;
        }
        try (Socket far = new Socket(InetAddress.getLoopbackAddress(), port)) {
            if (connect) {
                out.write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } else {
                String origin =
                        head.toString().replaceFirst(" http://[^/ ]+", " ").replace(wanted + "\r\n", "");
                far.getOutputStream()
                        .write(origin.replaceFirst("\r\n", "\r\nConnection: close\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
            }
            Thread back = Thread.ofVirtual().start(() -> copy(far, client));
            copy(client, far);
            try {
                back.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // one of both ends has gone
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
