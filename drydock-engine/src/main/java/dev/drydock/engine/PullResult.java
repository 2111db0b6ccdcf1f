package dev.drydock.engine;

import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;

/**
 * What a pull did.
 *
 * @param name as it was pulled, with its tag or digest
 * @param digest what the name stands for at the registry: an index or a manifest
 */
public record PullResult(ImageRef name, Digest digest, Status status) {
    /** Whether anything came. */
    public enum Status {
        DOWNLOADED,
        UP_TO_DATE
    }
}
