package dev.drydock.engine;

import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a build made.
 *
 * @param image the image; of several that its outputs made of the result, the last one; null if no output made one
 * @param provenance what went into it; null if nobody looked
 */
public record BuildResult(@Nullable Image image, @Nullable Provenance provenance) {
    /** A build whose outputs made no image. */
    static final BuildResult NO_IMAGE = new BuildResult(null, null);

    /**
     * An image.
     *
     * @param id the digest of its configuration
     * @param manifest of the image as it went out; as the store has it, if it went nowhere else
     * @param layers as that manifest describes them, the lowest first; empty if nobody looked
     * @param names that it was given
     */
    public record Image(Digest id, Descriptor manifest, List<Descriptor> layers, List<ImageRef> names) {
        public Image {
            layers = List.copyOf(layers);
            names = List.copyOf(names);
        }
    }

    /** An image was made. */
    public static BuildResult of(Digest id, Descriptor manifest, List<ImageRef> names) {
        return of(id, manifest, List.of(), names);
    }

    /** An image was made of these layers. */
    static BuildResult of(Digest id, Descriptor manifest, List<Descriptor> layers, List<ImageRef> names) {
        return new BuildResult(new Image(id, manifest, layers, names), null);
    }

    /** The same with what went into it. */
    public BuildResult from(Provenance known) {
        return new BuildResult(image, known);
    }

    /**
     * The digest of the image's configuration.
     *
     * @throws IllegalStateException if no output made an image
     */
    public Digest imageId() {
        if (image == null) {
            throw new IllegalStateException("no output made an image");
        }
        return image.id();
    }
}
