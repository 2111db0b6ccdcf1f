package dev.drydock.source;

import dev.drydock.oci.Digest;
import dev.drydock.snapshot.SourceFile;
import dev.drydock.snapshot.TreeNode;
import dev.drydock.snapshot.TreeView;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A directory of the caller's as a build sees it: scanned once, ignored files are not there, everything belongs to 0:0,
 * a socket is an empty file. Names, kinds and attributes are those of the scan. Content is read from the directory when it
 * is asked for; a file that is no longer the one that was scanned is a {@link dev.drydock.fault.UserFault}, so that what
 * is used is always what was digested.
 */
public interface ContextTree extends TreeView {
    /** What the build calls it: {@code context} or the name of a named context. */
    String name();

    /** The sum of the sizes of its files in bytes. */
    long totalSize();

    /** The SHA-256 of a regular file's bytes; reads the file unless an earlier scan of it can be trusted. */
    byte[] contentHash(TreeNode file) throws InterruptedException;

    /** Likewise, as a digest. */
    default Digest contentDigest(TreeNode file) throws InterruptedException {
        return Digest.sha256(contentHash(file));
    }

    /** Reads the files at and below these paths, several at a time, so that their digests are at hand. */
    void readAhead(List<String> paths) throws InterruptedException;

    /**
     * Whether an open file has the very bytes that {@link #contentHash} tells of {@code file}, for sure: its times prove that
     * nobody wrote to it since they were read. True before and after a reading, it vouches for what was read between.
     */
    boolean isUnchanged(TreeNode file, SourceFile open);

    /** If something is there that an ignore pattern hides: the place of the pattern, as a person would name it. */
    Optional<String> hiddenBy(String path);

    /** What is in a directory now and not ignored, also what no step asked for; empty if {@code path} is no directory. */
    List<String> names(String path);

    /**
     * Makes {@code target}, which must not exist while its parent must, a copy of what is at {@code path}: a file, or a
     * directory with everything in it that is not ignored. Links in {@code path} are followed.
     *
     * @throws dev.drydock.fault.UserFault if nothing is there, or a file changed since the scan
     */
    void copyTo(String path, Path target) throws InterruptedException;
}
