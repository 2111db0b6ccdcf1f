package dev.drydock.snapshot;

import dev.drydock.linux.Directory;
import dev.drydock.scope.Feed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The files of a {@link PendingTree} that may not be written yet; other threads write them. For one thread. */
final class PlannedFiles implements AutoCloseable {
    private static final int CHUNK = 128;
    /** So that a few large files are written by several threads. */
    private static final long CHUNK_BYTES = 4 << 20;

    private static final long MUCH = 32 << 20;

    private final Directory upper;
    private final Map<String, FileCopy> files = new HashMap<>();
    private final Map<String, String> links = new LinkedHashMap<>();
    private final Feed<List<FileCopy>> writer;
    /** Files that the writer does not have yet. */
    private List<FileCopy> chunk = new ArrayList<>();

    private long chunkBytes;

    private final AtomicLong written = new AtomicLong();
    private volatile Runnable muchIsWritten = () -> {};

    /** As {@link FileCopier}. */
    PlannedFiles(Directory upper, int uid, int gid) {
        this.upper = upper;
        this.writer = new Feed<>("copy", each -> {
            new FileCopier(upper, uid, gid).copyAll(each);
            count(each);
        });
    }

    void whenMuchIsWritten(Runnable action) {
        muchIsWritten = action;
    }

    private void count(List<FileCopy> copies) {
        long bytes = 0;
        for (FileCopy copy : copies) {
            bytes += copy.reuse() == null ? copy.source().size() : 0;
        }
        long before = written.getAndAdd(bytes);
        if (before / MUCH != (before + bytes) / MUCH) {
            muchIsWritten.run();
        }
    }

    @Nullable
    FileCopy find(String path) {
        return files.get(path);
    }

    boolean contains(String path) {
        return files.containsKey(path) || links.containsKey(path);
    }

    /** Plans a file where none is planned. Neighbours are written together, so that their directories are opened once. */
    void add(FileCopy copy) {
        boolean full = chunk.size() == CHUNK || chunkBytes >= CHUNK_BYTES;
        if (!chunk.isEmpty() && (full || !sharesDirectories(copy, chunk.getLast()))) {
            writeChunk();
        }
        chunk.add(copy);
        chunkBytes += copy.source().size();
        files.put(copy.target(), copy);
    }

    private void writeChunk() {
        writer.add(chunk);
        chunk = new ArrayList<>();
        chunkBytes = 0;
    }

    private static boolean sharesDirectories(FileCopy a, FileCopy b) {
        return isBeside(a.target(), b.target())
                && isBeside(a.source().host(), b.source().host());
    }

    private static boolean isBeside(String a, String b) {
        int slash = a.lastIndexOf('/');
        return slash == b.lastIndexOf('/') && a.regionMatches(0, b, 0, slash);
    }

    /** Plans another name of a planned file. */
    void addLink(String path, String file) {
        links.put(path, file);
    }

    /** Waits until all are written. */
    void flush() throws InterruptedException {
        if (!files.isEmpty()) {
            writeChunk();
            writer.await();
            files.clear();
        }
        for (Map.Entry<String, String> link : links.entrySet()) {
            upper.link(link.getValue().substring(1), upper, link.getKey().substring(1));
        }
        links.clear();
    }

    /** Stops the writing and waits for its end. */
    @Override
    public void close() {
        writer.close();
    }
}
