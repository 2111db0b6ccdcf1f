package dev.drydock.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A proxy on loopback that plays every server itself: it notes what it is asked and answers with a given text. */
final class TestProxy implements AutoCloseable {
    private final Doorway door;
    private final int port;
    private final String answer;
    private final String after;
    private final List<String> asked = new ArrayList<>();

    TestProxy(String answer) throws IOException {
        this(answer, "\r\n\r\n");
    }

    /** Answers a request once it holds {@code after}: what comes later may find that the visitor has gone. */
    TestProxy(String answer, String after) throws IOException {
        this.answer = answer;
        this.after = after;
        ServerSocketChannel server =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        door = Doorway.serve(server, this::receive);
    }

    int port() {
        return port;
    }

    /** All that came, a text for each connection that has ended. */
    synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    private void receive(SocketChannel visitor, Doorway ignored) throws IOException {
        StringBuilder all = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        boolean answered = false;
        while (visitor.read(buffer) >= 0) {
            all.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
            buffer.clear();
            if (!answered && all.indexOf(after) >= 0) {
                answered = true;
                visitor.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.ISO_8859_1)));
                if (!all.toString().startsWith("CONNECT ") || !answer.contains(" 200 ")) {
                    visitor.shutdownOutput();
                }
            }
        }
        synchronized (this) {
            asked.add(all.toString());
            notifyAll();
        }
    }

    /** What came in the first connection, once it has ended. */
    synchronized String first() throws InterruptedException {
        while (asked.isEmpty()) {
            wait();
        }
        return asked.getFirst();
    }

    @Override
    public void close() {
        door.close();
    }
}
