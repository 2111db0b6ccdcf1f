package dev.drydock.frontend;

import dev.drydock.dockerfile.Finding;
import java.util.function.Consumer;

/** Turns a definition into a {@link BuildPlan} without doing any of the work. */
public interface Frontend {
    /**
     * Plans a build. Blocks while base images are resolved, all that the target needs at once.
     *
     * @param findings hears of what the checks find, as they find it, also when the definition turns out to be wrong
     * @throws dev.drydock.fault.UserFault with its place, if the definition is wrong
     */
    BuildPlan plan(Definition definition, BuildOptions options, Resolver resolver, Consumer<Finding> findings)
            throws InterruptedException;

    /** A definition's text; {@code fileName} is how messages call it. */
    record Definition(String fileName, String text) {}
}
