package dev.drydock.runtime;

import java.nio.file.Path;
import java.util.List;

/** What the helper of a step does, as text for {@code /bin/sh}, and what must be there first. */
interface StepScript {
    String text();

    /** Where the root is. */
    Path root();

    /** Its presence tells a step that failed from a helper that did. */
    Path started();

    /** The trees to copy first, because nothing can be mounted to show them. The root is not among them. */
    List<MountScript.Copy> copies();

    /** The directories that the script needs. */
    List<Path> directories();

    /** The file {@code config.json} that fits the script; may be empty. */
    byte[] config();
}
