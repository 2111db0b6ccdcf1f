package dev.drydock.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The only way out of a network that may reach a list of hosts: an HTTP proxy. It looks names up itself, and only those on
 * the list, so that no question to a name server carries anything out. Where this host is behind a proxy, it asks that
 * one, which then looks up the name.
 */
final class ListedHostsProxy implements Doorway.Host {
    private static final int MAX_HEAD = 64 * 1024;
    private static final String UNREACHED = "502 Bad Gateway";

    private final AllowedHosts allowed;
    private final UpstreamProxy upstream;
    private final Set<String> refused = Collections.synchronizedSet(new TreeSet<>());

    ListedHostsProxy(AllowedHosts allowed, UpstreamProxy upstream) {
        this.allowed = allowed;
        this.upstream = upstream;
    }

    /** Hosts that steps asked for and that are not on the list, each with its port. */
    List<String> refused() {
        synchronized (refused) {
            return List.copyOf(refused);
        }
    }

    @Override
    public void receive(SocketChannel visitor, Doorway door) throws IOException, InterruptedException {
        ByteBuffer head = ByteBuffer.allocate(MAX_HEAD);
        int end = readHead(visitor, head);
        if (end < 0) {
            return;
        }
        head.flip();
        ProxyRequest request = ProxyRequest.parse(
                StandardCharsets.ISO_8859_1.decode(head.duplicate().limit(end)).toString());
        if (request == null) {
            answer(visitor, "400 Bad Request", "not a request to a proxy");
            return;
        }
        head.position(end);
        if (!allowed.allows(request.host(), request.port())) {
            String target = request.host() + ":" + request.port();
            refused.add(target);
            answer(visitor, "403 Forbidden", target + " is not among the hosts that --network-allow names");
            return;
        }
        Optional<UpstreamProxy.Hop> hop = upstream.towards(request.host(), request.port(), request.plain() == null);
        SocketChannel server = hop.isPresent()
                ? connect(addresses(hop.get().host()), hop.get().port(), door)
                : connect(meant(request), request.port(), door);
        if (server == null) {
            answer(
                    visitor,
                    UNREACHED,
                    hop.map(each -> "proxy " + each).orElse(request.target()) + " cannot be reached");
            return;
        }
        try (server) {
            if (hop.isPresent()) {
                byProxy(request, hop.get(), visitor, server, head);
            } else {
                directly(request, visitor, server, head);
            }
        } finally {
            door.release(server);
        }
    }

    private static void directly(ProxyRequest request, SocketChannel visitor, SocketChannel server, ByteBuffer begun)
            throws IOException, InterruptedException {
        ProxyRequest.Plain plain = request.plain();
        if (plain == null) {
            established(visitor);
        } else {
            write(server, ProxyRequest.toServer(plain));
        }
        write(server, begun);
        Conversation.between(visitor, server);
    }

    private static void byProxy(
            ProxyRequest request, UpstreamProxy.Hop hop, SocketChannel visitor, SocketChannel proxy, ByteBuffer begun)
            throws IOException, InterruptedException {
        ProxyRequest.Plain plain = request.plain();
        if (plain != null) {
            if (plain.length() < 0) {
                answer(visitor, "411 Length Required", "a proxy is asked, who must be told how long the request is");
                return;
            }
            write(proxy, request.toProxy(hop));
            // not a byte more: it would be a second request, to a host that nobody has looked at
            Conversation.exchange(visitor, begun, plain.length(), proxy);
            return;
        }
        ByteBuffer reply = ByteBuffer.allocate(MAX_HEAD);
        int end = ask(proxy, request.toProxy(hop), reply);
        reply.flip();
        String first = end < 0
                ? "nothing"
                : StandardCharsets.ISO_8859_1
                        .decode(reply.duplicate())
                        .toString()
                        .lines()
                        .findFirst()
                        .orElse("");
        if (!first.matches("HTTP/1\\.[0-9] 2[0-9]{2}( .*)?")) {
            answer(visitor, UNREACHED, "proxy " + hop + " answered to CONNECT " + request.target() + ": " + first);
            return;
        }
        established(visitor);
        reply.position(end);
        write(visitor, reply);
        write(proxy, begun);
        Conversation.between(visitor, proxy);
    }

    /** Where the head of the answer ends; -1 if the proxy hangs up before. */
    private static int ask(SocketChannel proxy, String question, ByteBuffer reply) {
        try {
            write(proxy, question);
            return readHead(proxy, reply);
        } catch (IOException e) {
            return -1;
        }
    }

    private static void established(SocketChannel visitor) throws IOException {
        write(visitor, "HTTP/1.1 200 Connection established\r\n\r\n");
    }

    /** Where the head ends that begins in {@code buffer}; -1 if it does not end. */
    private static int readHead(SocketChannel from, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining() && from.read(buffer) >= 0) {
            String text = StandardCharsets.ISO_8859_1
                    .decode(buffer.duplicate().flip())
                    .toString();
            int blank = text.indexOf("\r\n\r\n");
            if (blank >= 0) {
                return blank + 4;
            }
        }
        return -1;
    }

    private static List<InetAddress> addresses(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    /** The addresses of the host that somebody meant who allowed it. */
    private static List<InetAddress> meant(ProxyRequest request) {
        return addresses(request.host()).stream()
                .filter(address -> AllowedHosts.isMeant(request.host(), address))
                .toList();
    }

    /** The first of the addresses that answers; null if none does. */
    private static @Nullable SocketChannel connect(List<InetAddress> addresses, int port, Doorway door)
            throws IOException {
        for (InetAddress address : addresses) {
            SocketChannel server = SocketChannel.open();
            try {
                door.adopt(server);
                server.connect(new InetSocketAddress(address, port));
                return server;
            } catch (IOException e) {
                door.release(server);
                server.close();
            }
        }
        return null;
    }

    private static void answer(SocketChannel visitor, String status, String why) throws IOException {
        String body = "drydock: " + why + "\n";
        write(
                visitor,
                "HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nContent-Length: " + body.length()
                        + "\r\nConnection: close\r\n\r\n" + body);
        visitor.shutdownOutput();
        Conversation.hearOut(visitor);
    }

    private static void write(SocketChannel to, String text) throws IOException {
        write(to, ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static void write(SocketChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }
}
