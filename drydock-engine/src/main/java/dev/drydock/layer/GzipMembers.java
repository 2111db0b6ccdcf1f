package dev.drydock.layer;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Gzip by several threads: a member for each block, which RFC 1952 allows and every reader of layers takes. The bytes depend
 * on the input and the level alone. Memory is bounded, and buffers are used again.
 */
final class GzipMembers extends OutputStream {
    private static final int BLOCK = 512 * 1024;
    private static final int MOST_IN_FLIGHT = 12;
    /** A member ends with the CRC-32 of its block and the block's length. */
    private static final int TRAILER = 8;

    private final OutputStream out;
    private final int level;
    private final Libdeflate library;
    private final ExecutorService workers;
    private final int inFlight;
    private final Deque<Future<Member>> members = new ArrayDeque<>();
    private final Deque<Member> spare = new ArrayDeque<>();
    private Member filling = new Member();
    /** Of the blocks whose members were written. */
    private int crc;

    private boolean begun;
    private boolean closed;

    /** A block and the member it becomes. */
    private static final class Member {
        private final byte[] block = new byte[BLOCK];
        private final byte[] bytes = new byte[Libdeflate.bound(BLOCK)];
        private int filled;
        private int length;
    }

    /**
     * Begins.
     *
     * @param out not closed by this
     * @param level 0 to 9
     * @param workers threads to compress on; shared with others
     */
    GzipMembers(OutputStream out, int level, Libdeflate library, ExecutorService workers) {
        this.out = out;
        this.level = level;
        this.library = library;
        this.workers = workers;
        this.inFlight = Math.min(4 * Runtime.getRuntime().availableProcessors() + 1, MOST_IN_FLIGHT);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        int from = offset;
        int left = length;
        while (left > 0) {
            int count = Math.min(left, BLOCK - filling.filled);
            System.arraycopy(bytes, from, filling.block, filling.filled, count);
            filling.filled += count;
            from += count;
            left -= count;
            if (filling.filled == BLOCK) {
                submit();
            }
        }
    }

    private void submit() throws IOException {
        begun = true;
        Member member = filling;
        members.add(workers.submit(() -> {
            member.length = library.gzip(member.block, member.filled, levelOf(member), member.bytes);
            return member;
        }));
        while (members.size() >= inFlight
                || (!members.isEmpty() && members.getFirst().isDone())) {
            drain();
        }
        Member next = spare.poll();
        filling = next == null ? new Member() : next;
    }

    /** The lowest level is for speed: it does not try what hardly gets smaller. */
    private int levelOf(Member member) {
        return level == 1 && Density.isDense(member.block, member.filled) ? 0 : level;
    }

    private void drain() throws IOException {
        try {
            Member member = members.removeFirst().get();
            out.write(member.bytes, 0, member.length);
            crc = Crc.join(crc, trailingCrc(member), member.filled);
            member.filled = 0;
            spare.add(member);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException("compress: " + e.getCause(), e);
        }
    }

    private static int trailingCrc(Member member) {
        int at = member.length - TRAILER;
        byte[] bytes = member.bytes;
        return (bytes[at] & 0xFF)
                | (bytes[at + 1] & 0xFF) << 8
                | (bytes[at + 2] & 0xFF) << 16
                | (bytes[at + 3] & 0xFF) << 24;
    }

    /**
     * The CRC-32 of all that was written, as the members have it. Nothing can be written after it was asked for: what is left
     * has been compressed for it.
     */
    long crc32() throws IOException {
        finish();
        return crc & 0xFFFFFFFFL;
    }

    /** Writes what is left; {@code out} stays open. No bytes at all are an empty member. */
    @Override
    public void close() throws IOException {
        finish();
    }

    private void finish() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (filling.filled > 0 || !begun) {
            submit();
        }
        while (!members.isEmpty()) {
            drain();
        }
    }
}
