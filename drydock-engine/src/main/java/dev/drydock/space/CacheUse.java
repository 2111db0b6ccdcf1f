package dev.drydock.space;

import java.time.Instant;
import java.util.List;

/**
 * Something that is kept to make builds faster, in the terms of BuildKit's {@code du}.
 *
 * @param id a layer's, a cache mount's, or the name of a directory of hints
 * @param parents layers that it stands on
 * @param uses how many builds it was of use to; 0 where that is not counted
 * @param mutable whether it changes while it is used
 * @param inUse whether running work needs it
 * @param shared whether an image that people see has it too, so that it takes no space of its own
 * @param size bytes on the disk
 * @param description what made it
 * @param type {@code regular}, {@code source.git.checkout}, {@code exec.cachemount}, {@code source.local}, {@code internal}
 */
public record CacheUse(
        String id,
        List<String> parents,
        Instant created,
        Instant lastUsed,
        long uses,
        boolean mutable,
        boolean inUse,
        boolean shared,
        long size,
        String description,
        String type) {
    public static final String MOUNT = "exec.cachemount";
    public static final String LOCAL = "source.local";
    public static final String INTERNAL = "internal";

    public CacheUse {
        parents = List.copyOf(parents);
    }

    /** What it takes of the disk beyond what images take. */
    public long ownSize() {
        return shared ? 0 : size;
    }

    boolean isLayer() {
        return !type.equals(MOUNT) && !isHints();
    }

    /** Whether it only spares builds some looking: it is small, and goes when everything goes. */
    boolean isHints() {
        return type.equals(LOCAL) || type.equals(INTERNAL);
    }
}
