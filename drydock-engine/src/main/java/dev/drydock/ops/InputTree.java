package dev.drydock.ops;

import dev.drydock.oci.Digest;
import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.PendingTree;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.snapshot.SourceFile;
import dev.drydock.snapshot.TreeNode;
import dev.drydock.snapshot.TreeView;
import dev.drydock.source.ContextTree;
import java.util.List;
import java.util.Optional;

/** A tree that a step reads: how it looks, what its files are, and whether they can change. Caller closes. */
sealed interface InputTree extends AutoCloseable {
    TreeView view();

    /** The SHA-256 of a file's bytes. */
    byte[] contentHash(TreeNode file) throws InterruptedException;

    /** Likewise, as a digest. */
    default Digest contentDigest(TreeNode file) throws InterruptedException {
        return Digest.sha256(contentHash(file));
    }

    /** Whether an open file has the very bytes that {@link #contentHash} tells of {@code file}, for sure. */
    default boolean isUnchanged(TreeNode file, SourceFile open) {
        return true;
    }

    /** Reads what is below these paths, so that digests are at hand. */
    void readAhead(List<String> paths) throws InterruptedException;

    /** The file capabilities of a path. */
    Optional<byte[]> capability(String path);

    /** What hides a path that is there, as a person would name it. */
    default Optional<String> hiddenBy(String path) {
        return Optional.empty();
    }

    /** The names in a directory, those that the step did not ask for too; empty when {@code directory} is none. */
    default List<String> names(String directory) {
        return view().list(view().resolve(directory)).stream()
                .map(TreeNode::name)
                .toList();
    }

    /** What the tree is called in a sentence; begins with "the". */
    default String title() {
        return "the stage's root directory";
    }

    @Override
    void close();

    static InputTree of(FileTree tree) {
        return switch (tree) {
            case FileTree.Layers(Snapshot snapshot) -> new Layered(LayeredTree.of(snapshot));
            case FileTree.HostDirectory(ContextTree context) -> new Host(context);
        };
    }

    /** Layers never change. */
    record Layered(LayeredTree view) implements InputTree {
        @Override
        public byte[] contentHash(TreeNode file) throws InterruptedException {
            return LayeredTree.readHash(file);
        }

        @Override
        public void readAhead(List<String> paths) {
            // Digests of layers are looked up, or read one by one.
        }

        @Override
        public Optional<byte[]> capability(String path) {
            return view.attribute(path, "security.capability");
        }

        @Override
        public void close() {
            view.close();
        }
    }

    /** A directory of the caller's may change at any time. */
    record Host(ContextTree view) implements InputTree {
        @Override
        public byte[] contentHash(TreeNode file) throws InterruptedException {
            return view.contentHash(file);
        }

        @Override
        public boolean isUnchanged(TreeNode file, SourceFile open) {
            return view.isUnchanged(file, open);
        }

        @Override
        public void readAhead(List<String> paths) throws InterruptedException {
            view.readAhead(paths);
        }

        @Override
        public Optional<byte[]> capability(String path) {
            return Optional.empty();
        }

        @Override
        public Optional<String> hiddenBy(String path) {
            return view.hiddenBy(path);
        }

        @Override
        public List<String> names(String directory) {
            return view.names(directory);
        }

        @Override
        public String title() {
            String name = view.name();
            return name.equals("context") ? "the build context" : "the " + name.replaceFirst(":", " ");
        }

        @Override
        public void close() {
            // It lives as long as the build.
        }
    }

    /** What an earlier action of the same step made. */
    record Pending(PendingTree view) implements InputTree {
        @Override
        public byte[] contentHash(TreeNode file) throws InterruptedException {
            return LayeredTree.readHash(file);
        }

        @Override
        public void readAhead(List<String> paths) {
            // It is small.
        }

        @Override
        public Optional<byte[]> capability(String path) {
            return view.attribute(path, "security.capability");
        }

        @Override
        public void close() {
            // Its owner closes it.
        }
    }
}
