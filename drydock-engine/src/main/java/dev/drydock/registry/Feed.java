package dev.drydock.registry;

import dev.drydock.fault.DrydockException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Turns a {@link BlobSource}, which writes, into a stream that an upload reads, in bounded memory. */
final class Feed extends InputStream {
    private static final int PIECE = 256 * 1024;
    private static final int PIECES = 6;
    private static final long PATIENCE_MINUTES = 5;
    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(PIECES);
    private final Thread writer;
    private volatile @Nullable Throwable failure;
    private volatile boolean closed;
    private byte[] piece = END;
    private int at;
    private boolean ended;
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

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (at == piece.length && !ended) {
            waiting = true;
            try {
                piece = pieces.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            } finally {
                asked = System.nanoTime();
                waiting = false;
            }
            at = 0;
            ended = piece.length == 0;
            if (failure != null) {
                throw new IOException("cannot read what is to be uploaded", failure);
            }
        }
        if (ended) {
            return -1;
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, buffer, offset, count);
        at += count;
        return count;
    }

    @Override
    public int available() {
        return piece.length - at;
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
