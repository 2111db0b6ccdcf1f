package dev.drydock.layer;

import dev.drydock.fault.Bug;
import dev.drydock.linux.Directory;
import dev.drydock.linux.FileStat;
import dev.drydock.linux.PathBytes;
import dev.drydock.linux.TreeEntry;
import dev.drydock.linux.TreeWalk;
import dev.drydock.linux.Xattrs;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.Overlay;
import dev.drydock.snapshot.PendingLayer;
import dev.drydock.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Commits an overlay's upper directory: what a command changed, as overlayfs wrote it down. */
public final class LayerDiff {
    private LayerDiff() {}

    /**
     * Commits a pending layer whose directory was the upper directory of an overlay over {@code parents}, or was simply
     * filled. The overlay is no longer mounted. Dropped are directories whose time alone changed, files rewritten with
     * the same content and attributes, deletions of nothing, sockets, and the mount stubs.
     *
     * @param stubs paths (absolute or relative) that the runtime made to mount something on: removed if they are empty
     *     and the parents do not have them
     */
    public static Layer commit(PendingLayer pending, Snapshot parents, Collection<String> stubs, LayerTimes times)
            throws InterruptedException {
        List<LayerEntry> entries;
        try (Directory fs = Directory.open(pending.fs())) {
            if (!stubs.isEmpty()) {
                removeStubs(fs, new LowerLayers(parents), stubs);
            }
            entries = entries(fs, times.latestNs());
        }
        return LayerAssembly.commit(pending, parents, entries, times.created());
    }

    /**
     * Commits a pending layer that was simply filled.
     *
     * @param contents digests of files that are known already and have no extended attributes; other files are read for
     *     theirs
     */
    public static Layer commit(PendingLayer pending, Snapshot parents, Map<String, Digest> contents, LayerTimes times)
            throws InterruptedException {
        List<LayerEntry> entries;
        try (Directory fs = Directory.open(pending.fs())) {
            entries = entries(fs, times.latestNs());
        }
        entries.replaceAll(entry -> {
            Digest content = entry.hasBytes() ? contents.get(entry.path()) : null;
            return content == null ? entry : entry.with(List.of(), content);
        });
        return LayerAssembly.commit(pending, parents, entries, times.created());
    }

    private static void removeStubs(Directory fs, LowerLayers lower, Collection<String> stubs) {
        List<String> deepestFirst = new ArrayList<>();
        for (String stub : stubs) {
            String path = stub.replaceAll("^/+|/+$", "");
            if (!path.isEmpty()) {
                deepestFirst.add(path);
            }
        }
        deepestFirst.sort((a, b) -> PathBytes.compare(b, a));
        for (String path : deepestFirst) {
            Optional<FileStat> found = fs.find(path);
            if (found.isEmpty() || lower.find(path).isPresent()) {
                continue;
            }
            if (found.get().isRegular() && found.get().size() == 0) {
                fs.unlink(path);
            } else if (found.get().isDirectory() && isEmpty(fs, path)) {
                fs.removeDirectory(path);
            }
        }
    }

    private static boolean isEmpty(Directory fs, String path) {
        try (Directory directory = fs.openDirectory(path)) {
            return directory.names().isEmpty();
        }
    }

    /**
     * Everything in a directory as entries in order, without contents. Sockets are removed. Times are settled before
     * entries are compared with those below: what lies there was settled, too.
     */
    private static List<LayerEntry> entries(Directory fs, long latestNs) throws InterruptedException {
        List<TreeEntry> tree = TreeWalk.list(fs);
        List<LayerEntry> entries = new ArrayList<>(tree.size());
        Map<Long, String> firstNames = new HashMap<>();
        for (TreeEntry each : tree) {
            FileStat stat = each.stat();
            if (stat.type() == FileStat.SOCKET) {
                fs.unlink(each.path());
                continue;
            }
            LayerEntry entry = stat.isDirectory()
                    ? directory(fs, each)
                    : LayerEntry.of(each.path(), stat, link(fs, each, firstNames));
            entries.add(entry.mtimeNs() > latestNs ? entry.withTime(latestNs) : entry);
        }
        return entries;
    }

    private static String link(Directory fs, TreeEntry entry, Map<Long, String> firstNames) {
        if (entry.stat().isSymlink()) {
            return fs.readLink(entry.path());
        }
        if (entry.stat().isRegular() && entry.stat().links() > 1) {
            String first = firstNames.putIfAbsent(entry.stat().inode(), entry.path());
            return first == null ? "" : first;
        }
        return "";
    }

    private static LayerEntry directory(Directory fs, TreeEntry entry) {
        LayerEntry directory = LayerEntry.of(entry.path(), entry.stat(), "");
        Xattrs xattrs = fs.xattrs(entry.path());
        boolean opaque = false;
        for (String name : xattrs.names()) {
            if (name.endsWith(".overlay.redirect")) {
                throw new Bug("commit " + entry.path() + ": overlay was mounted with redirect_dir=on");
            }
            opaque |= name.endsWith(".overlay.opaque") && Overlay.isOpaque(xattrs);
        }
        return opaque ? directory.withOpaque(true) : directory;
    }
}
