package dev.drydock.layer;

import com.github.luben.zstd.ZstdInputStream;
import dev.drydock.fault.EnvironmentFault;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Tells by their first bytes how archives are compressed, and decompresses them. */
public final class ArchiveStream {
    private static final int BUFFER = 256 * 1024;

    private ArchiveStream() {}

    private enum Compression {
        NONE(""),
        GZIP(""),
        ZSTD(""),
        XZ("xz"),
        BZIP2("bzip2");

        private final String program;

        Compression(String program) {
            this.program = program;
        }

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
     * The plain bytes of a stream that may be compressed: gzip and zstd are read here, xz and bzip2 by the programs
     * of these names. The caller closes what is returned, which does not close {@code in}.
     *
     * @throws EnvironmentFault if the program is not installed
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
            case XZ, BZIP2 -> new Piped(compression.program, whole);
        };
    }

    /** Tells by its first bytes, a kilobyte or all there is, whether a stream is an archive or compressed. */
    public static boolean looksLikeArchive(byte[] start) {
        return Compression.of(start, start.length) != Compression.NONE || TarReader.isTar(start, start.length);
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

    /** Decompresses through a program. */
    private static final class Piped extends FilterInputStream {
        private final String program;
        private final Process process;
        private final Thread feeder;

        Piped(String program, InputStream compressed) {
            this(program, compressed, start(program));
        }

        private Piped(String program, InputStream compressed, Process process) {
            super(new BufferedInputStream(process.getInputStream(), BUFFER));
            this.program = program;
            this.process = process;
            this.feeder = Thread.ofPlatform().name("feed-" + program).daemon().start(() -> feed(compressed));
        }

        private static Process start(String program) {
            try {
                return new ProcessBuilder(program, "-dcq").start();
            } catch (IOException e) {
                throw new EnvironmentFault(
                                "read archive compressed with " + program + ": the program " + program
                                        + " is not installed",
                                e)
                        .hint("Install " + program + ", or compress the archive with gzip.");
            }
        }

        private void feed(InputStream compressed) {
            try (OutputStream to = process.getOutputStream()) {
                compressed.transferTo(to);
            } catch (IOException e) {
                // A program that ended early no longer reads; its exit code says why. A source that fails to be read
                // must not look like its end: then the program is ended and its exit code says so.
                process.destroyForcibly();
            }
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            if (next < 0) {
                finish();
            }
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count < 0) {
                finish();
            }
            return count;
        }

        private void finish() throws IOException {
            try {
                int code = process.waitFor();
                if (code != 0) {
                    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                    throw new MalformedArchive(said.isEmpty() ? program + " ended with exit code " + code : said);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for " + program, e);
            }
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            super.close();
            feeder.interrupt();
        }
    }
}
