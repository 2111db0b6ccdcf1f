package dev.drydock.engine;

import java.util.function.Predicate;

/**
 * What is to be removed.
 *
 * @param images which images are meant
 * @param whichImages must hold for them
 * @param cache whether the build cache is meant
 * @param allCache also what images share of it, and hints
 * @param whichCache must hold for it
 * @param reserved bytes of the cache that stay in any case; 0 for no such limit, here and below
 * @param maxUsed bytes that the cache may take
 * @param minFree bytes of the disk that are to be free
 * @param dryRun nothing goes; the answer is what would
 */
public record PruneRequest(
        Images images,
        Predicate<ImageSummary> whichImages,
        boolean cache,
        boolean allCache,
        Predicate<CacheEntry> whichCache,
        long reserved,
        long maxUsed,
        long minFree,
        boolean dryRun) {
    /** Which images. */
    public enum Images {
        NONE,
        /** Those that have no name. */
        DANGLING,
        ALL
    }
}
