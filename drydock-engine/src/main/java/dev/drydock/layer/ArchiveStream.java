package dev.drydock.layer;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** Tells by their first bytes how archives are compressed, and decompresses them. */
public final class ArchiveStream {
    private static final int BUFFER = 256 * 1024;
    /** What {@code xz -9} needs is 65 MiB. */
    private static final int XZ_MEMORY_KIB = 96 * 1024;

    private ArchiveStream() {}

    private enum Compression {
        NONE,
        GZIP,
        ZSTD,
        XZ,
        BZIP2;

        static Compression of(byte[] b, int length) {
            if (length >= 2 && b[0] == 0x1F && b[1] == (byte) 0x8B) {
                return GZIP;
            }
            if (length >= 4 && b[1] == (byte) 0xB5 && b[2] == 0x2F && b[3] == (byte) 0xFD && b[0] == 0x28) {
                return ZSTD;
            }
            if (length >= 4 && (b[0] & 0xF0) == 0x50 && b[1] == 0x2A && b[2] == 0x4D && b[3] == 0x18) {
                return ZSTD;
            }
            if (length >= 6 && b[0] == (byte) 0xFD && b[1] == '7' && b[2] == 'z' && b[3] == 'X' && b[4] == 'Z') {
                return XZ;
            }
            return length >= 4 && b[0] == 'B' && b[1] == 'Z' && b[2] == 'h' && b[3] >= '1' && b[3] <= '9'
                    ? BZIP2
                    : NONE;
        }
    }

    /**
     * The plain bytes of a stream that may be compressed with gzip, zstd, xz or bzip2. The caller closes what is returned,
     * which does not close {@code in}.
     */
    public static InputStream open(InputStream in) throws IOException {
        Whole whole = new Whole(in);
        whole.mark(16);
        byte[] start = new byte[8];
        int length = whole.readNBytes(start, 0, start.length);
        whole.reset();
        Compression compression = Compression.of(start, length);
        return switch (compression) {
            case NONE -> whole;
            case GZIP -> new BufferedInputStream(new GZIPInputStream(whole, 64 * 1024), BUFFER);
            case ZSTD -> new BufferedInputStream(new ZstdInputStream(whole), BUFFER);
            case XZ -> new BufferedInputStream(Rare.xz(whole), BUFFER);
            case BZIP2 -> new BufferedInputStream(Rare.bzip2(whole), BUFFER);
        };
    }

    /** Tells by its first bytes, a kilobyte or all there is, whether a stream is an archive or compressed. */
    public static boolean looksLikeArchive(byte[] start) {
        return Compression.of(start, start.length) != Compression.NONE || TarReader.isTar(start, start.length);
    }

    /** Tells by its first bytes, a block or all there is, whether a stream is a tar archive that is not compressed. */
    public static boolean isPlainTar(byte[] start) {
        return Compression.of(start, start.length) == Compression.NONE && TarReader.isTar(start, start.length);
    }

    /** Tells whether a file is a tar archive with at least one entry, compressed or not. */
    public static boolean isArchive(Path file) {
        try (InputStream in = Files.newInputStream(file);
                InputStream plain = open(in)) {
            byte[] start = new byte[TarHeader.BLOCK];
            return TarReader.isTar(start, plain.readNBytes(start, 0, start.length));
        } catch (IOException notCompressedAsItSeems) {
            return false;
        }
    }

    /**
     * Knows at any time whether more is to come: GZIPInputStream asks {@code available()} whether another member follows,
     * to which pipes and sockets may say no too early.
     */
    private static final class Whole extends BufferedInputStream {
        Whole(InputStream in) {
            super(in, BUFFER);
        }

        @Override
        public synchronized int available() throws IOException {
            if (pos < count) {
                return count - pos;
            }
            mark(1);
            int next = read();
            reset();
            return next < 0 ? 0 : Math.max(1, count - pos);
        }

        @Override
        public void close() {
            // Whoever opened the stream below closes it.
        }
    }

    /** Java's own readers of these formats; their classes are loaded when the first such archive is met. */
    private static final class Rare {
        private Rare() {}

        static InputStream xz(InputStream in) throws IOException {
            return new XZInputStream(in, XZ_MEMORY_KIB);
        }

        static InputStream bzip2(InputStream in) throws IOException {
            return new BZip2CompressorInputStream(in, true);
        }
    }
}
