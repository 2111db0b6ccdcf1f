package dev.drydock.runtime;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.linux.Directory;
import dev.drydock.network.Conversation;
import dev.drydock.network.Doorway;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A socket for one step, owned by whom the step wants, behind which an SSH agent of the host's answers. The agent sees
 * this process as its peer, so that it need not know the step's user. Closing it ends every conversation.
 */
public final class AgentSocket implements AutoCloseable {
    private final Path path;
    private final Directory directory;
    private final Doorway door;

    private AgentSocket(Path path, Directory directory, Doorway door) {
        this.path = path;
        this.directory = directory;
        this.door = door;
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
            ServerSocketChannel server = bind(directory, name, uid, gid, mode);
            Doorway door = Doorway.serve(server, (step, self) -> converse(agent, step, self));
            return new AgentSocket(path, directory, door);
        } catch (IOException e) {
            directory.close();
            throw new EnvironmentFault("forward ssh agent: listen at " + path + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private static ServerSocketChannel bind(Directory directory, String name, int uid, int gid, int mode)
            throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            // a socket's address has 108 bytes, which the path of a store may exceed
            server.bind(UnixDomainSocketAddress.of(directory.shortPath().resolve(name)));
            directory.chown(name, uid, gid);
            directory.chmod(name, mode);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    public Path path() {
        return path;
    }

    /** An agent that does not answer is for the step like one that hangs up. */
    private static void converse(Path agent, SocketChannel step, Doorway door)
            throws IOException, InterruptedException {
        try (Directory place = Directory.open(agent.toAbsolutePath().resolveSibling(""));
                SocketChannel real = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            door.adopt(real);
            try {
                real.connect(UnixDomainSocketAddress.of(
                        place.shortPath().resolve(agent.getFileName().toString())));
                Conversation.between(step, real);
            } finally {
                door.release(real);
            }
        } catch (EnvironmentFault e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } finally {
            directory.close();
        }
    }
}
