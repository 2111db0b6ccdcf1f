package dev.drydock.network;

import dev.drydock.fault.EnvironmentFault;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A socket that listens where steps reach it, with this process behind it. Once it is closed nobody gets in any more, and
 * every conversation ends.
 */
public final class Doorway implements AutoCloseable {
    /** How long after a refusal the system is asked again for a visitor, in nanoseconds. */
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

    private final ServerSocketChannel server;
    private final Host host;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final Thread accepts = Thread.ofVirtual().name("door").unstarted(this::serve);

    /** What is behind a door: leads a conversation with one visitor, and may block. */
    @FunctionalInterface
    public interface Host {
        /** {@code door} hears of further connections, which are closed with it. The visitor is closed afterwards. */
        void receive(SocketChannel visitor, Doorway door) throws IOException, InterruptedException;
    }

    private Doorway(ServerSocketChannel server, Host host) {
        this.server = server;
        this.host = host;
    }

    /** Serves what comes to {@code server}, which it owns from now on. The caller closes it. */
    public static Doorway serve(ServerSocketChannel server, Host host) {
        Doorway door = new Doorway(server, host);
        door.accepts.start();
        return door;
    }

    private void serve() {
        while (server.isOpen()) {
            try {
                SocketChannel visitor = server.accept();
                adopt(visitor);
                Thread.ofVirtual().start(() -> receive(visitor));
            } catch (IOException e) {
                if (server.isOpen()) { // not the end: no descriptor is left, say, and visitors wait until one is
                    LockSupport.parkNanos(PAUSE);
                }
            }
        }
    }

    private void receive(SocketChannel visitor) {
        try (visitor) {
            host.receive(visitor, this);
        } catch (IOException e) {
            return; // the visitor sees its connection end
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            release(visitor);
        }
    }

    /**
     * Closes a connection with the door, which may be under way: it is closed here if {@link #close} cannot have seen it.
     *
     * @throws ClosedChannelException if the door is closed, and the connection with it
     */
    public void adopt(SocketChannel connection) throws IOException {
        open.add(connection);
        if (!server.isOpen()) {
            connection.close();
            throw new ClosedChannelException();
        }
    }

    /** The door forgets a connection that its owner closes. */
    public void release(SocketChannel connection) {
        open.remove(connection);
    }

    @Override
    public void close() {
        boolean interrupted = false;
        try {
            server.close();
            for (SocketChannel each : open) {
                each.close();
            }
            // while its thread is in accept() the kernel still queues visitors, who then hear nothing but a reset
            while (accepts.isAlive()) {
                try {
                    accepts.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (IOException e) {
            throw new EnvironmentFault("close a socket of steps: " + e.getMessage(), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
