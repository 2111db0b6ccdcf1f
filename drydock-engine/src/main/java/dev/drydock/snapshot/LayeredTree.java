package dev.drydock.snapshot;

import dev.drydock.fault.Bug;
import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import dev.drydock.linux.PathBytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The merged view of layer directories, as overlayfs would mount them: upper entries hide lower ones, a character device
 * 0:0 hides a name, an opaque directory hides what is in lower ones. Nothing is mounted. Whoever makes it closes it. For
 * one thread at a time.
 */
public final class LayeredTree implements TreeView, AutoCloseable {
    private static final byte[] YES = {'y'};
    private static final int BUFFER = 64 * 1024;

    /** The top first. */
    private final List<Directory> layers = new ArrayList<>();

    /** For a directory of the merged tree, the positions of the layers that have a part in it. */
    private final Map<String, int[]> parts = new HashMap<>();

    private LayeredTree(List<String> directories) {
        for (String directory : directories) {
            layers.add(Directory.open(directory));
        }
    }

    /** The tree of a snapshot. Caller closes. */
    public static LayeredTree of(Snapshot snapshot) {
        List<String> directories = new ArrayList<>();
        for (Layer layer : snapshot.layers().reversed()) {
            directories.add(layer.fs().toString());
        }
        return new LayeredTree(directories);
    }

    /** The tree of layer directories, the top first. Caller closes. */
    public static LayeredTree ofDirectories(List<String> topFirst) {
        return new LayeredTree(topFirst);
    }

    @Override
    public Optional<TreeNode> lstat(String path) {
        if (path.equals("/")) {
            return root();
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        String parent = parent(path);
        for (int layer : parts(parent)) {
            Optional<FileStat> stat = layers.get(layer).find(path.substring(1));
            if (stat.isPresent()) {
                return stat.get().isWhiteout() ? Optional.empty() : Optional.of(node(layer, parent, name, stat.get()));
            }
        }
        return Optional.empty();
    }

    private Optional<TreeNode> root() {
        if (layers.isEmpty()) {
            return Optional.of(new TreeNode("/", TreeNode.Kind.DIRECTORY, 0755, 0, 0, 0, 0, "", 0, 0, "/nonexistent"));
        }
        FileStat stat = layers.getFirst().stat();
        return Optional.of(new TreeNode(
                "/",
                TreeNode.Kind.DIRECTORY,
                stat.permissions(),
                stat.uid(),
                stat.gid(),
                0,
                stat.mtimeNs(),
                "",
                0,
                0,
                layers.getFirst().path()));
    }

    @Override
    public List<TreeNode> list(String path) {
        int[] stack = parts(path);
        if (stack.length == 0) {
            return List.of();
        }
        // Whiteouts stay in as hiding names until the end.
        Map<String, Optional<TreeNode>> found = new TreeMap<>(PathBytes::compare);
        for (int layer : stack) {
            try (Directory directory = at(layer, path)) {
                for (String name : directory.names()) {
                    if (!found.containsKey(name)) {
                        FileStat stat = directory.stat(name);
                        found.put(
                                name,
                                stat.isWhiteout() ? Optional.empty() : Optional.of(node(layer, path, name, stat)));
                    }
                }
            }
        }
        List<TreeNode> nodes = new ArrayList<>(found.size());
        for (Optional<TreeNode> node : found.values()) {
            node.ifPresent(nodes::add);
        }
        return nodes;
    }

    private Directory at(int layer, String path) {
        Directory root = layers.get(layer);
        return path.equals("/") ? root.again() : root.openDirectory(path.substring(1));
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash == 0 ? "/" : path.substring(0, slash);
    }

    /** Which layers make up a directory, the top first; none if it is not one. */
    private int[] parts(String path) {
        int[] known = parts.get(path);
        if (known != null) {
            return known;
        }
        int[] stack = path.equals("/") ? all() : below(parts(parent(path)), path.substring(1));
        parts.put(path, stack);
        return stack;
    }

    private int[] all() {
        int[] stack = new int[layers.size()];
        for (int i = 0; i < stack.length; i++) {
            stack[i] = i;
        }
        return stack;
    }

    private int[] below(int[] parents, String relative) {
        int[] stack = new int[parents.length];
        int count = 0;
        for (int layer : parents) {
            Optional<FileStat> stat = layers.get(layer).find(relative);
            if (stat.isEmpty()) {
                continue;
            }
            if (!stat.get().isDirectory()) {
                break;
            }
            stack[count++] = layer;
            if (isOpaque(layer, relative)) {
                break;
            }
        }
        return Arrays.copyOf(stack, count);
    }

    private boolean isOpaque(int layer, String relative) {
        return isYes(layer, relative, "trusted.overlay.opaque") || isYes(layer, relative, "user.overlay.opaque");
    }

    private boolean isYes(int layer, String relative, String attribute) {
        return layers.get(layer)
                .xattrs(relative)
                .get(attribute)
                .filter(value -> Arrays.equals(value, YES))
                .isPresent();
    }

    private TreeNode node(int layer, String parent, String name, FileStat stat) {
        String path = TreeView.join(parent, name);
        TreeNode.Kind kind = TreeNode.Kind.of(stat);
        boolean device = kind == TreeNode.Kind.CHARACTER_DEVICE || kind == TreeNode.Kind.BLOCK_DEVICE;
        return new TreeNode(
                path,
                kind,
                stat.permissions(),
                stat.uid(),
                stat.gid(),
                kind == TreeNode.Kind.FILE ? stat.size() : 0,
                stat.mtimeNs(),
                kind == TreeNode.Kind.SYMLINK ? layers.get(layer).readLink(path.substring(1)) : "",
                device ? (long) stat.major() << 32 | Integer.toUnsignedLong(stat.minor()) : 0,
                // Layers share a file system; the layer's position keeps apart what only they share.
                kind == TreeNode.Kind.FILE && stat.links() > 1 ? stat.inode() * 4096 + layer : 0,
                layers.get(layer).path() + path);
    }

    /** The position of the layer, 0 the top, that {@code path} is seen in; -1 if it is not there. */
    public int layerOf(String path) {
        if (path.equals("/")) {
            return layers.isEmpty() ? -1 : 0;
        }
        for (int layer : parts(parent(path))) {
            Optional<FileStat> stat = layers.get(layer).find(path.substring(1));
            if (stat.isPresent()) {
                return stat.get().isWhiteout() ? -1 : layer;
            }
        }
        return -1;
    }

    /** The extended attributes of something that is there; null values are absent ones. */
    public Optional<byte[]> attribute(String path, String name) {
        int layer = layerOf(path);
        return layer < 0
                ? Optional.empty()
                : layers.get(layer).xattrs(path.substring(1)).get(name);
    }

    /** The SHA-256 of a regular file's bytes, by reading it. */
    public static byte[] readHash(TreeNode file) throws InterruptedException {
        try (SourceFile open = SourceFile.open(file)) {
            return new FileDigest(new byte[BUFFER]).of(open.file(), open.size());
        }
    }

    /** The bytes of a regular file. */
    public static byte[] readBytes(TreeNode file) {
        try (SourceFile open = SourceFile.open(file);
                InputStream in = open.stream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new Bug("read " + file.host(), e); // the stream throws none
        }
    }

    /** What {@code path} would be without the top layer's own entry of that name. */
    Optional<FileStat> belowTop(String path) {
        for (int layer : parts(parent(path))) {
            if (layer > 0) {
                Optional<FileStat> stat = layers.get(layer).find(path.substring(1));
                if (stat.isPresent()) {
                    return stat.filter(found -> !found.isWhiteout());
                }
            }
        }
        return Optional.empty();
    }

    /** The directory that the top layer lies in. */
    Directory top() {
        return layers.getFirst();
    }

    /** The top layer changed at and below {@code path}. */
    void forget(String path) {
        String prefix = path + "/";
        parts.keySet().removeIf(each -> each.equals(path) || each.startsWith(prefix));
    }

    @Override
    public void close() {
        layers.forEach(Directory::close);
    }
}
