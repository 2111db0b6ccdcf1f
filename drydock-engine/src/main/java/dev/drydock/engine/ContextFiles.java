package dev.drydock.engine;

import dev.drydock.fault.DrydockException;
import dev.drydock.fault.UserFault;
import dev.drydock.frontend.Frontend.Definition;
import dev.drydock.ops.ContextSource;
import dev.drydock.scope.Disk;
import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.snapshot.TreeNode;
import dev.drydock.snapshot.TreeView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a build reads before anything else: the Dockerfile, wherever it is. */
final class ContextFiles {
    private static final String USUAL = "Dockerfile";

    private final DockerfileSource source;
    private final OpenContext context;

    ContextFiles(DockerfileSource source, OpenContext context) {
        this.source = source;
        this.context = context;
    }

    /** What the Dockerfile is called in messages. */
    String fileName() {
        Path file = file();
        if (file != null) {
            return String.valueOf(file.getFileName());
        }
        return source instanceof DockerfileSource.InContext(String path)
                ? path.substring(path.lastIndexOf('/') + 1)
                : USUAL;
    }

    /** The Dockerfile if it is a file of this host. */
    private @Nullable Path file() {
        if (source instanceof DockerfileSource.OnHost(Path path)) {
            return path;
        }
        Path directory = context.directory();
        if (directory == null || !(source instanceof DockerfileSource.Usual)) {
            return null;
        }
        Path usual = directory.resolve(USUAL);
        Path lower = directory.resolve("dockerfile");
        return !Files.exists(usual) && Files.exists(lower) ? lower : usual;
    }

    /** What tells this definition's steps from those of others. */
    String identity() {
        return switch (source) {
            case DockerfileSource.OnHost(Path path) -> path.toString();
            case DockerfileSource.InContext(String path) -> context.identity() + "\n" + path;
            case DockerfileSource.Web(String url) -> url;
            case DockerfileSource.Text _, DockerfileSource.Usual _ -> context.identity();
        };
    }

    /** The ignore file of the context: beside the Dockerfile with its name, else at the root of the context. */
    IgnoreLines ignored() {
        Path directory = context.directory();
        return directory == null ? IgnoreLines.NONE : IgnoreLines.of(directory, file());
    }

    /** Where steps read the context's files. */
    ContextSource source(IgnoreLines ignored) {
        return switch (context.source()) {
            case ContextSource.Directory directory -> new ContextSource.Directory(directory.path(), ignored::lineOf);
            case ContextSource.Tree tree -> tree;
        };
    }

    /** Reads the Dockerfile. */
    Definition definition(WebText web) throws InterruptedException {
        if (context.dockerfile() != null) {
            if (!(source instanceof DockerfileSource.Usual)) {
                throw new UserFault("ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles")
                        .hint("Leave out -f, or send an archive as the context.");
            }
            return named(context.dockerfile());
        }
        Path file = file();
        if (file != null) {
            return named(read(file));
        }
        return named(
                switch (source) {
                    case DockerfileSource.Text(String text) -> text;
                    case DockerfileSource.Web(String url) -> web.get(url);
                    case DockerfileSource.InContext(String path) -> inContext(path);
                    case DockerfileSource.Usual _ -> usualInContext();
                    case DockerfileSource.OnHost(Path path) -> read(path);
                });
    }

    /** Gets a text from a web server. */
    @FunctionalInterface
    interface WebText {
        String get(String url) throws InterruptedException;
    }

    private Definition named(String text) {
        if (text.isEmpty()) {
            throw new UserFault("the Dockerfile cannot be empty")
                    .hint("Write at least a FROM line into " + fileName() + ", or run drydock init.");
        }
        return new Definition(fileName(), text);
    }

    private String usualInContext() {
        try (LayeredTree tree = LayeredTree.of(snapshot())) {
            Optional<TreeNode> usual = find(tree, USUAL);
            return text(usual.isPresent() ? usual : find(tree, "dockerfile"), USUAL);
        }
    }

    private String inContext(String path) {
        try (LayeredTree tree = LayeredTree.of(snapshot())) {
            return text(find(tree, path), path);
        }
    }

    /** Links lead nowhere but into the context. */
    private static Optional<TreeNode> find(TreeView tree, String path) {
        return tree.lstat(tree.resolve(TreeView.clean(path)));
    }

    private static String text(Optional<TreeNode> node, String path) {
        if (node.isEmpty()) {
            throw missing(path, null).hint("Name the file in the context with -f.");
        }
        if (!node.get().isFile()) {
            throw new UserFault("failed to read dockerfile: read " + path + ": is a directory")
                    .hint("Name the file inside it with -f.");
        }
        return new String(LayeredTree.readBytes(node.get()), StandardCharsets.UTF_8);
    }

    private Snapshot snapshot() {
        return switch (context.source()) {
            case ContextSource.Tree(Snapshot snapshot) -> snapshot;
            case ContextSource.Directory _ -> Snapshot.EMPTY; // its files are read where they are
        };
    }

    private static DrydockException missing(String name, @Nullable Throwable cause) {
        return new UserFault("failed to read dockerfile: open " + name + ": no such file or directory", cause);
    }

    private String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            DrydockException fault = missing(fileName(), e);
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
                        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
                        return (name.contains("dockerfile") && !name.endsWith("ignore"))
                                || name.equals("containerfile");
                    })
                    .sorted()
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // only a hint is lost
        }
    }
}
