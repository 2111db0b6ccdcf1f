package dev.drydock.engine;

import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.util.List;

/**
 * What a build made.
 *
 * @param imageId the digest of the image's configuration
 * @param manifest the digest of its manifest in the store
 * @param names the names it has now
 */
public record BuildResult(Digest imageId, Digest manifest, List<ImageRef> names) {
    public BuildResult {
        names = List.copyOf(names);
    }
}
