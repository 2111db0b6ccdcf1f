package dev.drydock.graph;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One action of a {@link Op.Files}. Positions count the vertex's inputs first and then the outputs of earlier actions, as
 * in LLB: with two inputs, position 2 is the result of the first action.
 */
public sealed interface FileAction {
    /** The tree that is changed: an input, an earlier action, or {@link Op#NO_INPUT} for an empty root. */
    int input();

    /** Position among the vertex's outputs, or -1 for an intermediate result. */
    int output();

    /**
     * Copies from one tree into another; BuildKit's {@code FileActionCopy}.
     *
     * @param secondaryInput the tree copied from
     * @param source path or wildcard in that tree, absolute
     * @param dest absolute path; a trailing slash means that it is a directory
     * @param owner null keeps the source's owner
     * @param mode applied to everything copied and to created parents; null keeps modes
     * @param timestamp seconds since the epoch for created things, or -1 for "keep or now"
     * @param dirCopyContents a directory's contents are copied, not the directory itself
     * @param attemptUnpack archives are extracted, as ADD does
     * @param alwaysReplaceExistingDestPaths a file may replace a directory and the other way round
     * @param requiredPaths paths that must exist even where wildcards may match nothing
     */
    record Copy(
            int input,
            int secondaryInput,
            int output,
            String source,
            String dest,
            @Nullable Owner owner,
            @Nullable Mode mode,
            boolean followSymlink,
            boolean dirCopyContents,
            boolean attemptUnpack,
            boolean createDestPath,
            boolean allowWildcard,
            boolean allowEmptyWildcard,
            long timestamp,
            List<String> includePatterns,
            List<String> excludePatterns,
            boolean alwaysReplaceExistingDestPaths,
            List<String> requiredPaths)
            implements FileAction {
        public Copy {
            includePatterns = List.copyOf(includePatterns);
            excludePatterns = List.copyOf(excludePatterns);
            requiredPaths = List.copyOf(requiredPaths);
        }
    }

    /** Writes a file. */
    record MakeFile(
            int input,
            int output,
            String path,
            int mode,
            Data data,
            @Nullable Owner owner,
            long timestamp) implements FileAction {}

    /** Makes a directory; existing directories are left alone. */
    record MakeDirectory(
            int input,
            int output,
            String path,
            int mode,
            boolean makeParents,
            @Nullable Owner owner,
            long timestamp) implements FileAction {}

    /** Removes a path and what is below it. */
    record Remove(int input, int output, String path, boolean allowNotFound, boolean allowWildcard)
            implements FileAction {}

    /** Makes a symbolic link at {@code path}. */
    record Symlink(
            int input,
            int output,
            String path,
            String target,
            @Nullable Owner owner,
            long timestamp) implements FileAction {}

    /** Who owns what is made: a user and, where given, a group. */
    record Owner(Id user, @Nullable Id group) {}

    /** A number, or a name to be looked up in the passwd and group files of the tree at a position. */
    sealed interface Id {
        record Number(int value) implements Id {}

        record Name(String name, int input) implements Id {}
    }

    /** Permission bits to set: octal, or symbolic as chmod(1) takes them. */
    sealed interface Mode {
        record Octal(int bits) implements Mode {}

        record Symbolic(String text) implements Mode {}
    }

    /** Immutable bytes with equality by content. */
    final class Data {
        private final byte[] bytes;

        public Data(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        public byte[] bytes() {
            return bytes.clone();
        }

        public int size() {
            return bytes.length;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Data data && Arrays.equals(bytes, data.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }
}
