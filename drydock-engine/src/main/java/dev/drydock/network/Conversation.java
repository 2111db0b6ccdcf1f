package dev.drydock.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** Two connections whose bytes go to each other until both have ended. */
public final class Conversation {
    private static final int BLOCK = 64 * 1024;
    /** For who has the whole answer to hang up. Closing at once could cut off what is still on its way there. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private Conversation() {}

    /** Blocks until it is over. Closes neither. */
    public static void between(SocketChannel near, SocketChannel far) throws InterruptedException {
        Thread answers = Thread.ofVirtual().start(() -> copy(far, near));
        copy(near, far);
        answers.join();
    }

    /**
     * One request and its answer, until the answer has ended. Closes neither; what the near one says after its request is
     * dropped.
     *
     * @param begun the beginning of the request's body, or more than that
     * @param length of the whole body
     */
    static void exchange(SocketChannel near, ByteBuffer begun, long length, SocketChannel far)
            throws InterruptedException {
        Thread question = Thread.ofVirtual().start(() -> ask(near, begun, length, far));
        copy(far, near);
        question.join(LAST_WORDS);
    }

    private static void ask(SocketChannel near, ByteBuffer begun, long length, SocketChannel far) {
        ByteBuffer buffer = ByteBuffer.allocate(BLOCK);
        long left = length;
        try {
            if (begun.remaining() > left) {
                begun.limit(begun.position() + (int) left);
            }
            left -= begun.remaining();
            while (begun.hasRemaining()) {
                far.write(begun);
            }
            while (near.read(buffer) >= 0) {
                buffer.flip();
                buffer.limit((int) Math.min(buffer.limit(), left));
                left -= buffer.remaining();
                while (buffer.hasRemaining()) {
                    far.write(buffer);
                }
                buffer.clear();
            }
            if (left > 0) {
                far.shutdownOutput(); // half a request, and no more will come
            }
        } catch (IOException e) {
            hangUp(far);
        }
    }

    /** Drops what somebody still says who has got the answer: closing with something unread would take that back. */
    static void hearOut(SocketChannel visitor) throws IOException {
        ByteBuffer rest = ByteBuffer.allocate(BLOCK);
        while (visitor.read(rest) >= 0) {
            rest.clear();
        }
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
