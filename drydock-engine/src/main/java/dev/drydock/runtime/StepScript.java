package dev.drydock.runtime;

import java.nio.file.Path;
import java.util.List;

/** What the helper of a step does, as text for {@code /bin/sh}, and what must be there first. */
interface StepScript {
    String text();

    /** The root and the trees, as the script mounts them. */
    MountScript mounts();

    /** The directories that the script needs. */
    default List<Path> directories() {
        return mounts().directories();
    }

    /** The file {@code config.json} that fits the script; may be empty. */
    byte[] config();
}
