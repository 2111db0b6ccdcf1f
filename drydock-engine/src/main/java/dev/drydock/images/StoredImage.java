package dev.drydock.images;

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
 * @param names its tags, sorted
 * @param digests its names by digest, sorted
 * @param layerSizes for each layer, the lowest first, the sum of its regular files' sizes in bytes
 * @param stored when it came into this store or was last tagged
 */
public record StoredImage(
        Digest id,
        Descriptor manifest,
        List<ImageRef> names,
        List<ImageRef> digests,
        ImageConfig config,
        List<Long> layerSizes,
        Instant stored) {
    public StoredImage {
        names = List.copyOf(names);
        digests = List.copyOf(digests);
        layerSizes = List.copyOf(layerSizes);
    }

    /** The sum of its layers' sizes in bytes. */
    public long size() {
        long size = 0;
        for (long layer : layerSizes) {
            size += layer;
        }
        return size;
    }
}
