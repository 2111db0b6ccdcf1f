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
public record Layer(LayerId id, Path fs, Path index, Digest diffId, long tarSize, long size, Instant created) {
    /** Of a tar stream without entries. */
    private static final Digest NOTHING =
            Digest.parse("sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef");

    /** Whether what lies below it looks the same without it. */
    public boolean isEmpty() {
        return diffId.equals(NOTHING);
    }
}
