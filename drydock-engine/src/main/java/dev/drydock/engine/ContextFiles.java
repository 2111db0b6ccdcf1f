package dev.drydock.engine;

import dev.drydock.fault.UserFault;
import dev.drydock.frontend.Frontend.Definition;
import dev.drydock.ignore.IgnoreFile;
import dev.drydock.scope.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The two files that a build reads before anything else: the Dockerfile and the ignore file. */
final class ContextFiles {
    private final BuildRequest request;

    ContextFiles(BuildRequest request) {
        this.request = request;
        if (!Files.isDirectory(request.context())) {
            throw new UserFault("unable to prepare context: path \"" + request.context() + "\" not found")
                    .hint("Give the directory that holds the files to copy, for example \".\".");
        }
    }

    /** What the Dockerfile is called in messages. */
    String fileName() {
        return String.valueOf(dockerfile().getFileName());
    }

    private Path dockerfile() {
        Path named = request.dockerfile();
        if (named != null) {
            return named;
        }
        Path usual = request.context().resolve("Dockerfile");
        Path lower = request.context().resolve("dockerfile");
        return !Files.exists(usual) && Files.exists(lower) ? lower : usual;
    }

    Definition definition() {
        Path file = dockerfile();
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length == 0) {
                throw new UserFault("the Dockerfile cannot be empty")
                        .hint("Write at least a FROM line into " + file + ", or run drydock init.");
            }
            return new Definition(fileName(), new String(bytes, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            UserFault fault =
                    new UserFault("failed to read dockerfile: open " + fileName() + ": no such file or directory", e);
            nearDockerfile(file).ifPresent(near -> fault.hint("Did you mean -f " + near + "?"));
            throw fault.hint("Run drydock init to write one, or name one with -f.");
        } catch (AccessDeniedException e) {
            throw new UserFault("failed to read dockerfile: open " + fileName() + ": permission denied", e)
                    .hint("Let this user read " + file + ".");
        } catch (IOException e) {
            if (Files.isDirectory(file)) {
                throw new UserFault("failed to read dockerfile: read " + fileName() + ": is a directory", e)
                        .hint("Name the file inside it with -f.");
            }
            throw Disk.fault("read " + file, e);
        }
    }

    private static Optional<Path> nearDockerfile(Path missing) {
        Path directory = missing.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> {
                        String name = String.valueOf(file.getFileName()).toLowerCase(java.util.Locale.ROOT);
                        return (name.contains("dockerfile") && !name.endsWith("ignore"))
                                || name.equals("containerfile");
                    })
                    .sorted()
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // only a hint is lost
        }
    }

    /** The ignore file's patterns with the file they come from; none when there is no such file. */
    record Ignored(Path file, List<String> patterns, long size) {}

    /** Names a pattern by the line of the ignore file that has it. */
    String ignoreLine(String pattern) {
        Path file = ignoreFile();
        try {
            int line = IgnoreFile.lineOf(Files.readString(file), pattern);
            return "Line " + line + " of " + file.getFileName() + ", \"" + pattern + "\",";
        } catch (IOException e) {
            return "The ignore pattern \"" + pattern + "\""; // gone meanwhile; only the hint is poorer
        }
    }

    private Path ignoreFile() {
        Path dockerfile = dockerfile();
        Path own = dockerfile.resolveSibling(dockerfile.getFileName() + ".dockerignore");
        return Files.exists(own) ? own : request.context().resolve(".dockerignore");
    }

    Ignored ignored() {
        Path file = ignoreFile();
        try {
            byte[] bytes = Files.readAllBytes(file);
            return new Ignored(file, IgnoreFile.parse(new String(bytes, StandardCharsets.UTF_8)), bytes.length);
        } catch (NoSuchFileException e) {
            return new Ignored(file, List.of(), 2); // what an empty transfer costs BuildKit, which it prints
        } catch (IOException e) {
            throw new UserFault(Disk.fault("read " + file, e).text(), e)
                    .hint("Let this user read the file, or remove it.");
        }
    }
}
