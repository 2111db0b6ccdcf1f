package dev.drydock.snapshot;

import dev.drydock.fault.UserFault;
import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import dev.drydock.linux.IdMap;
import dev.drydock.linux.OpenFile;
import dev.drydock.oci.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tree that is being changed: what changes goes into an empty directory on top of layers, in the form of an overlayfs
 * upper directory. Files are written by other threads and are certain to be there after {@link #flush}; everything else
 * happens at once.
 * {@link #finish} makes the directory a layer's contents. Whoever makes it closes it; closing removes nothing. For one
 * thread.
 */
public final class PendingTree implements TreeView, AutoCloseable {
    /** Only the host's own user namespace may write {@code trusted.*} attributes. */
    private static final boolean INITIAL_NAMESPACE = IdMap.users().isInitial();

    private final LayeredTree merged;
    private final Directory upper;
    private final long now;
    private final int uid;
    private final int gid;

    /** Directories of the upper directory under which nothing else lies; what is in them is in {@code made}. */
    private final Set<String> fresh = new HashSet<>();

    private final Set<String> made = new HashSet<>();
    /** Directories that are in the upper directory only because something in them is. */
    private final Set<String> copiedUp = new LinkedHashSet<>();
    /** The times that directories get in the end. */
    private final Map<String, Long> times = new LinkedHashMap<>();

    private final PlannedFiles planned;
    private final Map<Long, String> firstNames = new HashMap<>();
    /** What is known of the bytes of files, by their paths without the leading slash. */
    private final Map<String, Digest> contents = new HashMap<>();

    private PendingTree(LayeredTree merged, long now) {
        this.merged = merged;
        this.upper = merged.top();
        this.now = now;
        FileStat self = upper.stat();
        this.uid = self.uid();
        this.gid = self.gid();
        this.planned = new PlannedFiles(upper, uid, gid);
    }

    /** Has something done, by any thread, each time some more megabytes of files were written. */
    public void whenMuchIsWritten(Runnable action) {
        planned.whenMuchIsWritten(action);
    }

    /**
     * Starts to change a snapshot. Caller closes.
     *
     * @param upper an empty directory; it belongs to the user who runs this
     * @param now the time that changed directories get, in nanoseconds since the epoch
     */
    public static PendingTree over(Snapshot base, Path upper, long now) {
        List<String> directories = new ArrayList<>();
        directories.add(upper.toString());
        for (Layer layer : base.layers().reversed()) {
            directories.add(layer.fs().toString());
        }
        return new PendingTree(LayeredTree.ofDirectories(directories), now);
    }

    @Override
    public Optional<TreeNode> lstat(String path) {
        FileCopy copy = planned.find(path);
        if (copy != null) {
            TreeNode from = copy.source();
            Attributes to = copy.attributes();
            return Optional.of(new TreeNode(
                    path,
                    TreeNode.Kind.FILE,
                    to.mode(),
                    to.uid(),
                    to.gid(),
                    from.size(),
                    to.mtimeNs(),
                    "",
                    0,
                    0,
                    from.host()));
        }
        if (!made.contains(path) && fresh.contains(LayeredTree.parent(path))) {
            return Optional.empty();
        }
        return merged.lstat(path);
    }

    /** {@inheritDoc} Files that are not written yet are missing: flush before. */
    @Override
    public List<TreeNode> list(String path) {
        return merged.list(path);
    }

    /** Which file capabilities a path has. */
    public Optional<byte[]> attribute(String path, String name) {
        return merged.attribute(path, name);
    }

    /** Makes a directory where nothing is; its parent exists. */
    public void makeDirectory(String path, Attributes attributes) {
        enter(path);
        String relative = path.substring(1);
        Optional<FileStat> below = merged.belowTop(path);
        upper.makeDirectory(relative, attributes.mode());
        setOwner(relative, attributes);
        if (below.isPresent() && below.get().isDirectory()) {
            upper.xattrs(relative).set(opaqueAttribute(), new byte[] {'y'});
        }
        fresh.add(path);
        merged.forget(path);
        times.put(path, attributes.mtimeNs());
    }

    private void setOwner(String relative, Attributes attributes) {
        FileStat stat = upper.stat(relative);
        if (stat.uid() != attributes.uid() || stat.gid() != attributes.gid()) {
            upper.chown(relative, attributes.uid(), attributes.gid());
            upper.chmod(relative, attributes.mode());
        } else if (stat.permissions() != attributes.mode()) {
            upper.chmod(relative, attributes.mode());
        }
    }

    private static String opaqueAttribute() {
        return INITIAL_NAMESPACE ? "trusted.overlay.opaque" : "user.overlay.opaque";
    }

    /** Gives an existing directory attributes, in the end also the time. */
    public void setDirectory(String path, Attributes attributes) {
        Optional<TreeNode> before = lstat(path);
        boolean same = before.isPresent()
                && before.get().mode() == attributes.mode()
                && before.get().uid() == attributes.uid()
                && before.get().gid() == attributes.gid();
        if (!same) {
            copyUp(path);
            copiedUp.remove(path);
            setOwner(path.substring(1), attributes);
        }
        times.put(path, attributes.mtimeNs());
    }

    /** Gives a directory a time in the end; a directory whose time alone changes is no part of the layer. */
    public void setTime(String path, long mtimeNs) {
        times.put(path, mtimeNs);
    }

    /** From here on, names of one file are kept together with names that come before the next call. */
    public void startCopy() {
        firstNames.clear();
    }

    /**
     * Plans to write a regular file where nothing or no directory is.
     *
     * @param expected what the source's bytes must be; null when whatever is read is right
     * @param shareable whether the source can never change: a file of a layer
     * @param reuse host path of a file that has these very bytes and attributes and never changes; null for none
     */
    public void file(
            String path,
            TreeNode source,
            Attributes attributes,
            @Nullable KnownContent expected,
            boolean shareable,
            @Nullable String reuse)
            throws InterruptedException {
        flushIfPlanned(path);
        if (source.inode() != 0) {
            String first = firstNames.putIfAbsent(source.inode(), path);
            if (first != null && !first.equals(path)) {
                replace(path);
                planned.addLink(path, first);
                return;
            }
        }
        replace(path);
        planned.add(new FileCopy(path, source, attributes, expected, shareable, reuse, null));
        if (expected != null && !shareable) {
            contents.put(path.substring(1), expected.digest());
        }
    }

    /** Plans to write a regular file where nothing or no directory is. */
    public void file(String path, FilePart part, TreeNode from, Attributes attributes) throws InterruptedException {
        flushIfPlanned(path);
        replace(path);
        TreeNode made = new TreeNode(
                from.path(),
                TreeNode.Kind.FILE,
                attributes.mode(),
                attributes.uid(),
                attributes.gid(),
                part.length(),
                attributes.mtimeNs(),
                "",
                0,
                0,
                from.host());
        planned.add(new FileCopy(path, made, attributes, null, false, null, part));
    }

    /** Stops the writing of what was planned and waits for its end: nothing of it is read any more. */
    public void abandon() {
        planned.close();
    }

    /** Writes a regular file with these bytes, at once, where nothing or no directory is. */
    public void file(String path, FileBytes bytes, Attributes attributes) throws InterruptedException, IOException {
        flush();
        replace(path);
        try (OpenFile file = upper.createFile(path.substring(1), attributes.mode())) {
            FileBytes.write(bytes, file, attributes);
        }
    }

    /** Takes a regular file of the same file system, which loses its old name, where nothing or no directory is. */
    public void take(String path, Path file, Attributes attributes) throws InterruptedException {
        flush();
        replace(path);
        String relative = path.substring(1);
        String host = file.toAbsolutePath().toString();
        try (Directory from = Directory.open(LayeredTree.parent(host))) {
            from.rename(host.substring(host.lastIndexOf('/') + 1), upper, relative);
        }
        upper.chown(relative, attributes.uid(), attributes.gid());
        upper.chmod(relative, attributes.mode());
        upper.setTime(relative, attributes.mtimeNs());
    }

    /**
     * Gives a file of the tree, which is no directory, another name where nothing or no directory is. A file that an
     * earlier step made becomes one of this layer, with bytes of its own: layers never change.
     *
     * @param own whether this step wrote the file itself
     */
    public void hardLink(String path, TreeNode file, boolean own) throws InterruptedException {
        flush();
        if (!own) {
            if (file.isFile()) {
                file(file.path(), file, Attributes.of(file), null, false, null);
                flush();
            } else {
                throw new UserFault("link " + file.path() + ": it is no regular file");
            }
        }
        replace(path);
        upper.link(file.path().substring(1), upper, path.substring(1));
    }

    /** Gives something that this step wrote and that is no directory other attributes. */
    public void setFile(String path, Attributes attributes) {
        setOwner(path.substring(1), attributes);
        upper.setTime(path.substring(1), attributes.mtimeNs());
    }

    /** Makes a symbolic link where nothing or no directory is. */
    public void symlink(String path, String target, Attributes attributes) throws InterruptedException {
        flushIfPlanned(path);
        replace(path);
        upper.symlink(target, path.substring(1));
        upper.chown(path.substring(1), attributes.uid(), attributes.gid());
        upper.setTime(path.substring(1), attributes.mtimeNs());
    }

    /** Makes a device, FIFO or socket where nothing or no directory is. */
    public void node(String path, TreeNode.Kind kind, long device, Attributes attributes) throws InterruptedException {
        flushIfPlanned(path);
        replace(path);
        String relative = path.substring(1);
        upper.makeNode(relative, kind.type() | attributes.mode(), (int) (device >> 32), (int) device);
        upper.chown(relative, attributes.uid(), attributes.gid());
        upper.chmod(relative, attributes.mode());
        upper.setTime(relative, attributes.mtimeNs());
    }

    private void flushIfPlanned(String path) throws InterruptedException {
        if (planned.contains(path)) {
            flush();
        }
    }

    /** Removes what is at a path with all that is below it; nothing happens if nothing is there. */
    public void remove(String path) throws InterruptedException {
        flush();
        if (lstat(path).isEmpty()) {
            return;
        }
        if (path.equals("/")) {
            throw new UserFault("remove /: it is the root");
        }
        removeFromUpper(path);
        boolean below = merged.belowTop(path).isPresent();
        if (below) {
            copyUp(LayeredTree.parent(path));
            upper.makeNode(path.substring(1), FileStat.CHAR_DEVICE, 0, 0);
        }
        touch(LayeredTree.parent(path));
    }

    private void removeFromUpper(String path) {
        Optional<FileStat> own = upper.find(path.substring(1));
        if (own.isEmpty()) {
            return;
        }
        if (own.get().isDirectory()) {
            String parent = LayeredTree.parent(path);
            try (Directory directory = parent.equals("/") ? upper.again() : upper.openDirectory(parent.substring(1))) {
                directory.removeTree(path.substring(path.lastIndexOf('/') + 1));
            }
            String prefix = path + "/";
            made.removeIf(each -> each.startsWith(prefix));
            fresh.removeIf(each -> each.equals(path) || each.startsWith(prefix));
            copiedUp.removeIf(each -> each.equals(path) || each.startsWith(prefix));
            times.keySet().removeIf(each -> each.equals(path) || each.startsWith(prefix));
            contents.keySet().removeIf(each -> each.startsWith(prefix.substring(1)));
            merged.forget(path);
        } else {
            upper.unlink(path.substring(1));
        }
        made.remove(path);
        contents.remove(path.substring(1));
    }

    /** Makes room for a new entry that hides whatever lower layers have there. */
    private void replace(String path) {
        if (!fresh.contains(LayeredTree.parent(path)) || made.contains(path)) {
            removeFromUpper(path);
            merged.forget(path);
        }
        enter(path);
    }

    /** Notes a new entry: its parent is in the upper directory, no whiteout is in its place. */
    private void enter(String path) {
        String parent = LayeredTree.parent(path);
        copyUp(parent);
        if (!fresh.contains(parent)) {
            Optional<FileStat> own = upper.find(path.substring(1));
            if (own.isPresent() && own.get().isWhiteout()) {
                upper.unlink(path.substring(1));
            }
        }
        made.add(path);
        contents.remove(path.substring(1));
        touch(parent);
    }

    /**
     * The content digests of files that were written from sources of known content; these have no attributes beyond those
     * of {@link Attributes}. By paths without the leading slash.
     */
    public Map<String, Digest> contents() {
        return contents;
    }

    private void touch(String directory) {
        times.put(directory, now);
    }

    /** Makes sure that a directory of the tree is in the upper directory, too. */
    private void copyUp(String path) {
        if (path.equals("/") || fresh.contains(path) || copiedUp.contains(path)) {
            return;
        }
        if (upper.find(path.substring(1)).isPresent()) {
            return;
        }
        TreeNode node = merged.lstat(path).orElseThrow();
        copyUp(LayeredTree.parent(path));
        upper.makeDirectory(path.substring(1), node.mode());
        setOwner(path.substring(1), Attributes.of(node));
        copiedUp.add(path);
        times.putIfAbsent(path, node.mtimeNs());
        merged.forget(path);
    }

    /** Waits until the files that were planned are written. */
    public void flush() throws InterruptedException {
        planned.flush();
    }

    /** Completes the directory: the files are written and directories get their times. */
    public void finish() throws InterruptedException {
        flush();
        times.forEach((path, time) -> {
            if (path.equals("/")
                    || upper.find(path.substring(1))
                            .filter(FileStat::isDirectory)
                            .isPresent()) {
                upper.setTime(path.equals("/") ? "" : path.substring(1), time);
            }
        });
    }

    @Override
    public void close() {
        planned.close();
        merged.close();
    }
}
