package dev.drydock.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the Dockerfile is: named by {@code -f}, in the context, or read from standard input into a file that {@link #close}
 * removes.
 *
 * @param path null means the context's own
 */
record DockerfileInput(@Nullable Path path, @Nullable Path temporary) implements AutoCloseable {
    static DockerfileInput of(Arguments arguments, Session session) {
        String named = arguments.value("file");
        if (named == null || named.isEmpty()) {
            return new DockerfileInput(null, null);
        }
        if (!named.equals("-")) {
            return new DockerfileInput(session.directory().resolve(named).normalize(), null);
        }
        if (arguments.operands().getFirst().equals("-")) {
            throw new CommandFailed(
                    "ERROR: failed to build: invalid argument: can't use stdin for both build context and dockerfile");
        }
        try {
            Path folder = Files.createTempDirectory("drydock-stdin-");
            Path file = folder.resolve("Dockerfile");
            try {
                Files.copy(session.in(), file);
            } catch (IOException e) {
                Files.deleteIfExists(file);
                Files.delete(folder);
                throw e;
            }
            return new DockerfileInput(file, folder);
        } catch (IOException e) {
            throw new CommandFailed(
                    "ERROR: failed to build: read Dockerfile from standard input: " + FileProblem.of(e));
        }
    }

    /** The text for the excerpt of a fault; null if it cannot be read, then there is none. */
    @Nullable
    String text(Path context) {
        try {
            Path file = path == null ? context.resolve("Dockerfile") : path;
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return null; // the fault itself is about to be printed
        }
    }

    @Override
    public void close() {
        if (temporary == null || path == null) {
            return;
        }
        try {
            Files.deleteIfExists(path);
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new CommandFailed("remove " + temporary + ": " + FileProblem.of(e));
        }
    }
}
