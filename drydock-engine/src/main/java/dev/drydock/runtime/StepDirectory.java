package dev.drydock.runtime;

import dev.drydock.scope.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** A directory for the small files of one running step. Gone when it is closed. */
public final class StepDirectory implements AutoCloseable {
    private static final Set<PosixFilePermission> EVERYBODY_READS = PosixFilePermissions.fromString("rw-r--r--");

    private final Path path;
    private final Removal removal;

    /** How a directory goes that nobody uses any more. */
    public interface Removal {
        void remove(Path directory);
    }

    /** Names it; it must not exist. */
    public StepDirectory(Path path, Removal removal) {
        this.path = path;
        this.removal = removal;
    }

    public Path path() {
        return path;
    }

    /** Makes it. */
    public void create() {
        try {
            Files.createDirectory(path);
        } catch (IOException e) {
            throw Disk.fault("run step: make " + path, e);
        }
    }

    /** Writes a file that everybody in the step may read, whatever this process's umask says. */
    public Path write(String name, byte[] content) {
        Path file = path.resolve(name);
        try {
            Files.write(file, content);
            Files.setPosixFilePermissions(file, EVERYBODY_READS);
            return file;
        } catch (IOException e) {
            throw Disk.fault("run step: write " + file, e);
        }
    }

    void prepare(List<Path> directories, byte[] config) {
        try {
            Files.createDirectory(path);
            for (Path directory : directories) {
                Files.createDirectories(directory);
            }
            Files.write(path.resolve("config.json"), config);
        } catch (IOException e) {
            throw Disk.fault("run step: prepare " + path, e);
        }
    }

    /** Has everything removed. The mounts of the helper are not seen from here, so nothing behind them is reached. */
    @Override
    public void close() {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            removal.remove(path);
        }
    }
}
