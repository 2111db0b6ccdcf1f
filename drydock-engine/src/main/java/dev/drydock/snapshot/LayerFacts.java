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
 */
public record LayerFacts(Digest diffId, long tarSize, long size, Instant created) {}
