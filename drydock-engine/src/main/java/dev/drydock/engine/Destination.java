package dev.drydock.engine;

import java.io.OutputStream;
import java.nio.file.Path;

/** Where an archive goes. */
public sealed interface Destination {
    /**
     * A file, which appears under its name when it is whole, over what was there; a pipe or a device is written to.
     * Missing directories are made.
     *
     * @param mode permission bits, {@code 0777}, less the process's mask
     */
    record File(Path path, int mode) implements Destination {}

    /** A stream, which is flushed and left open. */
    record Stream(OutputStream out) implements Destination {}
}
