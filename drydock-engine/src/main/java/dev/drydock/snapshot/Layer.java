package dev.drydock.snapshot;

import dev.drydock.oci.Digest;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A committed layer: a directory that never changes, with an index beside it. Deletions are stored as overlayfs stores
 * them: a character device 0:0, and the {@code overlay.opaque} attribute on a directory.
 *
 * @param fs the directory whose contents the layer is
 * @param index the layer's index file
 * @param diffId the digest of the layer's tar stream
 * @param tarSize the length of that stream in bytes
 * @param size the sum of the sizes of the layer's regular files in bytes
 * @param created when it was committed
 */
public record Layer(LayerId id, Path fs, Path index, Digest diffId, long tarSize, long size, Instant created) {}
