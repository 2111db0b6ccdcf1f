package dev.drydock.source;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.UserFault;
import dev.drydock.ignore.IgnoreMatcher;
import dev.drydock.linux.Directory;
import dev.drydock.linux.Errno;
import dev.drydock.linux.FileStat;
import dev.drydock.linux.LinuxError;
import dev.drydock.linux.OpenFile;
import dev.drydock.linux.PathBytes;
import dev.drydock.scope.Batch;
import dev.drydock.snapshot.FileDigest;
import dev.drydock.snapshot.SourceFile;
import dev.drydock.snapshot.TreeNode;
import dev.drydock.snapshot.TreeView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A scanned directory as a flat list of entries, each directory followed by what is in it. */
final class ScannedContext implements ContextTree {
    private static final int CHUNK = 64;
    private static final int BUFFER = 64 * 1024;

    private final String name;
    private final String root;
    private final FileStat top;
    private final ContextEntry[] entries;
    /** For each entry, the position after all that is below it. */
    private final int[] ends;

    /** Where the last path was that was asked for. */
    private int found = -1;

    private final StatKeeper keeper;
    private final IgnoreMatcher ignored;
    private final UnaryOperator<String> patternNames;

    ScannedContext(
            String name,
            String root,
            FileStat top,
            ContextEntry[] entries,
            StatKeeper keeper,
            IgnoreMatcher ignored,
            UnaryOperator<String> patternNames) {
        this.name = name;
        this.root = root;
        this.top = top;
        this.entries = entries;
        this.keeper = keeper;
        this.ignored = ignored;
        this.patternNames = patternNames;
        this.ends = new int[entries.length];
        int at = 0;
        while (at < entries.length) {
            at = end(at);
        }
    }

    private int end(int at) {
        int next = at + 1;
        if (entries[at].kind == TreeNode.Kind.DIRECTORY) {
            String prefix = entries[at].path + "/";
            while (next < entries.length && entries[next].path.startsWith(prefix)) {
                next = end(next);
            }
        }
        ends[at] = next;
        return next;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long totalSize() {
        long size = 0;
        for (ContextEntry entry : entries) {
            size += entry.kind == TreeNode.Kind.FILE ? entry.size() : 0;
        }
        return size;
    }

    @Override
    public Optional<TreeNode> lstat(String path) {
        if (path.equals("/")) {
            return Optional.of(node("/", TreeNode.Kind.DIRECTORY, top, 0, "", root));
        }
        int at = find(path.substring(1));
        return at < 0 ? Optional.empty() : Optional.of(node(at));
    }

    @Override
    public List<TreeNode> list(String path) {
        List<TreeNode> nodes = new ArrayList<>();
        int at = 0;
        int end = entries.length;
        if (!path.equals("/")) {
            int directory = find(path.substring(1));
            if (directory < 0) {
                return nodes;
            }
            at = directory + 1;
            end = ends[directory];
        }
        while (at < end) {
            nodes.add(node(at));
            at = ends[at];
        }
        return nodes;
    }

    private int find(String relative) {
        // Most questions come in the order of the entries. Several threads may ask: a wrong guess costs nothing.
        int guess = found + 1;
        if (guess < entries.length && entries[guess].path.equals(relative)) {
            found = guess;
            return guess;
        }
        int at = search(relative);
        found = Math.max(at, 0);
        return at;
    }

    private int search(String relative) {
        int low = 0;
        int high = entries.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = PathBytes.compare(entries[middle].path, relative);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    private TreeNode node(int at) {
        ContextEntry entry = entries[at];
        FileStat stat = entry.stat;
        return node("/" + entry.path, entry.kind, stat, entry.size(), entry.target, root + "/" + entry.path);
    }

    private static TreeNode node(
            String path, TreeNode.Kind kind, FileStat stat, long size, String target, String host) {
        boolean device = kind == TreeNode.Kind.CHARACTER_DEVICE || kind == TreeNode.Kind.BLOCK_DEVICE;
        return new TreeNode(
                path,
                kind,
                kind == TreeNode.Kind.SYMLINK ? 0777 : stat.permissions(),
                0,
                0,
                size,
                stat.mtimeNs(),
                target,
                device ? (long) stat.major() << 32 | Integer.toUnsignedLong(stat.minor()) : 0,
                kind == TreeNode.Kind.FILE && stat.links() > 1 ? stat.inode() : 0,
                host);
    }

    @Override
    public byte[] contentHash(TreeNode file) throws InterruptedException {
        int at = find(file.path().substring(1));
        if (at < 0 || entries[at].kind != TreeNode.Kind.FILE) {
            throw new UserFault("read " + name + ": " + file.path() + " is not a file");
        }
        byte[] known = entries[at].hash;
        if (known == null) {
            try (Directory directory = Directory.open(root)) {
                known = read(directory, entries[at], new FileDigest(new byte[BUFFER]));
            }
        }
        return known.clone();
    }

    @Override
    public void readAhead(List<String> paths) throws InterruptedException {
        List<ContextEntry> unread = new ArrayList<>();
        for (String path : paths) {
            int at = path.equals("/") ? -1 : find(path.substring(1));
            int end = path.equals("/") ? entries.length : at < 0 ? 0 : ends[at];
            for (int i = Math.max(at, 0); i < end; i++) {
                if (entries[i].kind == TreeNode.Kind.FILE && entries[i].hash == null) {
                    unread.add(entries[i]);
                }
            }
        }
        if (unread.isEmpty()) {
            return;
        }
        List<List<ContextEntry>> chunks = new ArrayList<>();
        for (int i = 0; i < unread.size(); i += CHUNK) {
            chunks.add(unread.subList(i, Math.min(i + CHUNK, unread.size())));
        }
        try (Directory directory = Directory.open(root)) {
            Batch.run("hash", chunks, chunk -> {
                long longest = 0;
                for (ContextEntry entry : chunk) {
                    longest = Math.max(longest, entry.size());
                }
                // With a byte more than there is, one reading shows the end.
                FileDigest digest = new FileDigest(new byte[(int) Math.min(BUFFER, longest + 1)]);
                for (ContextEntry entry : chunk) {
                    read(directory, entry, digest);
                }
            });
        }
        keeper.learn(unread);
    }

    private static byte[] read(Directory directory, ContextEntry entry, FileDigest digest) throws InterruptedException {
        try (OpenFile file = directory.openFile(entry.path)) {
            Instant start = Instant.now();
            boolean proven = StatCache.isSettled(entry, start.getEpochSecond() * 1_000_000_000L + start.getNano())
                    && entry.isSame(file.stat());
            return entry.learn(digest.of(file, entry.size()), proven);
        } catch (EnvironmentFault fault) {
            throw translated(fault, entry.path);
        }
    }

    private static RuntimeException translated(EnvironmentFault fault, String path) {
        if (LinuxError.is(fault, Errno.ENOENT) || LinuxError.is(fault, Errno.ELOOP)) {
            return changed(path);
        }
        return ContextScanner.unreadable(fault);
    }

    static UserFault changed(String path) {
        return new UserFault("read " + path + ": the file changed while it was being used")
                .hint("Build again when nothing writes to it, or list it in .dockerignore.");
    }

    @Override
    public boolean isUnchanged(TreeNode file, SourceFile open) {
        int at = find(file.path().substring(1));
        return at >= 0 && entries[at].isProven() && entries[at].isSame(open.stat());
    }

    @Override
    public Optional<String> hiddenBy(String path) {
        String relative = path.substring(1);
        Optional<String> pattern = ignored.decidedBy(relative);
        if (pattern.isEmpty()) {
            return Optional.empty();
        }
        try (Directory directory = Directory.open(root)) {
            return directory.find(relative).isEmpty() ? Optional.empty() : pattern.map(patternNames);
        }
    }

    @Override
    public List<String> names(String path) {
        String relative = path.substring(1);
        try (Directory directory = Directory.open(root);
                Directory inner = relative.isEmpty() ? directory.again() : directory.openBeneath(relative)) {
            return inner.names().stream()
                    .filter(each -> !ignored.ignored(relative.isEmpty() ? each : relative + "/" + each))
                    .sorted()
                    .toList();
        } catch (EnvironmentFault fault) {
            return List.of(); // no directory, a link, or not readable: it only helps to word a hint
        }
    }

    @Override
    public void copyTo(String path, Path target) throws InterruptedException {
        String resolved = resolve(TreeView.clean(path));
        TreeNode node = lstat(resolved).orElseThrow(() -> new UserFault("\"" + path + "\": not found"));
        readAhead(List.of(resolved));
        new ContextCopy(this).copy(node, target.toAbsolutePath().toString());
    }
}
