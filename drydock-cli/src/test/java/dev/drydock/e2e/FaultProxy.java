package dev.drydock.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and a registry on loopback and spoils a part of what passes, in every way that networks, proxies
 * and tired servers do. What happens to a request is a function of the seed, the request and how often it came, and one
 * request is spoiled {@link #MOST} times at most: a client that tries again gets through.
 */
final class FaultProxy implements AutoCloseable {
    private static final int MOST = 2;

    /** What is done to one request. */
    enum Fault {
        TOO_MANY,
        INTERNAL_ERROR,
        BAD_GATEWAY,
        UNAVAILABLE,
        RESET,
        REQUEST_CUT,
        REQUEST_SPOILED,
        ANSWER_LOST,
        ANSWER_CUT,
        ANSWER_SPOILED,
        ANSWER_SLOW,
        ANSWER_STALLED,
        LENGTH_TOO_SHORT,
        LENGTH_TOO_LONG,
        RANGE_LIES,
        REDIRECT
    }

    private final String upstream;
    private final long seed;
    private final double rate;
    private final String authorization;
    private final ServerSocket front = listen();
    /** Where redirects lead: another host, which knows how to get at the registry's blobs by itself. */
    private final ServerSocket storage = listen();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Integer> seen = new ConcurrentHashMap<>();
    private final Set<String> cut = ConcurrentHashMap.newKeySet();
    private final Map<Fault, AtomicInteger> done = new EnumMap<>(Fault.class);
    private final AtomicInteger requests = new AtomicInteger();
    private final List<String> leaks = new ArrayList<>(); // by itself

    /**
     * @param upstream the registry's host and port
     * @param rate the share of requests that are spoiled
     * @param authorization what the storage shows to the registry; empty for nothing
     */
    FaultProxy(String upstream, long seed, double rate, String authorization) throws IOException {
        this.upstream = upstream;
        this.seed = seed;
        this.rate = rate;
        this.authorization = authorization;
        for (Fault fault : Fault.values()) {
            done.put(fault, new AtomicInteger());
        }
        threads.submit(() -> accept(front, true));
        threads.submit(() -> accept(storage, false));
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    }

    int port() {
        return front.getLocalPort();
    }

    /** Requests that came so far. */
    int requests() {
        return requests.get();
    }

    /** How often each fault was done. */
    Map<Fault, AtomicInteger> done() {
        return done;
    }

    /** Requests that brought credentials to a host that they are not for. */
    List<String> leaks() {
        synchronized (leaks) {
            return List.copyOf(leaks);
        }
    }

    private void accept(ServerSocket server, boolean faulty) {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                threads.submit(() -> {
                    try (client) {
                        serve(client, faulty);
                    } catch (IOException e) {
                        // The client has gone, or was meant to go.
                    }
                });
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client, boolean faulty) throws IOException {
        InputStream in = client.getInputStream();
        HttpMessage request = HttpMessage.read(in, false);
        String[] words = request.start().split(" ");
        if (!faulty) {
            if (!request.header("Authorization").isEmpty()) {
                synchronized (leaks) {
                    leaks.add(request.start());
                }
            }
            write(client, answer(request.with("Authorization", authorization)));
            return;
        }
        requests.incrementAndGet();
        String what = words[0] + " " + words[1].replaceAll("\\?.*", "").replaceAll("/uploads/.+", "/uploads/X");
        Fault fault = choose(what, words);
        if (fault != null) {
            done.get(fault).incrementAndGet();
        }
        switch (fault) {
            case null -> write(client, answer(request));
            case TOO_MANY -> refuse(client, "429 Too Many Requests", "Retry-After: 0");
            case INTERNAL_ERROR -> refuse(client, "500 Internal Server Error", "X-Fault: 1");
            case BAD_GATEWAY -> refuse(client, "502 Bad Gateway", "X-Fault: 1");
            case UNAVAILABLE -> refuse(client, "503 Service Unavailable", "Retry-After: 0");
            case RESET -> reset(client);
            case REQUEST_CUT -> {
                try (Socket server = connect()) {
                    server.getOutputStream().write(forUpstream(request).head());
                    server.getOutputStream().write(request.body(), 0, request.body().length / 2);
                }
                reset(client);
            }
            case REQUEST_SPOILED ->
                write(client, answer(new HttpMessage(request.start(), request.headers(), spoiled(request.body()))));
            case ANSWER_LOST -> {
                answer(request);
                reset(client);
            }
            case REDIRECT ->
                refuse(
                        client,
                        "307 Temporary Redirect",
                        "Location: http://127.0.0.1:" + storage.getLocalPort() + words[1] + "?signature=s1gned");
            case RANGE_LIES -> {
                HttpMessage answer = answer(request);
                write(client, answer.start().contains(" 206") ? answer.with("Content-Range", "bytes 1-2/3") : answer);
            }
            case ANSWER_CUT, ANSWER_SPOILED, ANSWER_SLOW, ANSWER_STALLED, LENGTH_TOO_SHORT, LENGTH_TOO_LONG ->
                spoil(client, answer(request), fault);
        }
    }

    /** The fault for a request; null for none. */
    private Fault choose(String what, String[] words) {
        int nth = seen.merge(what, 1, Integer::sum);
        SplittableRandom random = new SplittableRandom(seed * 31 + what.hashCode() * 7919L + nth);
        if (nth == MOST && cut.contains(what) && random.nextBoolean()) {
            return Fault.RANGE_LIES; // what was cut is asked for from somewhere in its middle
        }
        if (nth > MOST || random.nextDouble() >= rate) {
            return null;
        }
        boolean body = words[0].equals("PUT") || words[0].equals("PATCH");
        boolean content = words[0].equals("GET") && words[1].matches(".*/(blobs|manifests)/.*");
        List<Fault> possible = new ArrayList<>(List.of(
                Fault.TOO_MANY,
                Fault.INTERNAL_ERROR,
                Fault.BAD_GATEWAY,
                Fault.UNAVAILABLE,
                Fault.RESET,
                Fault.ANSWER_LOST));
        if (body) {
            possible.addAll(List.of(Fault.REQUEST_CUT, Fault.REQUEST_CUT, Fault.REQUEST_CUT));
            // A registry keeps a manifest of any bytes under a tag: only of blobs does it find that they are spoiled.
            if (words[1].contains("/uploads/")) {
                possible.addAll(List.of(Fault.REQUEST_SPOILED, Fault.REQUEST_SPOILED));
            }
        }
        if (content) {
            for (int i = 0; i < 2; i++) {
                possible.addAll(List.of(
                        Fault.ANSWER_CUT,
                        Fault.ANSWER_SPOILED,
                        Fault.ANSWER_SLOW,
                        Fault.LENGTH_TOO_SHORT,
                        Fault.LENGTH_TOO_LONG));
            }
            possible.add(Fault.ANSWER_STALLED);
            if (words[1].contains("/blobs/")) {
                possible.addAll(List.of(Fault.REDIRECT, Fault.REDIRECT));
            }
        }
        Fault chosen = possible.get(random.nextInt(possible.size()));
        if (content && nth == 1 && chosen == Fault.ANSWER_CUT) {
            cut.add(what);
        }
        return chosen;
    }

    private static void spoil(Socket client, HttpMessage answer, Fault fault) throws IOException {
        OutputStream out = client.getOutputStream();
        byte[] body = answer.body();
        switch (fault) {
            case ANSWER_CUT -> {
                out.write(answer.head());
                out.write(body, 0, body.length / 2);
            }
            case ANSWER_SPOILED -> {
                out.write(answer.head());
                out.write(spoiled(body));
            }
            case ANSWER_SLOW -> {
                out.write(answer.head());
                int step = Math.max(1, body.length / 20);
                for (int at = 0; at < body.length; at += step) {
                    out.write(body, at, Math.min(step, body.length - at));
                    out.flush();
                    pause(5);
                }
            }
            case ANSWER_STALLED -> {
                out.write(answer.head());
                out.write(body, 0, body.length / 2);
                out.flush();
                client.setSoTimeout(30_000);
                client.getInputStream().read(); // until the client has had enough
            }
            case LENGTH_TOO_SHORT -> {
                out.write(answer.with("Content-Length", String.valueOf(body.length / 2))
                        .head());
                out.write(body);
            }
            default -> {
                out.write(answer.with("Content-Length", String.valueOf(body.length + 1000))
                        .head());
                out.write(body);
            }
        }
    }

    private static void pause(int milliseconds) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static byte[] spoiled(byte[] body) {
        byte[] other = body.clone();
        if (other.length > 0) {
            other[other.length * 2 / 3] ^= 0x10;
        }
        return other;
    }

    private static void refuse(Socket client, String status, String header) throws IOException {
        write(
                client,
                new HttpMessage(
                        "HTTP/1.1 " + status, List.of(header, "Content-Length: 0", "Connection: close"), new byte[0]));
    }

    private static void reset(Socket client) throws IOException {
        client.setSoLinger(true, 0);
        client.close();
    }

    private static void write(Socket client, HttpMessage message) throws IOException {
        client.getOutputStream().write(message.head());
        client.getOutputStream().write(message.body());
        client.getOutputStream().flush();
        client.shutdownOutput();
    }

    private Socket connect() throws IOException {
        int colon = upstream.lastIndexOf(':');
        return new Socket(upstream.substring(0, colon), Integer.parseInt(upstream.substring(colon + 1)));
    }

    private static HttpMessage forUpstream(HttpMessage request) {
        return request.with("Transfer-Encoding", "")
                .with("Content-Length", String.valueOf(request.body().length))
                .with("Connection", "close");
    }

    private HttpMessage answer(HttpMessage request) throws IOException {
        try (Socket server = connect()) {
            server.getOutputStream().write(forUpstream(request).head());
            server.getOutputStream().write(request.body());
            server.getOutputStream().flush();
            HttpMessage answer =
                    HttpMessage.read(server.getInputStream(), request.start().startsWith("HEAD"));
            HttpMessage plain = answer.with("Transfer-Encoding", "").with("Connection", "close");
            boolean bodiless =
                    request.start().startsWith("HEAD") || answer.start().contains(" 204");
            return bodiless ? plain : plain.with("Content-Length", String.valueOf(answer.body().length));
        }
    }

    @Override
    public void close() throws IOException {
        front.close();
        storage.close();
        threads.shutdownNow();
    }
}
