package dev.drydock.snapshot;

import dev.drydock.oci.Digest;
import java.time.Instant;

/**
 * What is known of a layer when it is committed.
 *
 * @param diffId the digest of the layer's tar stream
 * @param tarSize the length of that stream in bytes
 * @param size the sum of the sizes of the layer's regular files in bytes
 * @param created when it was made
 * @param tarCrc the CRC-32 of the layer's tar stream; {@link #UNKNOWN} if nobody worked it out
 */
public record LayerFacts(Digest diffId, long tarSize, long size, Instant created, long tarCrc) {
    /** Stands for a checksum. */
    public static final long UNKNOWN = -1;
}
