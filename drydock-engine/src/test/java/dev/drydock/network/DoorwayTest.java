package dev.drydock.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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
