package dev.drydock.engine;

import java.util.List;

/**
 * What takes space in a store. {@code imageBytes}, the entries that are not shared and {@code otherBytes} add up to what
 * du(1) says of its directory.
 *
 * @param imageBytes what all images take together
 * @param danglingBytes of that, what would be free without the images that have no name
 * @param otherBytes the database, and what belongs to no image and no entry
 */
public record DiskUsage(
        List<ImageUsage> images, long imageBytes, long danglingBytes, List<CacheEntry> cache, long otherBytes) {
    /**
     * What one image takes.
     *
     * @param size on the disk
     * @param shared of that, what other images have too
     */
    public record ImageUsage(ImageSummary image, long size, long shared) {}

    public DiskUsage {
        images = List.copyOf(images);
        cache = List.copyOf(cache);
    }

    /** What the cache takes beyond what images take. */
    public long cacheBytes() {
        return cache.stream()
                .filter(entry -> !entry.shared())
                .mapToLong(CacheEntry::size)
                .sum();
    }

    /** Everything. */
    public long total() {
        return imageBytes + cacheBytes() + otherBytes;
    }
}
