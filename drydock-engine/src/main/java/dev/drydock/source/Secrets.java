package dev.drydock.source;

import java.util.Optional;

/** The secrets that the caller of a build handed over, for servers that want to know who asks. */
@FunctionalInterface
public interface Secrets {
    /** The caller gave none. */
    Secrets NONE = _ -> Optional.empty();

    /** The bytes of a secret as text; empty when the caller gave none of that name. */
    Optional<String> find(String id);
}
