package dev.drydock.engine;

import dev.drydock.oci.Annotations;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an image that goes out looks: what its manifest says, what its layers are.
 *
 * @param ociTypes whether its documents have the media types of OCI, else those of Docker
 * @param annotations beside the request's, which win
 * @param rewriteTimes whether no file in a layer made here is younger than {@code SOURCE_DATE_EPOCH}, also in layers that
 *     were made before it was set
 * @param epoch what {@code SOURCE_DATE_EPOCH} is for this image, instead of what the build was told; null for that
 */
public record ImageForm(
        Compression compression,
        boolean ociTypes,
        Annotations annotations,
        boolean rewriteTimes,
        @Nullable Instant epoch) {
    /** Gzip, OCI's types, nothing else. */
    public static final ImageForm USUAL = new ImageForm(Compression.GZIP, true, Annotations.NONE, false, null);

    /** This with another compression. */
    public ImageForm with(Compression other) {
        return new ImageForm(other, ociTypes, annotations, rewriteTimes, epoch);
    }
}
