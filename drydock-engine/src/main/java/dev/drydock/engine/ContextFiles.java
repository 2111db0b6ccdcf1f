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
import dev.drydock.source.CallersFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a build reads before anything else: the Dockerfile, wherever it is. */
final class ContextFiles {
    private static final String USUAL = "Dockerfile";
    private static final String LOWER = "dockerfile";

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
            return lowerCaseIfOnlyThat(path);
        }
        Path directory = context.directory();
        if (directory == null || !(source instanceof DockerfileSource.Usual)) {
            return null;
        }
        return lowerCaseIfOnlyThat(directory.resolve(USUAL));
    }

    /** {@code dockerfile} stands for {@code Dockerfile} in every directory that has only that. */
    private static Path lowerCaseIfOnlyThat(Path file) {
        Path lower = file.resolveSibling(LOWER);
        return file.endsWith(USUAL) && !Files.exists(file, LinkOption.NOFOLLOW_LINKS) && Files.exists(lower)
                ? lower
                : file;
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
                    case DockerfileSource.Usual _ -> inContext(USUAL);
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

    private String inContext(String path) {
        try (LayeredTree tree = LayeredTree.of(snapshot())) {
            Optional<TreeNode> found = find(tree, path);
            boolean usual = path.equals(USUAL) || path.endsWith("/" + USUAL);
            return text(
                    found.isEmpty() && usual
                            ? find(tree, path.substring(0, path.length() - USUAL.length()) + LOWER)
                            : found,
                    path);
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
        if (node.get().isDirectory()) {
            throw new UserFault("failed to read dockerfile: read " + path + ": is a directory")
                    .hint("Name the file inside it with -f.");
        }
        if (!node.get().isFile()) {
            throw new UserFault("failed to read dockerfile: read " + path + ": not a regular file");
        }
        if (node.get().size() > CallersFile.LONGEST_TEXT) {
            throw new UserFault("failed to read dockerfile: read " + path + ": file too large");
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
        if (CallersFile.leadsOut(file) && Files.isRegularFile(file)) {
            throw missing(fileName(), null)
                    .hint("It is a link that leads out of its directory: name the file itself with -f.");
        }
        try {
            return new String(CallersFile.read(file, CallersFile.LONGEST_TEXT), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            DrydockException fault = missing(fileName(), e);
            nearDockerfile(file).ifPresent(near -> fault.hint("Did you mean -f " + near + "?"));
            throw fault.hint("Run drydock init to write one, or name one with -f.");
        } catch (AccessDeniedException e) {
            throw new UserFault("failed to read dockerfile: open " + fileName() + ": permission denied", e)
                    .hint("Let this user read " + file + ".");
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? "input/output error" : e.getReason();
            throw new UserFault(
                            "failed to read dockerfile: read " + fileName() + ": " + reason.toLowerCase(Locale.ROOT), e)
                    .hint(
                            Files.isDirectory(file)
                                    ? "Name the file inside it with -f."
                                    : "A Dockerfile is a text file of at most 16 MB.");
        } catch (IOException e) {
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
