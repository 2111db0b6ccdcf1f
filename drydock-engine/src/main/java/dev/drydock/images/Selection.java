package dev.drydock.images;

import dev.drydock.fault.UserFault;
import dev.drydock.metadata.Transaction;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which images, and which names of them, {@code save} means. */
final class Selection {
    private Selection() {}

    /** By image, the tags that are meant. */
    static Map<Digest, List<ImageRef>> of(Transaction tx, String nameOrId) {
        Map<Digest, List<ImageRef>> selected = repository(tx, nameOrId);
        if (!selected.isEmpty()) {
            return selected;
        }
        Resolution meant = Resolution.of(tx, nameOrId);
        ImageRef name = meant.name();
        return Map.of(meant.id(), name == null || name.digest() != null ? List.of() : List.of(name));
    }

    /** A bare repository name: all its tags. */
    private static Map<Digest, List<ImageRef>> repository(Transaction tx, String name) {
        Map<Digest, List<ImageRef>> selected = new LinkedHashMap<>();
        ImageRef repository = parse(name);
        if (repository != null && repository.tag() == null && repository.digest() == null) {
            for (ImageRef tag : ImageTables.tags(tx, repository)) {
                ImageTables.named(tx, tag)
                        .ifPresent(id -> selected.computeIfAbsent(id, _ -> new ArrayList<>())
                                .add(tag));
            }
        }
        return selected;
    }

    /** Null for a full ID, which is no name. */
    private static @Nullable ImageRef parse(String text) {
        try {
            return ImageRef.parse(text);
        } catch (UserFault e) {
            return null; // resolving it says what is wrong, if it is no ID
        }
    }
}
