package dev.drydock.snapshot;

import dev.drydock.linux.Directory;
import dev.drydock.scope.BackgroundThread;
import java.nio.file.Path;

/**
 * Removes trees that nobody uses any more beside what their owners go on to do. What is left when the process dies must go
 * with the directory above. Safe for several threads.
 */
public final class LaterRemoval implements AutoCloseable {
    private final BackgroundThread remover = new BackgroundThread("later-removal");

    /** Has a tree removed soon, if it is there. */
    public void remove(Path tree) {
        remover.run(() -> now(tree), () -> {});
    }

    /** Removes a tree, if it is there. */
    public static void now(Path tree) {
        try (Directory parent = Directory.open(tree.toAbsolutePath().resolveSibling(""))) {
            parent.removeTree(tree.getFileName().toString());
        }
    }

    /** Waits until all that was given is gone, also when interrupted. Throws why the first that is left is. */
    @Override
    public void close() {
        remover.close();
    }
}
