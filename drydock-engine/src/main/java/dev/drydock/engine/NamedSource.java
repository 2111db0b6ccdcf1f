package dev.drydock.engine;

import dev.drydock.frontend.GitSource;
import dev.drydock.oci.Digest;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

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

    /**
     * An image in a directory of the OCI image layout.
     *
     * @param tag its name there; null for {@code latest}, or for the only one
     * @param digest of its index or manifest; null for that of the name
     */
    record Layout(
            Path directory, @Nullable String tag, @Nullable Digest digest) implements NamedSource {}
}
