package dev.drydock.engine;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.UserFault;
import dev.drydock.layer.Compressor;
import dev.drydock.layer.HashedStream;
import dev.drydock.layer.LayerUnpacker.Unpacked;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.MediaTypes;
import dev.drydock.scope.Disk;
import dev.drydock.scope.Scope;
import dev.drydock.source.LayerIntake;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A plain layer of an archive, read once: one thread unpacks it while another compresses it lightly, so that the disk holds it
 * once as files and once small, to make its very bytes again.
 *
 * @param stream what the plain stream was
 * @param kept the compressed one
 * @param file where that is
 * @param early the layer's files; null if it was not to be unpacked, or is no layer: that is said when an image needs it
 */
record PlainLayer(Unpacked stream, Descriptor kept, Path file, LayerIntake.@Nullable Early early) {
    private static final Compressor.Form LIGHT = new Compressor.Form(Compressor.Kind.ZSTD, 1);
    private static final int PIECE = 256 * 1024;
    private static final int PIECES = 8;

    /**
     * Reads one to the end of {@code bytes}.
     *
     * @param intake unpacks it; null to leave that for later
     * @throws IOException from {@code bytes}
     */
    static PlainLayer read(
            String name, InputStream bytes, Path file, Compressor compressor, @Nullable LayerIntake intake)
            throws IOException, InterruptedException {
        HashedStream hashed = new HashedStream(bytes);
        LayerIntake.Early early = null;
        boolean whole = false;
        try (Scope scope = Scope.ofPlatformThreads("archive-layer")) {
            Copied copied = new Copied(hashed);
            Scope.Task<Descriptor> kept = scope.fork(() -> compress(copied, file, compressor));
            try {
                early = intake == null ? null : intake.unpackEarly(name, new BufferedInputStream(copied, PIECE));
            } catch (UserFault noLayer) {
                early = null;
            }
            copied.finish();
            scope.join();
            Unpacked stream = hashed.result();
            if (early != null) {
                early.came(stream);
            }
            whole = true;
            return new PlainLayer(stream, kept.get(), file, early);
        } finally {
            if (!whole && early != null) {
                early.close();
            }
        }
    }

    private static Descriptor compress(Copied copied, Path file, Compressor compressor) throws InterruptedException {
        try {
            DigestOutputStream hashing;
            try (OutputStream out = Files.newOutputStream(file)) {
                hashing = new DigestOutputStream(out, Digest.newSha256());
                try (OutputStream zstd = compressor.open(hashing, LIGHT)) {
                    copied.writeTo(zstd);
                }
            }
            return new Descriptor(
                    MediaTypes.KEPT_LAYER,
                    Digest.sha256(hashing.getMessageDigest().digest()),
                    Files.size(file));
        } catch (IOException e) {
            DrydockException fault = Disk.fault("keep a layer of the archive", e);
            copied.fail(fault);
            throw fault;
        }
    }

    /** Hands what is read of it to another thread too. */
    private static final class Copied extends FilterInputStream {
        private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(PIECES);
        private final BlockingQueue<Piece> spare = new ArrayBlockingQueue<>(PIECES);
        private volatile @Nullable DrydockException failure;

        /** Read bytes on their way; the last one is empty. Used again once it is written. */
        private static final class Piece {
            private final byte[] bytes = new byte[PIECE];
            private int length;
        }

        Copied(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            int count = read(one, 0, 1);
            return count < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int wanted) throws IOException {
            int count = in.read(bytes, offset, Math.min(wanted, PIECE));
            if (count > 0) {
                Piece free = spare.poll();
                Piece piece = free == null ? new Piece() : free;
                System.arraycopy(bytes, offset, piece.bytes, 0, count);
                piece.length = count;
                hand(piece);
            }
            return count;
        }

        private void hand(Piece piece) throws IOException {
            try {
                while (!pieces.offer(piece, 1, TimeUnit.SECONDS)) {
                    DrydockException broken = failure;
                    if (broken != null) {
                        throw broken;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }

        void finish() throws IOException {
            byte[] waste = new byte[PIECE];
            while (read(waste, 0, waste.length) >= 0) {
                // handed over by read
            }
            hand(new Piece());
        }

        void writeTo(OutputStream out) throws IOException, InterruptedException {
            for (Piece piece = pieces.take(); piece.length > 0; piece = pieces.take()) {
                out.write(piece.bytes, 0, piece.length);
                spare.offer(piece);
            }
        }

        void fail(DrydockException fault) {
            failure = fault;
        }
    }
}
