package dev.drydock.linux;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.drydock.fault.Bug;
import dev.drydock.fault.DrydockException;
import dev.drydock.fault.EnvironmentFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Sockets in other network namespaces: a socket stays in the namespace that its thread was in when it was made. */
public final class NetworkNamespaces {
    private static final long CLONE_NEWNET = 0x40000000L;
    private static final long AF_INET = 2;
    private static final long SOCK_DGRAM = 2;
    private static final long SIOCSIFFLAGS = 0x8914;
    private static final int NAME_SIZE = 16;
    private static final int REQUEST_SIZE = 40;
    private static final short UP_AND_RUNNING = 0x1 | 0x40;

    private NetworkNamespaces() {}

    /**
     * A socket that listens at {@code 127.0.0.1} of another network namespace, which is brought up first. The caller
     * closes it.
     *
     * @param namespace a file of {@code /proc/…/ns}, or one that such a file is mounted on
     * @param port to listen at, 0 for any
     */
    public static ServerSocketChannel listen(Path namespace, int port) throws InterruptedException {
        AtomicReference<@Nullable ServerSocketChannel> server = new AtomicReference<>();
        AtomicReference<@Nullable DrydockException> failure = new AtomicReference<>();
        // a thread of its own: nobody else should find itself in that namespace
        Thread thread = Thread.ofPlatform().name("network-namespace").start(() -> {
            try {
                enter(namespace);
                server.set(listen(port));
            } catch (DrydockException fault) {
                failure.set(fault);
            }
        });
        thread.join();
        DrydockException fault = failure.get();
        if (fault != null) {
            throw fault;
        }
        ServerSocketChannel made = server.get();
        if (made == null) {
            throw new Bug("listen in " + namespace + ": no socket and no reason");
        }
        return made;
    }

    private static ServerSocketChannel listen(int port) {
        try {
            ServerSocketChannel server = ServerSocketChannel.open(java.net.StandardProtocolFamily.INET);
            return server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        } catch (IOException e) {
            throw new EnvironmentFault("network of steps: listen at port " + port + ": " + e.getMessage(), e);
        }
    }

    private static void enter(Path namespace) {
        try (Scratch scratch = Scratch.take()) {
            long path = scratch.first(namespace.toString());
            long file = Syscalls.call(scratch, Syscalls.OPENAT, Syscalls.AT_FDCWD, path, Syscalls.O_CLOEXEC, 0, 0, 0);
            Directory.check(file, "enter network namespace", namespace.toString());
            long entered = Syscalls.call(scratch, Syscalls.SETNS, file, CLONE_NEWNET, 0, 0, 0, 0);
            Syscalls.call(scratch, Syscalls.CLOSE, file, 0, 0, 0, 0, 0);
            Directory.check(entered, "enter network namespace", namespace.toString());
            raiseLoopback(scratch);
        }
    }

    private static void raiseLoopback(Scratch scratch) {
        long socket = Syscalls.call(scratch, Syscalls.SOCKET, AF_INET, SOCK_DGRAM, 0, 0, 0, 0);
        Directory.check(socket, "make socket in", "network namespace");
        scratch.out.asSlice(0, REQUEST_SIZE).fill((byte) 0);
        scratch.out.setString(0, "lo");
        scratch.out.set(JAVA_SHORT, NAME_SIZE, UP_AND_RUNNING);
        long raised = Syscalls.call(scratch, Syscalls.IOCTL, socket, SIOCSIFFLAGS, scratch.out.address(), 0, 0, 0);
        Syscalls.call(scratch, Syscalls.CLOSE, socket, 0, 0, 0, 0, 0);
        Directory.check(raised, "bring up loopback of", "network namespace");
    }
}
