package dev.drydock.engine;

import dev.drydock.linux.Directory;
import dev.drydock.scope.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory for the files of one build that are no layers: downloads, clones. Closing removes it with all in it. */
record ScratchDirectory(Path parent, Path path) implements AutoCloseable {
    /** Makes one in a lease's directory, with which it goes if the process dies. The caller closes it. */
    static ScratchDirectory in(Path tmp) {
        try {
            return new ScratchDirectory(tmp, Files.createTempDirectory(tmp, "build-"));
        } catch (IOException e) {
            throw Disk.fault("make directory in " + tmp, e);
        }
    }

    @Override
    public void close() {
        try (Directory directory = Directory.open(parent)) {
            directory.removeTree(String.valueOf(path.getFileName()));
        }
    }
}
