package dev.drydock.space;

import dev.drydock.oci.Digest;
import java.util.List;
import java.util.Map;

/**
 * What takes space in a store. The parts add up to what du(1) says of its directory.
 *
 * @param images what each image that people see takes
 * @param imageBytes what they take together
 * @param danglingBytes what would be free without those that have no name
 * @param cache everything else that layers, cache mounts and hints are
 * @param otherBytes the database and what belongs to no image and no record
 */
public record StoreUse(
        Map<Digest, ImageUse> images, long imageBytes, long danglingBytes, List<CacheUse> cache, long otherBytes) {
    /**
     * What an image takes.
     *
     * @param size on the disk
     * @param shared of that, what other images have too
     */
    public record ImageUse(long size, long shared) {}

    public StoreUse {
        images = Map.copyOf(images);
        cache = List.copyOf(cache);
    }

    /** What the cache takes that no image has. */
    public long cacheBytes() {
        return cache.stream().mapToLong(CacheUse::ownSize).sum();
    }

    public long total() {
        return imageBytes + cacheBytes() + otherBytes;
    }
}
