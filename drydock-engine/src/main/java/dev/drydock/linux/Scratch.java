package dev.drydock.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Native memory for one call at a time: two strings, a result, and errno. Kept and lent again, because allocating it per
 * call costs as much as a quick system call; there are never many more of them than threads that were in a call at once.
 */
final class Scratch implements AutoCloseable {
    /** The longest path that the kernel takes, with its final zero. */
    static final int PATH_MAX = 4096;

    static final int OUT_SIZE = 64 * 1024;

    /** A power of two. */
    private static final int PLACES = 8;
    /** What a thread gave back lies where it looks first, if no other looks there too; the rest is for all. */
    private static final AtomicReferenceArray<@Nullable Scratch> NEAR = new AtomicReferenceArray<>(PLACES);

    private static final ConcurrentLinkedDeque<Scratch> FREE = new ConcurrentLinkedDeque<>();

    final MemorySegment errno = Arena.global().allocate(8, 8);
    final MemorySegment first = Arena.global().allocate(PATH_MAX + 64, 8);
    final MemorySegment second = Arena.global().allocate(PATH_MAX + 64, 8);
    private final long[] words = new long[FileStat.WORDS];
    final MemorySegment out = Arena.global().allocate(OUT_SIZE, 16);

    private Scratch() {}

    /** Lends memory until it is closed, by the same thread. */
    static Scratch take() {
        Scratch near = NEAR.getAndSet(place(), null);
        if (near != null) {
            return near;
        }
        Scratch free = FREE.pollFirst();
        return free == null ? new Scratch() : free;
    }

    private static int place() {
        return (int) Thread.currentThread().threadId() & (PLACES - 1);
    }

    /** Puts a string into the first place; its address. */
    long first(String text) {
        return put(first, text);
    }

    /** Puts a string into the second place; its address. */
    long second(String text) {
        return put(second, text);
    }

    private static long put(MemorySegment place, String text) {
        byte[] bytes = PathBytes.encode(text);
        if (bytes.length >= place.byteSize()) {
            throw Errno.fault("use path", text, Errno.ENAMETOOLONG);
        }
        // with a zero after it
        MemorySegment.copy(Arrays.copyOf(bytes, bytes.length + 1), 0, place, JAVA_BYTE, 0, bytes.length + 1);
        return place.address();
    }

    /** The first words of eight bytes of the result, until the next call. */
    long[] words(int count) {
        MemorySegment.copy(out, JAVA_LONG, 0, words, 0, count);
        return words;
    }

    /** A copy of the first bytes of the result. */
    byte[] result(int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(out, JAVA_BYTE, 0, bytes, 0, length);
        return bytes;
    }

    @Override
    public void close() {
        if (!NEAR.compareAndSet(place(), null, this)) {
            FREE.addFirst(this);
        }
    }
}
