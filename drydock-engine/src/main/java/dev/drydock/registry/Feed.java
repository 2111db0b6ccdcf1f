package dev.drydock.registry;

import dev.drydock.fault.DrydockException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Turns a {@link BlobSource}, which writes, into the body of an upload, or into those of several, one after the other, in
 * bounded memory. The pieces go to the client as they are: the JDK's publisher of streams would copy each into many small
 * ones. They can be sent once.
 */
final class Feed implements AutoCloseable {
    static final int PIECE = 64 * 1024;
    /** So much is ready for the times in which the registry waits for its disk, and the compressors go on: 10 MB. */
    private static final int PIECES = 160;

    private static final long PATIENCE_MINUTES = 5;
    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(PIECES);
    private final Thread writer;
    private volatile @Nullable Throwable failure;
    private volatile boolean closed;
    /** Taken off the queue but not yet sent; the end stays here. */
    private volatile byte @Nullable [] held;

    private final AtomicLong sent = new AtomicLong();
    /** When bytes were last asked for; while the source is waited for, nothing stands still at the other end. */
    private volatile long asked = System.nanoTime();

    private volatile boolean waiting;

    private Feed(BlobSource source) {
        writer = Thread.ofPlatform().name("upload-feed").daemon().unstarted(() -> run(source));
    }

    /** Starts writing. The caller closes it. */
    static Feed open(BlobSource source) {
        Feed feed = new Feed(source);
        feed.writer.start();
        return feed;
    }

    private void run(BlobSource source) {
        try {
            Sink sink = new Sink();
            source.write(sink);
            sink.flushPiece();
        } catch (IOException | InterruptedException | RuntimeException | Error e) { // handed to the reader
            failure = e;
        }
        boolean told = false;
        while (!told && !closed) {
            try {
                told = pieces.offer(END, 1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                failure = failure == null ? e : failure;
            }
        }
    }

    /** The source's own fault, which must not be taken for a broken connection; null without one. */
    @Nullable
    DrydockException fault() {
        return failure instanceof DrydockException fault ? fault : null;
    }

    /** How long nobody has asked for bytes. */
    Duration idle() {
        return waiting ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - asked);
    }

    /** How many bytes the client has taken. */
    long sent() {
        return sent.get();
    }

    /** The body of a request that sends all that is left. */
    BodyPublisher rest(long length) {
        return new Part(length, Long.MAX_VALUE);
    }

    /** The body of a request that sends no more than so many bytes, a multiple of {@link #PIECE}. */
    BodyPublisher part(long most) {
        return new Part(-1, most);
    }

    /** Whether anything is left to send; waits until that is known. */
    boolean hasMore() throws IOException {
        byte[] next = next();
        if (next == null) {
            return false;
        }
        held = next;
        return true;
    }

    /** The next piece, which is waited for; null at the end. */
    private byte @Nullable [] next() throws IOException {
        byte[] piece = held;
        held = null;
        waiting = true;
        try {
            piece = piece == null ? pieces.take() : piece;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            asked = System.nanoTime();
            waiting = false;
        }
        if (closed) {
            throw new IOException("the upload was given up"); // what is missing must not be taken for the end
        }
        if (failure != null) {
            throw new IOException("cannot read what is to be uploaded", failure);
        }
        if (piece.length == 0) {
            held = piece;
            return null;
        }
        return piece;
    }

    /** What one request sends. */
    private final class Part implements BodyPublisher {
        private final long length;
        private long left; // by the delivery
        private boolean subscribed; // by this

        /** @param length how many bytes it has; less than zero if that is not known */
        Part(long length, long most) {
            this.length = length;
            this.left = most;
            asked = System.nanoTime(); // the request's time begins
        }

        @Override
        public long contentLength() {
            return length < 0 ? -1 : length;
        }

        @Override
        public void subscribe(Flow.Subscriber<? super ByteBuffer> client) {
            boolean again;
            synchronized (this) {
                again = subscribed;
                subscribed = true;
            }
            Delivery delivery = new Delivery(this, client);
            client.onSubscribe(delivery);
            if (again) {
                delivery.fail(new IOException("the body was sent before"));
            }
        }

        /** The next piece; null at its end. */
        private byte @Nullable [] take() throws IOException {
            byte[] piece = left <= 0 ? null : next();
            if (piece != null) {
                left -= piece.length;
                sent.addAndGet(piece.length);
            }
            return piece;
        }
    }

    /** Hands pieces to the client as it asks for them, on the thread that asks; one thread at a time does so. */
    private static final class Delivery implements Flow.Subscription {
        private final Part part;
        private final Flow.Subscriber<? super ByteBuffer> client;
        private long wanted; // by this
        private boolean busy; // by this
        private boolean over; // by this

        Delivery(Part part, Flow.Subscriber<? super ByteBuffer> client) {
            this.part = part;
            this.client = client;
        }

        @Override
        public void request(long count) {
            if (count <= 0) {
                fail(new IllegalArgumentException("asked for " + count + " pieces"));
                return;
            }
            synchronized (this) {
                wanted = wanted + count < 0 ? Long.MAX_VALUE : wanted + count;
                if (busy) {
                    return; // whoever is at it sees the number
                }
                busy = true;
            }
            while (isWanted()) {
                deliver();
            }
        }

        private synchronized boolean isWanted() {
            if (over || wanted == 0) {
                busy = false;
                return false;
            }
            wanted--;
            return true;
        }

        private void deliver() {
            try {
                byte[] piece = part.take();
                if (piece != null) {
                    client.onNext(ByteBuffer.wrap(piece));
                } else if (end()) {
                    client.onComplete();
                }
            } catch (IOException e) {
                fail(e);
            }
        }

        private void fail(Exception e) {
            if (end()) {
                client.onError(e);
            }
        }

        private synchronized boolean end() {
            boolean first = !over;
            over = true;
            return first;
        }

        @Override
        public void cancel() {
            end();
        }
    }

    /** Stops the source and waits for its end. */
    @Override
    public void close() {
        closed = true;
        writer.interrupt();
        boolean interrupted = false;
        while (writer.isAlive()) {
            pieces.clear();
            try {
                writer.join(100);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        pieces.clear();
        pieces.add(END); // for a client that still waits
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Sink extends OutputStream {
        private byte[] filling = new byte[PIECE];
        private int filled;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            int left = length;
            while (left > 0) {
                int count = Math.min(left, PIECE - filled);
                System.arraycopy(bytes, from, filling, filled, count);
                filled += count;
                from += count;
                left -= count;
                if (filled == PIECE) {
                    hand(filling);
                    filling = new byte[PIECE];
                    filled = 0;
                }
            }
        }

        void flushPiece() throws IOException {
            if (filled > 0) {
                hand(Arrays.copyOf(filling, filled));
            }
        }

        private void hand(byte[] full) throws IOException {
            try {
                if (!pieces.offer(full, PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                    throw new IOException("the registry takes no bytes");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
