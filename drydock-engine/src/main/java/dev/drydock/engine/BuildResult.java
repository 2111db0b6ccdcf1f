package dev.drydock.engine;

import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.util.List;

/**
 * What a build made.
 *
 * @param imageId the digest of the image's configuration
 * @param manifest its manifest in the store, with the annotations that were asked for a descriptor
 * @param names the names it has now
 */
public record BuildResult(Digest imageId, Descriptor manifest, List<ImageRef> names) {
    public BuildResult {
        names = List.copyOf(names);
    }
}
