package dev.drydock.frontend;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What comments say about names: a line {@code # name text} above an instruction describes the name. */
final class Descriptions {
    private Descriptions() {}

    /** The description of a name in the comments above it, empty without one. */
    static String of(List<String> comments, @Nullable String name) {
        if (name == null || name.isEmpty()) {
            return "";
        }
        String start = name + " ";
        return comments.stream()
                .filter(comment -> comment.startsWith(start))
                .findFirst()
                .map(comment -> comment.substring(start.length()))
                .orElse("");
    }
}
