package dev.drydock.images;

import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One image in a list of many: what can be told without its configuration.
 *
 * @param names its tags, sorted
 * @param digests its names by digest, sorted
 * @param stored when it came into this store or was last tagged
 * @param size the sum of its files' sizes in bytes
 * @param contentSize bytes of its documents and layers as a registry has them
 */
public record ListedImage(
        Digest id,
        List<ImageRef> names,
        List<ImageRef> digests,
        @Nullable Instant created,
        Instant stored,
        long size,
        long contentSize) {
    public ListedImage {
        names = List.copyOf(names);
        digests = List.copyOf(digests);
    }
}
