package dev.drydock.network;

import dev.drydock.fault.EnvironmentFault;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A socket that listens inside a network of steps, with this process behind it. Closing it ends every conversation.
 */
final class Doorway implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Host host;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    /** What is behind a door: leads a conversation with one visitor, and may block. */
    @FunctionalInterface
    interface Host {
        /** {@code opened} hears of further connections, which are closed with the door. */
        void receive(SocketChannel visitor, Set<SocketChannel> opened) throws IOException, InterruptedException;
    }

    private Doorway(ServerSocketChannel server, Host host) {
        this.server = server;
        this.host = host;
    }

    /** Serves what comes to {@code server}, which it owns from now on. */
    static Doorway serve(ServerSocketChannel server, Host host) {
        Doorway door = new Doorway(server, host);
        Thread.ofVirtual().name("step-network-door").start(door::serve);
        return door;
    }

    private void serve() {
        while (server.isOpen()) {
            try {
                SocketChannel visitor = server.accept();
                open.add(visitor);
                Thread.ofVirtual().start(() -> receive(visitor));
            } catch (IOException e) {
                return; // closed: the build is over
            }
        }
    }

    private void receive(SocketChannel visitor) {
        try (visitor) {
            host.receive(visitor, open);
        } catch (IOException e) {
            return; // the visitor sees its connection end
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(visitor);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (SocketChannel each : open) {
                each.close();
            }
        } catch (IOException e) {
            throw new EnvironmentFault("close network of steps: " + e.getMessage(), e);
        }
    }
}
