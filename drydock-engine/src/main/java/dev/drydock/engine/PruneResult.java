package dev.drydock.engine;

import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.util.List;

/**
 * What was removed, or would have been.
 *
 * @param bytes what the disk got back
 */
public record PruneResult(List<PrunedImage> images, List<CacheEntry> cache, long bytes) {
    /** An image, and the names that it had. */
    public record PrunedImage(Digest id, List<ImageRef> names) {
        public PrunedImage {
            names = List.copyOf(names);
        }
    }

    public PruneResult {
        images = List.copyOf(images);
        cache = List.copyOf(cache);
    }
}
