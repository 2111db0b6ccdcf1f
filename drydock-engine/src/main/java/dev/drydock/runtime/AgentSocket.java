package dev.drydock.runtime;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.linux.Directory;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A socket for one step, owned by whom the step wants, behind which an SSH agent of the host's answers. The agent sees
 * this process as its peer, so that it need not know the step's user. Closing it ends every conversation.
 */
public final class AgentSocket implements AutoCloseable {
    private final Path path;
    private final Path agent;
    private final Directory directory;
    private final ServerSocketChannel server;
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

    private AgentSocket(Path path, Path agent, Directory directory, ServerSocketChannel server) {
        this.path = path;
        this.agent = agent;
        this.directory = directory;
        this.server = server;
    }

    /**
     * Listens at {@code path}, which must not exist. The caller closes it.
     *
     * @param agent the socket of the real agent
     */
    public static AgentSocket listen(Path path, Path agent, int uid, int gid, int mode) {
        Directory directory = Directory.open(path.resolveSibling(""));
        String name = path.getFileName().toString();
        try {
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            // a socket's address has 108 bytes, which the path of a store may exceed
            server.bind(UnixDomainSocketAddress.of(directory.shortPath().resolve(name)));
            directory.chown(name, uid, gid);
            directory.chmod(name, mode);
            AgentSocket socket = new AgentSocket(path, agent, directory, server);
            Thread.ofVirtual().name("ssh-forward").start(socket::serve);
            return socket;
        } catch (IOException e) {
            directory.close();
            throw new EnvironmentFault("forward ssh agent: listen at " + path + ": " + e.getMessage(), e);
        }
    }

    public Path path() {
        return path;
    }

    private void serve() {
        while (server.isOpen()) {
            try {
                SocketChannel step = server.accept();
                open.add(step);
                Thread.ofVirtual().start(() -> converse(step));
            } catch (IOException e) {
                return; // closed: the step is over
            }
        }
    }

    /** An agent that does not answer is for the step like one that hangs up. */
    private void converse(SocketChannel step) {
        try (step;
                Directory place = Directory.open(agent.toAbsolutePath().resolveSibling(""));
                SocketChannel real = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            open.add(real);
            real.connect(UnixDomainSocketAddress.of(
                    place.shortPath().resolve(agent.getFileName().toString())));
            Thread answers = Thread.ofVirtual().start(() -> copy(real, step));
            copy(step, real);
            answers.join();
            open.remove(real);
        } catch (IOException | EnvironmentFault e) {
            return; // the step sees its connection end
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(step);
        }
    }

    private static void copy(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            return; // one of the two is gone
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Closeable each : open) {
                each.close();
            }
        } catch (IOException e) {
            throw new EnvironmentFault("forward ssh agent: close " + path + ": " + e.getMessage(), e);
        } finally {
            directory.close();
        }
    }
}
