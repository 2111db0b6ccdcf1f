package dev.drydock.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Native memory for one call at a time: two strings, a result, and errno. Kept and lent again, because allocating it per
 * call costs as much as a quick system call; there are never more of them than threads that were in a call at once.
 */
final class Scratch implements AutoCloseable {
    /** The longest path that the kernel takes, with its final zero. */
    static final int PATH_MAX = 4096;

    static final int OUT_SIZE = 64 * 1024;
    private static final ConcurrentLinkedDeque<Scratch> FREE = new ConcurrentLinkedDeque<>();

    final MemorySegment errno = Arena.global().allocate(8, 8);
    final MemorySegment first = Arena.global().allocate(PATH_MAX + 64, 8);
    final MemorySegment second = Arena.global().allocate(PATH_MAX + 64, 8);
    final MemorySegment out = Arena.global().allocate(OUT_SIZE, 16);

    private Scratch() {}

    /** Lends memory until it is closed, by the same thread. */
    static Scratch take() {
        Scratch free = FREE.pollFirst();
        return free == null ? new Scratch() : free;
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
        MemorySegment.copy(bytes, 0, place, JAVA_BYTE, 0, bytes.length);
        place.set(JAVA_BYTE, bytes.length, (byte) 0);
        return place.address();
    }

    /** A copy of the first bytes of the result. */
    byte[] result(int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(out, JAVA_BYTE, 0, bytes, 0, length);
        return bytes;
    }

    @Override
    public void close() {
        FREE.addFirst(this);
    }
}
