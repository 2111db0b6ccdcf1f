package dev.drydock.snapshot;

import dev.drydock.linux.OpenFile;
import dev.drydock.oci.Digest;
import dev.drydock.scope.Scope;
import java.security.MessageDigest;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Makes the SHA-256 of all bytes of open files. Of a large one the next bytes are read while the last ones are hashed. For
 * one thread.
 */
public final class FileDigest {
    /** A thread of its own costs what reading a megabyte does. */
    private static final long LARGE = 8 << 20;

    private static final int PIECE = 256 * 1024;
    private static final int PIECES = 4;

    private final MessageDigest sha = Digest.newSha256();
    private final byte[] buffer;

    /** Overwrites {@code buffer} with each file. */
    public FileDigest(byte[] buffer) {
        this.buffer = buffer;
    }

    /**
     * Reads a file from its start to its end.
     *
     * @param size about how many bytes it has
     */
    public byte[] of(OpenFile file, long size) throws InterruptedException {
        sha.reset(); // of what came of a file whose reading failed
        if (size < LARGE) {
            readAll(file);
        } else {
            readAhead(file);
        }
        return sha.digest();
    }

    /** A read that comes short is the end of a regular file. */
    private void readAll(OpenFile file) {
        long position = 0;
        int count = buffer.length;
        while (count == buffer.length) {
            count = file.readAt(position, buffer, 0, buffer.length);
            sha.update(buffer, 0, count);
            position += count;
        }
    }

    /** Bytes that were read; none are the end. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares pieces
    private record Piece(byte[] bytes, int length) {}

    private void readAhead(OpenFile file) throws InterruptedException {
        BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(PIECES + 1);
        BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(PIECES);
        for (int i = 0; i < PIECES; i++) {
            free.add(new byte[PIECE]);
        }
        try (Scope scope = Scope.ofPlatformThreads("read")) {
            scope.fork(() -> {
                read(file, free, pieces);
                return true;
            });
            for (Piece piece = pieces.take(); piece.length > 0; piece = pieces.take()) {
                sha.update(piece.bytes, 0, piece.length);
                free.add(piece.bytes);
            }
            scope.join();
        }
    }

    private static void read(OpenFile file, BlockingQueue<byte[]> free, BlockingQueue<Piece> pieces)
            throws InterruptedException {
        try {
            long position = 0;
            int count = PIECE;
            while (count == PIECE) {
                byte[] bytes = free.take();
                count = file.readAt(position, bytes, 0, PIECE);
                position += count;
                if (count > 0) {
                    pieces.add(new Piece(bytes, count));
                }
            }
        } finally {
            pieces.add(new Piece(new byte[0], 0)); // there is always room, for no more pieces than buffers are about
        }
    }
}
