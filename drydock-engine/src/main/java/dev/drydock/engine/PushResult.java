package dev.drydock.engine;

import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;

/**
 * What a push put where.
 *
 * @param digest of the manifest under the name
 * @param size of the manifest in bytes
 */
public record PushResult(ImageRef name, Digest digest, long size) {}
