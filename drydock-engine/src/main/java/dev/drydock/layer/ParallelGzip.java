package dev.drydock.layer;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Gzip by several threads: one member, deflated in blocks that each know the end of the one before, so that any reader
 * takes it and little is lost against one thread. The bytes depend on the input and the level alone. Memory is bounded.
 */
final class ParallelGzip extends OutputStream {
    private static final int BLOCK = 512 * 1024;
    private static final int WINDOW = 32 * 1024;
    private static final int IN_FLIGHT = 6;
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private final OutputStream out;
    private final int level;
    private final ExecutorService workers;
    private final Deque<Future<Piece>> pieces = new ArrayDeque<>();
    private final CRC32 crc = new CRC32();
    private byte[] block = new byte[BLOCK];
    private int filled;
    private byte @Nullable [] before;
    private long total;
    private boolean closed;

    /**
     * Begins.
     *
     * @param out not closed by this
     * @param level 0 to 9
     * @param workers threads to deflate on; shared with others
     */
    ParallelGzip(OutputStream out, int level, ExecutorService workers) throws IOException {
        this.out = out;
        this.level = level;
        this.workers = workers;
        out.write(HEADER);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        crc.update(bytes, offset, length);
        total += length;
        int from = offset;
        int left = length;
        while (left > 0) {
            // A full block waits for the next byte: only then is it known not to be the last.
            if (filled == BLOCK) {
                submit(Deflater.SYNC_FLUSH);
            }
            int count = Math.min(left, BLOCK - filled);
            System.arraycopy(bytes, from, block, filled, count);
            filled += count;
            from += count;
            left -= count;
        }
    }

    private void submit(int flush) throws IOException {
        byte[] input = block;
        int length = filled;
        byte[] dictionary = before;
        pieces.add(workers.submit(() -> deflate(input, length, dictionary, level, flush)));
        before = Arrays.copyOfRange(input, Math.max(0, length - WINDOW), length);
        block = new byte[BLOCK];
        filled = 0;
        while (pieces.size() >= IN_FLIGHT) {
            drain();
        }
    }

    private void drain() throws IOException {
        try {
            Piece piece = pieces.removeFirst().get();
            out.write(piece.bytes, 0, piece.length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException("compress: " + e.getCause(), e);
        }
    }

    private static Piece deflate(byte[] input, int length, byte @Nullable [] dictionary, int level, int flush) {
        Deflater deflater = new Deflater(level, true);
        try {
            if (dictionary != null) {
                deflater.setDictionary(dictionary);
            }
            deflater.setInput(input, 0, length);
            boolean last = flush == Deflater.FULL_FLUSH;
            if (last) {
                deflater.finish();
            }
            byte[] output = new byte[length / 2 + 1024];
            int at = 0;
            while (true) {
                int count = deflater.deflate(
                        output, at, output.length - at, last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH);
                at += count;
                if (last ? deflater.finished() : at < output.length) {
                    return new Piece(output, at);
                }
                output = Arrays.copyOf(output, output.length * 2);
            }
        } finally {
            deflater.end();
        }
    }

    /** Writes what is left and the member's end; {@code out} stays open. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        submit(Deflater.FULL_FLUSH);
        while (!pieces.isEmpty()) {
            drain();
        }
        byte[] trailer = new byte[8];
        long sum = crc.getValue();
        for (int i = 0; i < 4; i++) {
            trailer[i] = (byte) (sum >>> (8 * i));
            trailer[4 + i] = (byte) (total >>> (8 * i));
        }
        out.write(trailer);
    }
}
