package dev.drydock.engine;

import dev.drydock.frontend.GitSource;
import java.io.InputStream;
import java.nio.file.Path;

/** Where the files of a build come from. */
public sealed interface BuildContext {
    /** A directory of this host, absolute; its ignore file hides files. */
    record Directory(Path path) implements BuildContext {}

    /**
     * Bytes that are an archive, plain or compressed, or the Dockerfile itself, and then there are no files.
     *
     * @param in read once, in the build; whoever made it closes it
     */
    record Stream(InputStream in) implements BuildContext {}

    /** A commit of a repository. */
    record Repository(GitSource source) implements BuildContext {}

    /** What a web server has at an address: an archive or a Dockerfile, as with {@link Stream}. */
    record Web(String url) implements BuildContext {}
}
