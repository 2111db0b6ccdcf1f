package dev.drydock.engine;

import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;

/** One line of what {@code rmi} did. */
public sealed interface Removal {
    /** A name is gone; its image may live on. */
    record Untagged(ImageRef name) implements Removal {}

    /** An image or a layer is gone. */
    record Deleted(Digest id) implements Removal {}
}
