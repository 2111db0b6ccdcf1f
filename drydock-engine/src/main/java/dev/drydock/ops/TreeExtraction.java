package dev.drydock.ops;

import dev.drydock.fault.UserFault;
import dev.drydock.layer.ArchiveStream;
import dev.drydock.layer.TarEntry;
import dev.drydock.layer.TarReader;
import dev.drydock.layer.Xattr;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.Attributes;
import dev.drydock.snapshot.FileBytes;
import dev.drydock.snapshot.FilePart;
import dev.drydock.snapshot.PendingTree;
import dev.drydock.snapshot.SourceFile;
import dev.drydock.snapshot.TreeNode;
import dev.drydock.snapshot.TreeView;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An archive that ADD unpacks. Its names and links are seen as by a process whose root is the destination. Entries replace
 * what is there; only a directory on a directory merges. Names with {@code .wh.} are names like any other.
 */
final class TreeExtraction {
    private static final int DIRECTORY_MODE = 0755;
    private static final int START = 512;

    private final TreeNode archive;
    private final PendingTree tree;
    private final String root;
    private final @Nullable Ownership owner;
    private final long now;

    /** Files that came out of this archive; they may be changed and linked. */
    private final Set<String> written = new HashSet<>();
    /** The times of directories, which what is put into them changes. */
    private final Map<String, Long> times = new LinkedHashMap<>();

    /** The archive, when files are parts of it that others copy. */
    private @Nullable SourceFile parts;

    private TreeExtraction(TreeNode archive, PendingTree tree, String root, @Nullable Ownership owner, long now) {
        this.archive = archive;
        this.tree = tree;
        this.root = root;
        this.owner = owner;
        this.now = now;
    }

    /**
     * Unpacks a file, compressed or not, into a directory, which is made if it is missing.
     *
     * @param owner whom everything belongs to; null keeps the owners that the archive names
     * @param now the time of directories that the archive does not name
     * @throws UserFault if it is damaged, or changed while it was read
     */
    static void extract(
            InputTree source, TreeNode file, PendingTree tree, String dest, @Nullable Ownership owner, long now)
            throws InterruptedException {
        String root = tree.resolve(TreeView.clean(dest));
        TreeExtraction extraction = new TreeExtraction(file, tree, root, owner, now);
        extraction.makeDirectories(root, owner == null ? new Ownership(0, 0) : owner);
        try (SourceFile open = SourceFile.open(file)) {
            boolean same;
            if (source.isUnchanged(file, open)) {
                extraction.extract(open);
                same = source.isUnchanged(file, open);
            } else {
                MessageDigest sha = Digest.newSha256();
                InputStream in = new DigestInputStream(open.stream(), sha);
                extraction.extract(in);
                in.transferTo(OutputStream.nullOutputStream());
                same = source.contentDigest(file).equals(Digest.sha256(sha.digest()));
            }
            if (!same) {
                throw new UserFault("read " + file.path() + ": the file changed while it was being used")
                        .hint("Build again when nothing writes to it, or list it in .dockerignore.");
            }
        } catch (IOException e) {
            throw new UserFault("extract " + file.path() + ": " + e.getMessage(), e);
        }
    }

    /** Extracts a file that does not change: other threads may copy its parts while the next headers are read. */
    private void extract(SourceFile open) throws IOException, InterruptedException {
        byte[] start = new byte[START];
        if (!ArchiveStream.isPlainTar(Arrays.copyOf(start, open.read(0, start, 0, START)))) {
            extract(open.stream());
            return;
        }
        try {
            parts = open;
            extract(new TarReader(open));
            tree.flush();
        } finally {
            tree.abandon();
        }
    }

    private void extract(InputStream in) throws IOException, InterruptedException {
        try (InputStream plain = ArchiveStream.open(in)) {
            extract(new TarReader(plain));
        }
    }

    private void extract(TarReader tar) throws IOException, InterruptedException {
        for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            add(entry, tar);
        }
        tar.drain();
        times.forEach(tree::setTime);
    }

    private void add(TarEntry entry, TarReader tar) throws IOException, InterruptedException {
        String clean = TreeView.clean(entry.name());
        if (clean.equals("/") && !entry.name().startsWith("/")) {
            return; // the destination stays as it is
        }
        String path = clean;
        int slash = clean.lastIndexOf('/');
        if (clean.equals("/")) {
            path = root;
        } else {
            String parent = tree.resolveWithin(root, clean.substring(0, slash));
            if (tree.lstat(parent).isEmpty() && isLink(clean.substring(0, slash))) {
                throw new UserFault("open " + clean + ": no such file or directory");
            }
            makeDirectories(parent, new Ownership(0, 0));
            path = TreeView.join(parent, clean.substring(slash + 1));
        }
        Optional<TreeNode> before = tree.lstat(path);
        boolean directory = entry.type() == '5';
        boolean merge = directory && before.isPresent() && before.get().isDirectory();
        if (before.isPresent() && !merge) {
            tree.remove(path);
            written.removeIf(forgotten(path));
            times.keySet().removeIf(forgotten(path));
        }
        Attributes attributes = attributes(entry);
        switch (entry.type()) {
            case '5' -> {
                if (merge) {
                    tree.setDirectory(path, attributes);
                } else {
                    tree.makeDirectory(path, attributes);
                }
                times.put(path, attributes.mtimeNs());
            }
            case '0' -> file(path, entry, tar, attributes);
            case '1' -> link(entry, path, attributes);
            case '2' -> tree.symlink(path, entry.link(), attributes);
            case '3' -> node(path, TreeNode.Kind.CHARACTER_DEVICE, entry, attributes);
            case '4' -> node(path, TreeNode.Kind.BLOCK_DEVICE, entry, attributes);
            default -> tree.node(path, TreeNode.Kind.FIFO, 0, attributes);
        }
        if (!directory) {
            written.add(path);
        }
    }

    private void file(String path, TarEntry entry, TarReader tar, Attributes attributes)
            throws IOException, InterruptedException {
        SourceFile from = parts;
        long start = from == null ? -1 : tar.contentStart();
        if (from != null && start >= 0) {
            tree.file(path, new FilePart(from, start, entry.size(), capability(entry)), archive, attributes);
        } else {
            tree.file(path, new Content(tar, entry), attributes);
        }
    }

    /** Whether the directory of an entry is a link, which then leads nowhere; nothing is made where it leads. */
    private boolean isLink(String directory) {
        int slash = directory.lastIndexOf('/');
        String above = tree.resolveWithin(root, directory.substring(0, Math.max(0, slash)));
        return tree.lstat(TreeView.join(above, directory.substring(slash + 1)))
                .filter(TreeNode::isSymlink)
                .isPresent();
    }

    private static java.util.function.Predicate<String> forgotten(String path) {
        return each -> each.equals(path) || each.startsWith(path + "/");
    }

    private void node(String path, TreeNode.Kind kind, TarEntry entry, Attributes attributes)
            throws InterruptedException {
        if (kind == TreeNode.Kind.CHARACTER_DEVICE && entry.major() == 0 && entry.minor() == 0) {
            throw new UserFault("extract " + entry.name() + ": the device numbers 0:0 mean a deleted file");
        }
        long device = (long) entry.major() << 32 | Integer.toUnsignedLong(entry.minor());
        tree.node(path, kind, device, attributes);
    }

    private void link(TarEntry entry, String path, Attributes attributes) throws InterruptedException {
        String clean = TreeView.clean(entry.link());
        int slash = clean.lastIndexOf('/');
        String target = TreeView.join(tree.resolveWithin(root, clean.substring(0, slash)), clean.substring(slash + 1));
        Optional<TreeNode> file = tree.lstat(target);
        if (file.isEmpty() || file.get().isDirectory()) {
            throw new UserFault("link " + entry.link() + " " + entry.name() + ": "
                    + (file.isEmpty() ? "no such file or directory" : "it is a directory"));
        }
        tree.hardLink(path, file.get(), written.contains(target));
        if (!file.get().isSymlink() && !Attributes.of(file.get()).equals(attributes)) {
            tree.setFile(path, attributes);
        }
    }

    private Attributes attributes(TarEntry entry) {
        int uid = owner == null ? entry.uid() : owner.uid();
        int gid = owner == null ? entry.gid() : owner.gid();
        return new Attributes(entry.mode(), uid, gid, entry.mtimeNs());
    }

    private static Optional<byte[]> capability(TarEntry entry) {
        return entry.xattrs().stream()
                .filter(xattr -> xattr.name().equals(Xattr.CAPABILITY))
                .map(Xattr::value)
                .findFirst();
    }

    private record Content(TarReader tar, TarEntry entry) implements FileBytes {
        @Override
        public int read(byte[] buffer) throws IOException {
            return tar.read(buffer);
        }

        @Override
        public Optional<byte[]> capability() {
            return TreeExtraction.capability(entry);
        }
    }

    private void makeDirectories(String path, Ownership owns) {
        Optional<TreeNode> node = tree.lstat(path);
        if (node.isEmpty()) {
            makeDirectories(path.substring(0, Math.max(1, path.lastIndexOf('/'))), owns);
            tree.makeDirectory(path, new Attributes(DIRECTORY_MODE, owns.uid(), owns.gid(), now));
        } else if (!node.get().isDirectory()) {
            throw new UserFault("mkdir " + path + ": not a directory");
        }
    }
}
