package dev.drydock.frontend;

import dev.drydock.fault.SourceRange;

/**
 * A stage that can be built.
 *
 * @param name empty if it has none
 * @param usual whether it is the one that is built if nobody says which
 * @param description from the comment above it, empty without one
 * @param base as written
 * @param platform as written, empty if nothing is
 */
public record BuildTarget(
        String name, boolean usual, String description, String base, String platform, SourceRange range) {}
