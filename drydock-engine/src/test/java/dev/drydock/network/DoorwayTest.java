package dev.drydock.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
final class DoorwayTest {
    private static final int REPEATS = 200;

    private static ServerSocketChannel listen() throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static Socket visit(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    /** The JDK leaves it to the thread that accepts to close the socket, some time after the call that closes it. */
    @Test
    void nobodyGetsInAtADoorThatIsClosed() throws Exception {
        for (int i = 0; i < REPEATS; i++) {
            ServerSocketChannel server = listen();
            int port = server.socket().getLocalPort();
            try (Doorway _ = Doorway.serve(server, (_, _) -> {});
                    Socket guest = visit(port)) {
                assertThat(guest.getInputStream().read()).isNegative();
            }
            assertThatThrownBy(() -> visit(port).close()).isInstanceOf(ConnectException.class);
        }
    }

    /** As when this process may open no more files: the visitor waits, and the door does not stay shut for good. */
    @Test
    void aRefusedAcceptIsTriedAgain() throws Exception {
        try (ServerSocketChannel real = listen()) {
            RefusingOnce server = new RefusingOnce(real);
            try (Doorway _ = Doorway.serve(server, (visitor, _) -> visitor.write(ByteBuffer.wrap(new byte[] {7})));
                    Socket guest = visit(real.socket().getLocalPort())) {
                assertThat(guest.getInputStream().read()).isEqualTo(7);
            }
            assertThat(real.isOpen()).isFalse();
        }
    }

    private static final class RefusingOnce extends ServerSocketChannel {
        private final ServerSocketChannel real;
        private final AtomicBoolean refused = new AtomicBoolean();

        RefusingOnce(ServerSocketChannel real) {
            super(real.provider());
            this.real = real;
        }

        @Override
        public SocketChannel accept() throws IOException {
            if (refused.compareAndSet(false, true)) {
                throw new IOException("Too many open files");
            }
            return real.accept();
        }

        @Override
        protected void implCloseSelectableChannel() throws IOException {
            real.close();
        }

        @Override
        protected void implConfigureBlocking(boolean block) throws IOException {
            real.configureBlocking(block);
        }

        @Override
        public ServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
            return real.bind(local, backlog);
        }

        @Override
        public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
            return real.setOption(name, value);
        }

        @Override
        public <T> T getOption(SocketOption<T> name) throws IOException {
            return real.getOption(name);
        }

        @Override
        public Set<SocketOption<?>> supportedOptions() {
            return real.supportedOptions();
        }

        @Override
        public ServerSocket socket() {
            return real.socket();
        }

        @Override
        public SocketAddress getLocalAddress() throws IOException {
            return real.getLocalAddress();
        }
    }

    @Test
    void whatAHostOpensWhileTheDoorClosesIsClosedToo() throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        CountDownLatch shut = new CountDownLatch(1);
        CompletableFuture<SocketChannel> opened = new CompletableFuture<>();
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        ServerSocketChannel server = listen();
        Doorway door = Doorway.serve(server, (_, self) -> {
            received.countDown();
            shut.await();
            SocketChannel late = SocketChannel.open();
            try {
                self.adopt(late);
                refused.completeExceptionally(new AssertionError("adopted"));
            } catch (ClosedChannelException e) {
                refused.complete(e);
            }
            opened.complete(late);
        });
        try (Socket guest = visit(server.socket().getLocalPort())) {
            received.await();
            door.close();
            shut.countDown();
            assertThat(guest.getInputStream().read()).isNegative();
        }
        assertThat(refused.get()).isInstanceOf(ClosedChannelException.class);
        assertThat(opened.get().isOpen()).isFalse();
    }
}
