package dev.drydock.engine;

import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageRef;
import java.time.Instant;
import java.util.List;

/**
 * One image of the store.
 *
 * @param id the digest of its configuration
 * @param names tags, sorted; empty for a dangling image
 * @param digests digest names ({@code repo@sha256:…}), for pulled or pushed images
 * @param size the sum of its layers' file sizes in bytes, as the classic store counts
 * @param stored when it came into this store or was last tagged
 */
public record ImageSummary(
        Digest id,
        Descriptor manifest,
        List<ImageRef> names,
        List<ImageRef> digests,
        ImageConfig config,
        List<Long> layerSizes,
        long size,
        Instant stored) {
    public ImageSummary {
        names = List.copyOf(names);
        digests = List.copyOf(digests);
        layerSizes = List.copyOf(layerSizes);
    }
}
