package dev.drydock.house;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * A port of loopback at which nobody listens, and at which nobody begins to while this is open: connections are refused.
 * A port that is merely free may be the next that the kernel gives to somebody else.
 */
public final class SilentPort implements AutoCloseable {
    private final SocketChannel holder;
    private final int port;

    public SilentPort() throws IOException {
        holder = SocketChannel.open();
        holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        port = ((InetSocketAddress) holder.getLocalAddress()).getPort();
    }

    public int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        holder.close();
    }
}
