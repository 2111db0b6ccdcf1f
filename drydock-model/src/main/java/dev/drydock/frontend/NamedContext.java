package dev.drydock.frontend;

import java.util.List;

/** What a name given with {@code --build-context} stands for. */
public sealed interface NamedContext {
    /**
     * A directory of the caller's.
     *
     * @param ignorePatterns lines of its own ignore file, read and cleaned
     */
    record Local(List<String> ignorePatterns) implements NamedContext {
        public Local {
            ignorePatterns = List.copyOf(ignorePatterns);
        }
    }

    /** A commit of a repository. */
    record Repository(GitSource source) implements NamedContext {}

    /** What a web server has at an address, as one file named {@code context}. */
    record Web(String url) implements NamedContext {}

    /** An image by its reference, or {@code scratch}. */
    record Image(String reference) implements NamedContext {}
}
