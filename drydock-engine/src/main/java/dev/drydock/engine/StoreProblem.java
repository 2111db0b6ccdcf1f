package dev.drydock.engine;

import java.util.List;

/**
 * Something wrong in a store.
 *
 * @param part what kind of thing: database, blob, layer, or leftover for what nothing needs
 * @param subject which one
 * @param what is wrong with it
 * @param images names or IDs of the images that need it
 */
public record StoreProblem(String part, String subject, String what, List<String> images) {
    public StoreProblem {
        images = List.copyOf(images);
    }
}
