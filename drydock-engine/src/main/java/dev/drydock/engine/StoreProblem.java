package dev.drydock.engine;

import java.util.List;

/**
 * Something wrong in a store.
 *
 * @param part {@code database}, {@code blob}, {@code layer}, {@code image} or {@code leftover}
 * @param subject which one
 * @param what is wrong with it
 * @param images names or IDs of the images that need it
 */
public record StoreProblem(String part, String subject, String what, List<String> images) {
    public StoreProblem {
        images = List.copyOf(images);
    }
}
