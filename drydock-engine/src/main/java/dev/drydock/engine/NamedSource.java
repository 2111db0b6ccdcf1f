package dev.drydock.engine;

import dev.drydock.frontend.GitSource;
import java.nio.file.Path;

/** What a name of {@code --build-context} stands for. */
public sealed interface NamedSource {
    /** A directory of this host, absolute; its ignore file hides files. */
    record Directory(Path path) implements NamedSource {}

    /** A commit of a repository. */
    record Repository(GitSource source) implements NamedSource {}

    /** What a web server has at an address, as one file named {@code context}. */
    record Web(String url) implements NamedSource {}

    /** An image by its reference, or {@code scratch}. */
    record Image(String reference) implements NamedSource {}
}
