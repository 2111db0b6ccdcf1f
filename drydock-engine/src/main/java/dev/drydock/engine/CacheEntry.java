package dev.drydock.engine;

import dev.drydock.space.CacheUse;
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
 * @param description what made it: a step as builds show it, {@code pulled from…}, {@code cached mount…}
 * @param type {@code regular}, {@code source.git.checkout}, {@code exec.cachemount}, {@code source.local}, {@code internal}
 */
public record CacheEntry(
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
    public CacheEntry {
        parents = List.copyOf(parents);
    }

    static CacheEntry of(CacheUse use) {
        return new CacheEntry(
                use.id(),
                use.parents(),
                use.created(),
                use.lastUsed(),
                use.uses(),
                use.mutable(),
                use.inUse(),
                use.shared(),
                use.size(),
                use.description(),
                use.type());
    }
}
