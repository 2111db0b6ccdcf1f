package dev.drydock.source;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.UserFault;
import dev.drydock.ignore.IgnoreMatcher;
import dev.drydock.linux.Directory;
import dev.drydock.linux.Errno;
import dev.drydock.linux.FileStat;
import dev.drydock.linux.LinuxError;
import dev.drydock.linux.PathBytes;
import dev.drydock.linux.TreeEntry;
import dev.drydock.linux.TreeWalk;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.TreeNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Scans directories of the caller's into context trees. What it learns of their files is kept in the store. */
public final class ContextScanner {
    private final Path caches;

    /** Takes the directory that keeps what earlier scans learnt; it need not exist. */
    public ContextScanner(Path caches) {
        this.caches = caches;
    }

    /** Scans a directory whose ignore patterns have no better name than themselves. */
    public ContextTree scan(String name, Path directory, List<String> excludes, List<String> follow)
            throws InterruptedException {
        return scan(name, directory, excludes, follow, pattern -> "The ignore pattern \"" + pattern + "\"");
    }

    /**
     * Scans a directory, several parts of it at a time. No file is opened.
     *
     * @param name what the context is called, for messages
     * @param excludes ignore patterns
     * @param follow only these paths are wanted, and what links in them lead to; empty means all
     * @param patternNames what an ignore pattern is called at the beginning of a sentence; asked when one is told of
     * @throws UserFault if the directory or something in it that is not ignored cannot be read
     */
    public ContextTree scan(
            String name, Path directory, List<String> excludes, List<String> follow, UnaryOperator<String> patternNames)
            throws InterruptedException {
        String root = directory.toAbsolutePath().normalize().toString();
        IgnoreMatcher ignored = IgnoreMatcher.of(excludes);
        Path file = caches.resolve(Digest.of(PathBytes.encode(root)).hex().substring(0, 32));
        try (Directory opened = open(name, root)) {
            ContextFilter filter = new ContextFilter(ignored, FollowPaths.expand(opened, follow));
            List<TreeEntry> found = withPassed(TreeWalk.list(opened, filter), filter.passed());
            StatCache cache = load(file);
            ContextEntry[] entries = new ContextEntry[found.size()];
            for (int i = 0; i < entries.length; i++) {
                TreeEntry each = found.get(i);
                String target = each.stat().isSymlink() ? opened.readLink(each.path()) : "";
                ContextEntry entry = new ContextEntry(each.path(), each.stat(), target);
                if (entry.kind == TreeNode.Kind.FILE && entry.hash == null) {
                    byte[] known = cache.find(entry);
                    if (known != null) {
                        entry.learn(known, true); // nothing else is kept
                    }
                }
                entries[i] = entry;
            }
            FileStat top = opened.stat();
            return new ScannedContext(name, root, top, entries, new StatKeeper(cache, file), ignored, patternNames);
        } catch (EnvironmentFault fault) {
            throw unreadable(fault);
        }
    }

    private static Directory open(String name, String root) {
        try {
            return Directory.open(root);
        } catch (EnvironmentFault fault) {
            if (LinuxError.is(fault, Errno.ENOENT) || LinuxError.is(fault, Errno.ENOTDIR)) {
                throw new UserFault("read " + name + ": path \"" + root + "\" not found", fault);
            }
            throw fault;
        }
    }

    /** Only the caller can make a file of the caller's readable. */
    static RuntimeException unreadable(EnvironmentFault fault) {
        if (LinuxError.is(fault, Errno.EACCES) || LinuxError.is(fault, Errno.EPERM)) {
            return new UserFault(fault.text(), fault)
                    .hint("Make it readable for the user who builds, or list it in .dockerignore.");
        }
        return fault;
    }

    private static StatCache load(Path file) {
        try {
            return StatCache.load(file);
        } catch (IOException e) {
            // It only saves time: without it every file is read again.
            return StatCache.empty();
        }
    }

    /** An ignored directory belongs to the context if something in it does. */
    private static List<TreeEntry> withPassed(List<TreeEntry> found, Map<String, FileStat> passed) {
        if (passed.isEmpty()) {
            return found;
        }
        Set<String> missing = new HashSet<>();
        for (TreeEntry entry : found) {
            String path = entry.path();
            for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                String parent = path.substring(0, slash);
                if (passed.containsKey(parent)) {
                    missing.add(parent);
                }
            }
        }
        List<TreeEntry> all = new ArrayList<>(found);
        for (String path : missing) {
            all.add(new TreeEntry(
                    path, passed.getOrDefault(path, found.getFirst().stat())));
        }
        all.sort(Comparator.comparing(TreeEntry::path, PathBytes::compare));
        return all;
    }
}
