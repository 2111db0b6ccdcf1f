package dev.drydock.runtime;

import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import dev.drydock.snapshot.Overlay;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A root that is a copy of its layers, for hosts without an overlay. What the step changed is found by comparing inode and
 * change time of everything with what they were before, and is moved to where an overlay would have put it.
 */
final class CopiedRoot {
    /** No kernel's clock for files is coarser. */
    private static final long CLOCK_GRAIN_MILLIS = 20;

    private final Path root;
    private final Map<String, Map<String, Stamp>> before = new HashMap<>();

    /** A later change of any kind makes another one. */
    private record Stamp(long inode, long changed, boolean directory) {
        static Stamp of(FileStat stat) {
            return new Stamp(stat.inode(), stat.ctimeNs(), stat.isDirectory());
        }
    }

    private CopiedRoot(Path root) {
        this.root = root;
    }

    /** Fills the empty directory {@code root} with what the layers show, the lowest first. */
    static CopiedRoot make(List<Path> lowers, Path root) throws InterruptedException {
        CopiedTree.copy(lowers, root);
        CopiedRoot copied = new CopiedRoot(root);
        try (Directory top = Directory.open(root)) {
            copied.remember(top, "");
        }
        Thread.sleep(CLOCK_GRAIN_MILLIS);
        return copied;
    }

    private void remember(Directory directory, String path) {
        Map<String, Stamp> stamps = new HashMap<>();
        for (String name : directory.names()) {
            FileStat stat = directory.stat(name);
            stamps.put(name, Stamp.of(stat));
            if (stat.isDirectory()) {
                try (Directory below = directory.openDirectory(name)) {
                    remember(below, path + "/" + name);
                }
            }
        }
        before.put(path, stamps);
    }

    /** Takes note that what is at a path is what was there, though it was moved away meanwhile and back. */
    void unchanged(String path, FileStat now) {
        int slash = path.lastIndexOf('/');
        before.getOrDefault(path.substring(0, slash), Map.of())
                .computeIfPresent(path.substring(slash + 1), (_, _) -> Stamp.of(now));
    }

    /** Moves what has changed into the empty directory {@code upper}, with deletions as overlayfs writes them. */
    void moveChanges(Path upper) {
        try (Directory from = Directory.open(root);
                Directory into = Directory.open(upper)) {
            FileStat stat = from.stat();
            into.chown("", stat.uid(), stat.gid());
            into.chmod("", stat.permissions());
            changes(from, into, "");
            into.setTime("", stat.mtimeNs());
        }
    }

    /** Returns whether anything was moved or deleted. */
    private void changes(Directory from, Directory into, String path) {
        Map<String, Stamp> stamps = before.getOrDefault(path, Map.of());
        Set<String> here = new HashSet<>();
        for (String name : from.names()) {
            here.add(name);
            FileStat stat = from.stat(name);
            Stamp was = stamps.get(name);
            if (!stat.isDirectory()) {
                if (!Stamp.of(stat).equals(was)) {
                    from.rename(name, into, name);
                }
            } else if (was == null || !was.directory()) {
                from.rename(name, into, name);
            } else {
                directory(from, into, path + "/" + name, stat, !Stamp.of(stat).equals(was));
            }
        }
        for (String name : stamps.keySet()) {
            if (!here.contains(name)) {
                Overlay.makeWhiteout(into, name);
            }
        }
    }

    private void directory(Directory from, Directory into, String path, FileStat stat, boolean changed) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (!changed && !differsBelow(from, path, name)) {
            return;
        }
        into.makeDirectory(name, 0700);
        try (Directory source = from.openDirectory(name);
                Directory target = into.openDirectory(name)) {
            changes(source, target, path);
        }
        into.chown(name, stat.uid(), stat.gid());
        into.chmod(name, stat.permissions());
        into.setTime(name, stat.mtimeNs());
    }

    private boolean differsBelow(Directory parent, String path, String name) {
        Map<String, Stamp> stamps = before.getOrDefault(path, Map.of());
        try (Directory directory = parent.openDirectory(name)) {
            List<String> directories = new ArrayList<>();
            for (String each : directory.names()) {
                FileStat stat = directory.stat(each);
                if (!Stamp.of(stat).equals(stamps.get(each))) {
                    return true;
                }
                if (stat.isDirectory()) {
                    directories.add(each);
                }
            }
            return directories.stream().anyMatch(each -> differsBelow(directory, path + "/" + each, each));
        }
    }
}
