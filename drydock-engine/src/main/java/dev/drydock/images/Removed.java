package dev.drydock.images;

import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.util.List;

/**
 * What a removal did, in Docker's order: first the names, then the image and its layers.
 *
 * @param untagged the names that are gone
 * @param deleted the image's ID, then the chain IDs of the layers that nothing else used, the topmost first; empty when
 *     the image lives on
 */
public record Removed(List<ImageRef> untagged, List<Digest> deleted) {
    public Removed {
        untagged = List.copyOf(untagged);
        deleted = List.copyOf(deleted);
    }
}
