package dev.drydock.frontend;

import dev.drydock.fault.SourceRange;
import java.util.List;

/**
 * What a build of a target can be told: build arguments, secrets and agents that it or what it needs makes use of, each
 * in the order of the file.
 *
 * @param name of the target, empty if it has none
 * @param description from the comment above it, empty without one
 */
public record Outline(String name, String description, List<Arg> args, List<Secret> secrets, List<Secret> agents) {
    public Outline {
        args = List.copyOf(args);
        secrets = List.copyOf(secrets);
        agents = List.copyOf(agents);
    }

    /** A build argument; {@code value} is what it has in this build, empty if that is nothing. */
    public record Arg(String name, String description, String value, SourceRange range) {}

    /** A secret or an agent; {@code required}: the build fails without it. */
    public record Secret(String name, boolean required, SourceRange range) {}
}
