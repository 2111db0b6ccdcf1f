package dev.drydock.engine;

import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.util.List;

/**
 * An image that came out of an archive.
 *
 * @param names those that the archive gives it; none if it was saved by its ID
 */
public record LoadedImage(Digest id, List<ImageRef> names) {
    public LoadedImage {
        names = List.copyOf(names);
    }
}
