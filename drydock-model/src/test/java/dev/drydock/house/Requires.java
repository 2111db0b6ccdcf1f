package dev.drydock.house;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.opentest4j.TestAbortedException;

/**
 * What a test needs of the machine. A test whose need is not met is skipped with the reason; on a build server
 * ({@code CI=true}) it fails, so that nothing stays untested unnoticed.
 */
public final class Requires {
    private Requires() {}

    /** The tests run as root. */
    public static void root() {
        that("root".equals(System.getProperty("user.name")), "needs root");
    }

    /** A program is on the path. Returns where. */
    public static Path program(String name) {
        String path = System.getenv("PATH");
        for (String directory : (path == null ? "" : path).split(File.pathSeparator, -1)) {
            Path file = Path.of(directory, name);
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        that(false, "needs the program " + name);
        throw new IllegalStateException(name);
    }

    /** Any other need; {@code reason} says what is needed. */
    public static void that(boolean met, String reason) {
        if (met) {
            return;
        }
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(reason + ", and CI=true forbids to skip");
        }
        System.err.println("skipped: " + reason);
        throw new TestAbortedException(reason);
    }
}
