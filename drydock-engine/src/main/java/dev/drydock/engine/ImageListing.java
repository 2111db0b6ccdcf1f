package dev.drydock.engine;

import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One image in a list of many: what can be told without its configuration.
 *
 * @param id the digest of its configuration
 * @param names tags, sorted; empty for a dangling image
 * @param digests digest names ({@code repo@sha256:…}), for pulled or pushed images
 * @param stored when it came into this store or was last tagged
 * @param size the sum of its layers' file sizes in bytes, as the classic store counts
 * @param contentSize bytes of its documents and layers as a registry has them
 */
public record ImageListing(
        Digest id,
        List<ImageRef> names,
        List<ImageRef> digests,
        @Nullable Instant created,
        Instant stored,
        long size,
        long contentSize) {
    public ImageListing {
        names = List.copyOf(names);
        digests = List.copyOf(digests);
    }

    /** Whether neither a tag nor a digest names it. */
    public boolean isDangling() {
        return names.isEmpty() && digests.isEmpty();
    }
}
