package dev.drydock.ops;

import dev.drydock.snapshot.Snapshot;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** The files of a context. */
public sealed interface ContextSource {
    /**
     * A directory of the caller's, which others may change: it is scanned, everything in it belongs to 0:0.
     *
     * @param patternNames what an ignore pattern is called at the beginning of a sentence
     */
    record Directory(Path path, UnaryOperator<String> patternNames) implements ContextSource {}

    /** A tree of the build's own, as it came: unpacked or checked out. */
    record Tree(Snapshot snapshot) implements ContextSource {}
}
