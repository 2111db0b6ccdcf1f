package dev.drydock.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Two connections whose bytes go to each other until both have ended. */
final class Conversation {
    private static final int BLOCK = 64 * 1024;

    private Conversation() {}

    /** Blocks until it is over. Closes neither. */
    static void between(SocketChannel near, SocketChannel far) throws InterruptedException {
        Thread answers = Thread.ofVirtual().start(() -> copy(far, near));
        copy(near, far);
        answers.join();
    }

    private static void copy(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(BLOCK);
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
            hangUp(from);
            hangUp(to);
        }
    }

    /** One of the two is gone: the other hears of it. */
    private static void hangUp(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            return;
        }
    }
}
