package dev.drydock.runtime;

import dev.drydock.graph.Op;
import dev.drydock.linux.Directory;
import dev.drydock.oci.Digest;
import dev.drydock.scope.Disk;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.snapshot.TreeNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The directories behind {@code --mount=type=cache}: {@code <store>/cache-mounts/<identity>/<n>}, with a lock file beside
 * each. {@code shared} users have the first one together, {@code locked} ones have it in turn, {@code private} ones take
 * the first that is free and make another when none is. A fresh one starts as a copy of the tree that the mount is from.
 */
public final class CacheMounts {
    private static final int IDENTITY_DIGITS = 32;

    private final Path directory;
    private final Path tmp;

    /**
     * Takes the directory to keep them in; it need not exist.
     *
     * @param tmp for what is not whole yet: the lease's directory, on the same file system
     */
    public CacheMounts(Path directory, Path tmp) {
        this.directory = directory;
        this.tmp = tmp;
    }

    /** A cache in use by a step. Closing it lets others have it. */
    public static final class Use implements AutoCloseable {
        private final Path data;
        private final CacheLocks.Lock lock;

        private Use(Path data, CacheLocks.Lock lock) {
            this.data = data;
            this.lock = lock;
        }

        /** The directory to mount. */
        public Path data() {
            return data;
        }

        @Override
        public void close() {
            try {
                KeptMounts.used(data);
                lock.close();
            } catch (IOException e) {
                throw Disk.fault("give back cache mount " + data, e);
            }
        }
    }

    /**
     * Waits for the cache as its sharing mode says and makes it if it is new. Caller closes.
     *
     * @param dest where it is mounted: people know it by that
     * @param from the tree it starts with, empty for an empty directory
     * @param selector which part of that
     * @param alone whether a {@code shared} cache is one user's at a time all the same
     */
    public Use use(Op.MountType.Cache cache, String dest, Snapshot from, String selector, boolean alone)
            throws InterruptedException {
        try (LayeredTree tree = LayeredTree.of(from)) {
            String root = tree.resolve(selector.isEmpty() ? "/" : selector);
            Path home = directory.resolve(identity(cache.id(), from, tree, root));
            boolean inTurn = alone && cache.sharing() == Op.Sharing.SHARED;
            Use use = lock(home, inTurn ? Op.Sharing.LOCKED : cache.sharing());
            KeptMounts.describe(home, tmp, cache.id(), dest);
            try {
                fill(use.data(), tree, root);
                return use;
            } catch (IOException | RuntimeException | InterruptedException e) {
                use.close();
                throw e;
            }
        } catch (IOException e) {
            throw Disk.fault("open cache mount " + cache.id() + " in " + directory, e);
        }
    }

    private static Use lock(Path home, Op.Sharing sharing) throws IOException, InterruptedException {
        while (true) {
            Files.createDirectories(home);
            try {
                return switch (sharing) {
                    case SHARED -> wait(home, CacheLocks.Mode.SHARED);
                    case LOCKED -> wait(home, CacheLocks.Mode.EXCLUSIVE);
                    case PRIVATE -> firstFree(home);
                };
            } catch (NoSuchFileException e) {
                if (Files.exists(home)) {
                    throw e;
                }
                // somebody removed the cache as unused between the two lines: it is made again
            }
        }
    }

    private static Use wait(Path home, CacheLocks.Mode mode) throws IOException, InterruptedException {
        return new Use(home.resolve("0"), CacheLocks.acquire(home.resolve("0.lock"), mode));
    }

    private static Use firstFree(Path home) throws IOException {
        for (int i = 0; ; i++) {
            Optional<CacheLocks.Lock> lock =
                    CacheLocks.tryAcquire(home.resolve(i + ".lock"), CacheLocks.Mode.EXCLUSIVE);
            if (lock.isPresent()) {
                return new Use(home.resolve(Integer.toString(i)), lock.get());
            }
        }
    }

    /** Two mounts share a cache when their IDs and what it starts with are equal; an empty start is its owner and mode. */
    private static String identity(String id, Snapshot from, LayeredTree tree, String root) {
        StringBuilder text = new StringBuilder(id).append('\n');
        Optional<TreeNode> node = tree.lstat(root);
        if (from.layers().isEmpty()) {
            text.append("0755 0 0");
        } else if (node.isPresent()
                && node.get().isDirectory()
                && tree.list(root).isEmpty()) {
            text.append('0').append(Integer.toOctalString(node.get().mode()));
            text.append(' ')
                    .append(node.get().uid())
                    .append(' ')
                    .append(node.get().gid());
        } else {
            text.append(root);
            for (Layer layer : from.layers()) {
                text.append('\n').append(layer.diffId());
            }
        }
        return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8)).hex().substring(0, IDENTITY_DIGITS);
    }

    /** Makes it whole before it gets its name; of several at once one wins. */
    private void fill(Path data, LayeredTree tree, String root) throws IOException, InterruptedException {
        if (Files.isDirectory(data)) {
            return;
        }
        Path fresh = Files.createTempDirectory(tmp, "cache-");
        try (Directory into = Directory.open(fresh)) {
            into.makeDirectory("data", 0755);
            Optional<TreeNode> node = tree.lstat(root).filter(TreeNode::isDirectory);
            if (node.isPresent()) {
                CopiedTree.copy(tree, root, into, "data");
            }
        }
        try {
            Files.move(fresh.resolve("data"), data, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(data)) {
                throw e;
            }
        }
        try (Directory home = Directory.open(tmp)) {
            home.removeTree(fresh.getFileName().toString());
        }
    }
}
