package dev.drydock.layer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The library libdeflate, which comes with aircompressor: gzip of blocks that are whole in memory, three times as fast as
 * zlib. Bound here because aircompressor's own loader leaves its unpacked copy in the temporary directory when the process
 * is killed, and offers no gzip. Safe for several threads; closed when none of them works with it any more.
 */
@SuppressWarnings("restricted") // native calls
final class Libdeflate implements AutoCloseable {
    /** Part of the name under which results are remembered: another version may give other bytes. CompressorTest notices. */
    static final String VERSION = "libdeflate-of-aircompressor-3.14-sampled-90";

    private static final int OVERHEAD = 1024;

    private final Calls calls;
    private final Map<Integer, Queue<MemorySegment>> idle = new ConcurrentHashMap<>();

    private record Calls(MethodHandle make, MethodHandle free, MethodHandle gzip) {}

    /** Loaded once for the process; empty on machines that the library was not built for. */
    private static final class Loaded {
        private static final Optional<Calls> CALLS = load();
    }

    private Libdeflate(Calls calls) {
        this.calls = calls;
    }

    /** The library, if it runs on this machine. The caller closes it. */
    static Optional<Libdeflate> open() {
        return Loaded.CALLS.map(Libdeflate::new);
    }

    static boolean isAvailable() {
        return Loaded.CALLS.isPresent();
    }

    private static Optional<Calls> load() {
        String machine = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64" -> "aarch64";
            case "ppc64le" -> "ppc64le";
            default -> "";
        };
        String resource = "aircompressor/linux-" + machine + "/libdeflate.so";
        try (InputStream packed = Libdeflate.class.getClassLoader().getResourceAsStream(resource)) {
            if (packed == null) {
                return Optional.empty();
            }
            Path unpacked = Files.createTempFile("drydock-", ".so");
            try {
                Files.copy(packed, unpacked, StandardCopyOption.REPLACE_EXISTING);
                return Optional.of(bind(SymbolLookup.libraryLookup(unpacked, Arena.global())));
            } finally {
                Files.delete(unpacked);
            }
        } catch (IOException | IllegalArgumentException | UnsatisfiedLinkError notForThisMachine) {
            return Optional.empty();
        }
    }

    private static Calls bind(SymbolLookup library) {
        Linker linker = Linker.nativeLinker();
        return new Calls(
                linker.downcallHandle(
                        library.findOrThrow("libdeflate_alloc_compressor"), FunctionDescriptor.of(ADDRESS, JAVA_INT)),
                linker.downcallHandle(
                        library.findOrThrow("libdeflate_free_compressor"), FunctionDescriptor.ofVoid(ADDRESS)),
                // with arrays of the heap; a block takes some milliseconds, which a collection may wait
                linker.downcallHandle(
                        library.findOrThrow("libdeflate_gzip_compress"),
                        FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG),
                        Linker.Option.critical(true)));
    }

    /** How long the member of a block of {@code length} bytes can be. */
    static int bound(int length) {
        return length + length / 512 + OVERHEAD;
    }

    /**
     * Makes one gzip member of a block.
     *
     * @param level 0 to 9
     * @param output at least {@link #bound} long
     * @return the member's length
     */
    int gzip(byte[] block, int length, int level, byte[] output) {
        Queue<MemorySegment> queue = idle.computeIfAbsent(level, _ -> new ConcurrentLinkedQueue<>());
        MemorySegment compressor = queue.poll();
        try {
            if (compressor == null) {
                compressor = (MemorySegment) calls.make.invokeExact(level);
                if (compressor.equals(MemorySegment.NULL)) {
                    throw new OutOfMemoryError("libdeflate");
                }
            }
            MemorySegment in = MemorySegment.ofArray(block);
            MemorySegment out = MemorySegment.ofArray(output);
            long size = (long) calls.gzip.invokeExact(compressor, in, (long) length, out, (long) output.length);
            queue.add(compressor);
            if (size == 0) {
                throw new IllegalStateException("a block does not fit into its bound");
            }
            return (int) size;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        for (Queue<MemorySegment> queue : idle.values()) {
            for (MemorySegment each = queue.poll(); each != null; each = queue.poll()) {
                try {
                    calls.free.invokeExact(each);
                } catch (Throwable e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
