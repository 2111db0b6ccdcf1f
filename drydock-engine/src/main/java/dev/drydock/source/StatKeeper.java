package dev.drydock.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Keeps what a build learnt of one directory's files for the next build. */
final class StatKeeper {
    private final StatCache cache;
    private final Path file;
    private final List<ContextEntry> learnt = new ArrayList<>();

    StatKeeper(StatCache cache, Path file) {
        this.cache = cache;
        this.file = file;
    }

    /**
     * Adds files that were read and keeps all that can be trusted. If they cannot be kept, a disk is full or the store is
     * not writable: the next scan reads them again.
     */
    synchronized void learn(Collection<ContextEntry> read) {
        for (ContextEntry entry : read) {
            if (entry.isProven()) {
                learnt.add(entry);
            }
        }
        cache.save(file, learnt);
    }
}
