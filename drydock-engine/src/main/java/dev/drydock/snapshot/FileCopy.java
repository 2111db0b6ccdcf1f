package dev.drydock.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * A regular file that is to be written.
 *
 * @param target absolute path in the tree
 * @param source what is copied; for a part of another file, what the new file will be, with that file's host path
 * @param expected what its bytes must be; null when whatever is read is right
 * @param shareable whether the source never changes, so that it may get another name instead of a copy
 * @param reuse absolute host path of a file known to have these very bytes and attributes; null when there is none
 * @param part the bytes, when they are a part of another file
 */
record FileCopy(
        String target,
        TreeNode source,
        Attributes attributes,
        @Nullable KnownContent expected,
        boolean shareable,
        @Nullable String reuse,
        @Nullable FilePart part) {}
