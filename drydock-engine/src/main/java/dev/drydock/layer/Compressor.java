package dev.drydock.layer;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Compresses layers on as many threads as there are processors, shared by all that go on at once. What comes out depends on
 * the input, the kind and the level, never on the number of threads. The caller closes it.
 */
public final class Compressor implements AutoCloseable {
    /** Any number above zero gives the same bytes. */
    private static final int ZSTD_WORKERS = 2;

    private final ExecutorService workers = Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            Thread.ofPlatform().daemon().name("compress-", 0).factory());

    private @Nullable Libdeflate libdeflate; // by this

    /** How a layer is compressed. */
    public enum Kind {
        NONE,
        GZIP,
        ZSTD
    }

    /**
     * A kind and its level.
     *
     * @param level as the formats' own tools count: 0 to 9 for gzip, 1 to 22 for zstd; nothing for none
     */
    public record Form(Kind kind, int level) {
        /** Decision 40. */
        private static final int GZIP_LEVEL = 1;

        private static final int ZSTD_LEVEL = 3;

        /** The kind at its usual level. */
        public static Form of(Kind kind) {
            return new Form(
                    kind,
                    switch (kind) {
                        case NONE -> 0;
                        case GZIP -> GZIP_LEVEL;
                        case ZSTD -> ZSTD_LEVEL;
                    });
        }

        /** A name under which results can be remembered: other versions of the libraries may give other bytes. */
        public String key() {
            return switch (kind) {
                case NONE -> "none";
                case GZIP ->
                    "gzip-" + level + "-"
                            + (Libdeflate.isAvailable() ? Libdeflate.VERSION : "java-" + Runtime.version());
                case ZSTD -> "zstd-" + level + "-" + com.github.luben.zstd.util.ZstdVersion.VERSION;
            };
        }
    }

    /** What is written to the result comes out compressed at {@code out}; closing it ends the format, not {@code out}. */
    public OutputStream open(OutputStream out, Form form) throws IOException {
        return switch (form.kind) {
            case NONE -> new Unclosed(out);
            case GZIP -> {
                Libdeflate library = library();
                yield library == null
                        ? new ParallelGzip(out, form.level, workers)
                        : new GzipMembers(out, form.level, library, workers);
            }
            case ZSTD -> {
                ZstdOutputStream zstd = new ZstdOutputStream(new Unclosed(out), form.level);
                zstd.setWorkers(ZSTD_WORKERS);
                yield zstd;
            }
        };
    }

    private synchronized @Nullable Libdeflate library() {
        if (libdeflate == null) {
            libdeflate = Libdeflate.open().orElse(null);
        }
        return libdeflate;
    }

    @Override
    public void close() {
        workers.shutdownNow();
        workers.close(); // waits: a block takes milliseconds, and the library is in use until then
        synchronized (this) {
            if (libdeflate != null) {
                libdeflate.close();
            }
        }
    }

    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
