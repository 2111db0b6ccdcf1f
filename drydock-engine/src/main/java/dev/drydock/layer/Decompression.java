package dev.drydock.layer;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.UserFault;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out by its first bytes how a stream is compressed and undoes it. Gzip, also in several members, is undone here;
 * bzip2, xz and zstd by the programs of these names.
 */
final class Decompression {
    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_MAGIC = 6;

    private Decompression() {}

    /** The ways. */
    private enum Format {
        PLAIN,
        GZIP,
        BZIP2,
        XZ,
        ZSTD
    }

    /** The plain stream. The caller closes it, and {@code in} after it. */
    static InputStream of(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
        buffered.mark(LONGEST_MAGIC);
        byte[] magic = buffered.readNBytes(LONGEST_MAGIC);
        buffered.reset();
        return switch (format(magic)) {
            case PLAIN -> buffered;
            case GZIP -> new Gunzipped(new GZIPInputStream(buffered, BUFFER));
            case BZIP2 -> filter(buffered, "bzip2");
            case XZ -> filter(buffered, "xz");
            case ZSTD -> filter(buffered, "zstd");
        };
    }

    private static Format format(byte[] magic) {
        if (startsWith(magic, 0x1f, 0x8b, 0x08)) {
            return Format.GZIP;
        }
        if (startsWith(magic, 'B', 'Z', 'h')) {
            return Format.BZIP2;
        }
        if (startsWith(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
            return Format.XZ;
        }
        return startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd) ? Format.ZSTD : Format.PLAIN;
    }

    private static boolean startsWith(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** Tells what the JDK's reader says of a damaged stream in the user's words. */
    private static final class Gunzipped extends FilterInputStream {
        Gunzipped(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return in.read(buffer, offset, length);
            } catch (ZipException e) {
                throw new UserFault("read archive: its gzip compression is damaged: " + e.getMessage(), e);
            } catch (java.io.EOFException e) {
                throw new UserFault("read archive: unexpected end of file", e)
                        .hint("The compressed file is cut off; fetch or make it again.");
            }
        }
    }

    private static InputStream filter(InputStream in, String program) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(List.of(program, "-dcq"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new EnvironmentFault("read archive: it is compressed with " + program + ", which is not installed", e)
                    .hint("Install it (Debian: apt-get install "
                            + (program.equals("xz") ? "xz-utils" : program)
                            + "), or compress with gzip.");
        }
        return new Filtered(process, program, in);
    }

    /** The output of a program that is fed from a thread of its own. */
    private static final class Filtered extends FilterInputStream {
        private final Process process;
        private final String program;
        private final Thread feeder;
        private volatile @Nullable IOException unread;
        private boolean atEnd;

        Filtered(Process process, String program, InputStream from) {
            super(process.getInputStream());
            this.process = process;
            this.program = program;
            this.feeder = Thread.ofPlatform()
                    .daemon()
                    .name("feed-" + program)
                    .start(() -> feed(from, process.getOutputStream()));
        }

        private void feed(InputStream from, OutputStream to) {
            byte[] buffer = new byte[BUFFER];
            try (to) {
                while (true) {
                    int count;
                    try {
                        count = from.read(buffer);
                    } catch (IOException e) {
                        unread = e;
                        return;
                    }
                    if (count < 0) {
                        return;
                    }
                    to.write(buffer, 0, count);
                }
            } catch (IOException e) {
                // the program ended before its input did: its exit status tells whether that is a fault
                process.toHandle();
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = in.read(buffer, offset, length);
            if (count < 0 && !atEnd) {
                atEnd = true;
                checkEnd();
            }
            return count;
        }

        private void checkEnd() throws IOException {
            IOException failed = unread;
            if (failed != null) {
                throw failed;
            }
            try {
                if (process.waitFor() != 0) {
                    throw new UserFault("read archive: its " + program + " compression is damaged")
                            .hint("Check the file with " + program + " -t.");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new java.io.InterruptedIOException("interrupted");
            }
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            in.close();
            feeder.interrupt();
        }
    }
}
