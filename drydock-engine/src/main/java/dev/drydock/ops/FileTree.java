package dev.drydock.ops;

import dev.drydock.snapshot.Snapshot;
import dev.drydock.source.ContextTree;

/** The result of a vertex's output: a tree of files. */
public sealed interface FileTree {
    /** Committed layers; may be recorded and used by later builds. */
    record Layers(Snapshot snapshot) implements FileTree {}

    /** A directory of the caller's as this build saw it; never recorded, and gone when the build ends. */
    record HostDirectory(ContextTree context) implements FileTree {}
}
