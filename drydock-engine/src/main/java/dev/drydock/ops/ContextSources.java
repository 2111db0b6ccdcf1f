package dev.drydock.ops;

import java.util.Optional;

/** The contexts of a build by the names that ops call them. */
@FunctionalInterface
public interface ContextSources {
    Optional<ContextSource> find(String name);
}
