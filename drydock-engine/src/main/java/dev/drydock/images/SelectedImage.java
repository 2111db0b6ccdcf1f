package dev.drydock.images;

import dev.drydock.oci.ImageRef;
import java.util.List;

/**
 * An image with those of its names that a request meant.
 *
 * @param names tags, sorted; none when it was asked for by ID or digest
 */
public record SelectedImage(ClaimedImage claimed, List<ImageRef> names) {
    public SelectedImage {
        names = List.copyOf(names);
    }
}
