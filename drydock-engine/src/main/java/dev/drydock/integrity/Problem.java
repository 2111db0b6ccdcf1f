package dev.drydock.integrity;

import dev.drydock.oci.Digest;
import java.util.List;

/**
 * Something wrong in a store.
 *
 * @param part what kind of thing
 * @param subject which one: a digest, a layer's ID, a file
 * @param what is wrong with it, in words that follow its name
 * @param images those that people see and that need it
 */
public record Problem(Part part, String subject, String what, List<Digest> images) {
    /** What a store is made of. */
    public enum Part {
        DATABASE,
        BLOB,
        LAYER,
        IMAGE,
        /** Nothing needs it. */
        LEFTOVER
    }

    public Problem {
        images = List.copyOf(images);
    }
}
