package dev.drydock.cli.command;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.UserFault;
import dev.drydock.scaffold.ProjectView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The project's directory: what {@code init} looks at, and where it writes. */
final class InitDirectory {
    private static final String ASIDE = ".drydock-init";
    private static final String BEFORE = "before-";

    private static final List<String> DOCKER_FILES = List.of(
            ".dockerignore",
            "Dockerfile",
            "compose.yaml",
            "compose.yml",
            "docker-compose.yaml",
            "docker-compose.yml",
            "README.Docker.md");
    private static final List<String> COMPOSE_FILES =
            List.of("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml");
    /** Where nothing is found out about a project, and much time can be spent. */
    private static final Set<String> SKIPPED = Set.of("target", "node_modules", "vendor", "build", "dist", "venv");

    private static final Set<String> HIDDEN_BUT_TOLD = Set.of(".cargo", ".sqlx");
    private static final int DEPTH = 6;
    private static final int MOST_FILES = 20_000;
    private static final long LARGEST_TEXT = 4L << 20;

    private final Path directory;

    /** @throws UserFault if it is no directory */
    InitDirectory(Path directory) {
        this.directory = directory;
        if (!Files.isDirectory(directory)) {
            throw new UserFault("read directory " + directory + ": "
                    + (Files.exists(directory) ? "it is a file" : "it does not exist"));
        }
    }

    /** Lists files a few levels deep and reads those of these names. What cannot be read counts as not there. */
    ProjectView look(Set<String> wanted) {
        var files = new TreeSet<String>();
        var texts = new TreeMap<String, String>();
        FileVisitor<Path> visitor = new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
                return at.equals(directory) || isTelling(at.getFileName().toString())
                        ? FileVisitResult.CONTINUE
                        : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                boolean isFile =
                        attributes.isRegularFile() || (attributes.isSymbolicLink() && Files.isRegularFile(file));
                if (isFile) {
                    String path = directory.relativize(file).toString();
                    files.add(path);
                    if (wanted.contains(file.getFileName().toString())) {
                        read(file, path, texts);
                    }
                }
                return files.size() < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path at, @org.jspecify.annotations.Nullable IOException e) {
                return FileVisitResult.CONTINUE;
            }
        };
        try {
            Files.walkFileTree(directory, EnumSet.noneOf(java.nio.file.FileVisitOption.class), DEPTH, visitor);
        } catch (IOException e) {
            throw new EnvironmentFault("read directory " + directory + ": " + e.getMessage(), e);
        }
        return new ProjectView(name(), files, texts);
    }

    private static boolean isTelling(String name) {
        return name.startsWith(".") ? HIDDEN_BUT_TOLD.contains(name) : !SKIPPED.contains(name);
    }

    private static void read(Path file, String path, Map<String, String> into) {
        try {
            if (Files.size(file) <= LARGEST_TEXT) {
                into.put(path, new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            into.remove(path); // a file that cannot be read tells nothing; who needs it says that it is missing
        }
    }

    /** The directory's own name; empty for the root of the file system. */
    String name() {
        Path name = directory.getFileName();
        return name == null ? "" : name.toString();
    }

    /** The files of Docker that are there already, in the order in which they are written. */
    List<String> existing() {
        return DOCKER_FILES.stream()
                .filter(name -> Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /** The name that the project's compose file has, or the one that Compose prefers. */
    String composeFile() {
        return COMPOSE_FILES.stream()
                .filter(name -> Files.exists(directory.resolve(name)))
                .findFirst()
                .orElse("compose.yaml");
    }

    /**
     * Writes all of these files or none: they are written aside first, then moved into place, and what they replace comes
     * back if one of the moves fails.
     */
    void write(Map<String, String> files) {
        try {
            sweep();
            Path aside = Files.createTempDirectory(directory, OwnFile.prefix(ASIDE));
            try {
                for (Map.Entry<String, String> file : files.entrySet()) {
                    Files.writeString(aside.resolve(file.getKey()), file.getValue());
                }
                moveAll(files.keySet(), aside);
            } finally {
                delete(aside);
            }
        } catch (IOException e) {
            throw new EnvironmentFault("write Docker files to " + directory + ": " + reason(e), e)
                    .hint("No file was changed.");
        }
    }

    /** What an init that was killed had put aside comes back where nothing is in its place. */
    private void sweep() throws IOException {
        for (Path aside : OwnFile.orphans(directory, ASIDE)) {
            try (Stream<Path> rest = Files.list(aside)) {
                for (Path file : rest.toList()) {
                    String name = String.valueOf(file.getFileName());
                    if (name.startsWith(BEFORE)) {
                        Path target = directory.resolve(name.substring(BEFORE.length()));
                        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
                        }
                    }
                }
            }
            delete(aside);
        }
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }

    private void moveAll(Set<String> names, Path aside) throws IOException {
        var moved = new ArrayList<String>();
        try {
            for (String name : names) {
                Path target = directory.resolve(name);
                if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException(name + " is a directory");
                }
                if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                    Files.move(target, before(aside, name), StandardCopyOption.ATOMIC_MOVE);
                }
                moved.add(name);
                Files.move(aside.resolve(name), target, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            for (String name : moved) {
                putBack(name, aside);
            }
            throw e;
        }
    }

    private static Path before(Path aside, String name) {
        return aside.resolve(BEFORE + name);
    }

    private void putBack(String name, Path aside) throws IOException {
        Path target = directory.resolve(name);
        Path before = before(aside, name);
        if (Files.exists(before, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(before, target, StandardCopyOption.ATOMIC_MOVE);
        } else {
            Files.deleteIfExists(target);
        }
    }

    private static void delete(Path aside) throws IOException {
        try (Stream<Path> rest = Files.list(aside)) {
            for (Path file : rest.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(aside);
    }
}
