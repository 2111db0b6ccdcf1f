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
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The only way out of a network that may reach a list of hosts: an HTTP proxy (RFC 9110, section 9.3.6 for CONNECT, and
 * RFC 9112, section 3.2.2 for plain requests). It looks names up itself, and only those on the list, so that no question
 * to a name server carries anything out.
 */
final class ListedHostsProxy implements Doorway.Host {
    private static final int MAX_HEAD = 64 * 1024;
    private static final int HTTP_PORT = 80;

    private final AllowedHosts allowed;
    private final Set<String> refused = Collections.synchronizedSet(new TreeSet<>());

    ListedHostsProxy(AllowedHosts allowed) {
        this.allowed = allowed;
    }

    /** Hosts that steps asked for and that are not on the list, each with its port. */
    List<String> refused() {
        synchronized (refused) {
            return List.copyOf(refused);
        }
    }

    /** A request that the proxy understands; {@code first} is what the server gets to see first, null for a tunnel. */
    private record Request(String host, int port, @Nullable String first) {}

    @Override
    public void receive(SocketChannel visitor, Set<SocketChannel> opened) throws IOException, InterruptedException {
        ByteBuffer head = ByteBuffer.allocate(MAX_HEAD);
        int end = readHead(visitor, head);
        if (end < 0) {
            return;
        }
        head.flip();
        Request request = parse(
                StandardCharsets.ISO_8859_1.decode(head.duplicate().limit(end)).toString());
        if (request == null) {
            answer(visitor, "400 Bad Request", "not a request to a proxy");
            return;
        }
        String target = request.host() + ":" + request.port();
        if (!allowed.allows(request.host(), request.port())) {
            refused.add(target);
            answer(visitor, "403 Forbidden", target + " is not among the hosts that --network-allow names");
            return;
        }
        SocketChannel server = connect(request, opened);
        if (server == null) {
            answer(visitor, "502 Bad Gateway", target + " cannot be reached");
            return;
        }
        try (server) {
            String first = request.first();
            write(
                    first == null ? visitor : server,
                    (first == null ? "HTTP/1.1 200 Connection established\r\n\r\n" : first)
                            .getBytes(StandardCharsets.ISO_8859_1));
            head.position(end);
            while (head.hasRemaining()) {
                server.write(head);
            }
            Conversation.between(visitor, server);
        } finally {
            opened.remove(server);
        }
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

    private static @Nullable Request parse(String head) {
        List<String> lines = head.lines().toList();
        String[] words = lines.getFirst().split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            return null;
        }
        if (words[0].equals("CONNECT")) {
            return authority(words[1], -1, null);
        }
        String scheme = "http://";
        if (!words[1].toLowerCase(Locale.ROOT).startsWith(scheme)) {
            return null;
        }
        String rest = words[1].substring(scheme.length());
        int path = rest.indexOf('/');
        String authority = path < 0 ? rest : rest.substring(0, path);
        StringBuilder first = new StringBuilder();
        first.append(words[0]).append(' ').append(path < 0 ? "/" : rest.substring(path));
        first.append(" HTTP/1.1\r\n");
        for (String line : lines.subList(1, lines.size())) {
            String name = line.toLowerCase(Locale.ROOT);
            if (!line.isEmpty() && !name.startsWith("proxy-") && !name.startsWith("connection:")) {
                first.append(line).append("\r\n");
            }
        }
        // one request per connection, so that the next one is looked at again
        first.append("Connection: close\r\n\r\n");
        return authority(authority, HTTP_PORT, first.toString());
    }

    private static @Nullable Request authority(String text, int usual, @Nullable String first) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > 0 && text.indexOf(']', colon) < 0;
        String host = hasPort ? text.substring(0, colon) : text;
        try {
            int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : usual;
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            boolean good = port > 0 && port < 65536 && !host.isEmpty() && host.indexOf('@') < 0;
            return good ? new Request(host, port, first) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The first of the host's addresses that answers; null if none does. */
    private static @Nullable SocketChannel connect(Request request, Set<SocketChannel> opened) throws IOException {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(request.host());
        } catch (UnknownHostException e) {
            return null;
        }
        for (InetAddress address : addresses) {
            if (AllowedHosts.isMeant(request.host(), address)) {
                SocketChannel server = SocketChannel.open();
                opened.add(server);
                try {
                    server.connect(new InetSocketAddress(address, request.port()));
                    return server;
                } catch (IOException e) {
                    opened.remove(server);
                    server.close();
                }
            }
        }
        return null;
    }

    private static void answer(SocketChannel visitor, String status, String why) throws IOException {
        String body = "drydock: " + why + "\n";
        write(
                visitor,
                ("HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nContent-Length: " + body.length()
                                + "\r\nConnection: close\r\n\r\n" + body)
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void write(SocketChannel to, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            to.write(buffer);
        }
    }
}
