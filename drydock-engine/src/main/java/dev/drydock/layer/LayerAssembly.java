package dev.drydock.layer;

import dev.drydock.linux.Directory;
import dev.drydock.linux.OpenFile;
import dev.drydock.linux.PathBytes;
import dev.drydock.linux.Xattrs;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.FileDigest;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.PendingLayer;
import dev.drydock.snapshot.Snapshot;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * From the entries of a pending layer to a committed one. What says nothing beyond the layers below goes, from the
 * directory too: directories whose time alone differs, files rewritten as they were, deletions of what is not there.
 */
final class LayerAssembly {
    /** While the stream of that many bytes is digested, a disk writes them. */
    private static final long WORTH_SYNCING = 16 << 20;

    private final Directory fs;
    private final Snapshot parents;
    private final LowerLayers lower;
    private final Set<String> dropped = new HashSet<>();
    private List<LayerEntry> entries;

    private LayerAssembly(Directory fs, Snapshot parents, List<LayerEntry> entries) {
        this.fs = fs;
        this.parents = parents;
        this.lower = new LowerLayers(parents);
        this.entries = entries;
    }

    /** Commits a layer of entries that are in order and have their directories before them. */
    static Layer commit(PendingLayer pending, Snapshot parents, List<LayerEntry> entries, Instant created)
            throws InterruptedException {
        try (Directory fs = Directory.open(pending.fs())) {
            LayerAssembly assembly = new LayerAssembly(fs, parents, entries);
            assembly.entries = ExplicitWhiteouts.in(fs, assembly.lower, entries);
            if (!parents.layers().isEmpty() || assembly.deletesAnything()) {
                assembly.dropWhatSaysNothing();
            }
            if (assembly.bytes() >= WORTH_SYNCING) {
                pending.startSync();
            }
            TarWriter.Stream stream = TarWriter.write(fs, assembly.entries, OutputStream.nullOutputStream());
            return pending.commit(stream.facts(created), IndexEncoder.encode(withContents(stream.entries())));
        }
    }

    /** Commits entries whose contents are known under the digest of the stream that they came in. */
    static Layer commitAs(
            PendingLayer pending, List<LayerEntry> entries, LayerUnpacker.Unpacked stream, Instant created) {
        TarWriter.Stream all = new TarWriter.Stream(stream.digest(), stream.length(), entries);
        return pending.commit(all.facts(created), IndexEncoder.encode(withContents(entries)));
    }

    /** Further names of a file have its content and attributes. */
    private static List<LayerEntry> withContents(List<LayerEntry> entries) {
        Map<String, LayerEntry> first = new HashMap<>();
        for (LayerEntry entry : entries) {
            if (entry.type() == LayerEntry.Type.FILE && !entry.link().isEmpty()) {
                first.put(entry.link(), entry);
            }
        }
        if (first.isEmpty()) {
            return entries;
        }
        List<LayerEntry> whole = new ArrayList<>(entries.size());
        for (LayerEntry entry : entries) {
            if (entry.hasBytes() && first.containsKey(entry.path())) {
                first.put(entry.path(), entry);
            }
            LayerEntry target = first.get(entry.link());
            if (target != null
                    && entry.type() == LayerEntry.Type.FILE
                    && !entry.link().isEmpty()) {
                whole.add(entry.with(target.xattrs(), target.content()));
            } else {
                whole.add(entry);
            }
        }
        return whole;
    }

    private long bytes() {
        long bytes = 0;
        for (LayerEntry entry : entries) {
            bytes += entry.hasBytes() ? entry.size() : 0;
        }
        return bytes;
    }

    private boolean deletesAnything() {
        return entries.stream().anyMatch(entry -> entry.type() == LayerEntry.Type.WHITEOUT);
    }

    private void dropWhatSaysNothing() throws InterruptedException {
        Set<String> needed = new HashSet<>();
        Set<String> changedFiles = changedFiles();
        for (LayerEntry entry : entries) {
            if (saysSomething(entry, changedFiles)) {
                need(entry.path(), needed);
            }
        }
        List<LayerEntry> result = new ArrayList<>(needed.size());
        for (LayerEntry entry : entries) {
            if (needed.contains(entry.path())) {
                result.add(entry);
            } else {
                dropped.add(entry.path());
            }
        }
        remove(entries, result);
        entries = result;
    }

    private static void need(String path, Set<String> needed) {
        String each = path;
        while (!each.isEmpty() && needed.add(each)) {
            each = LayerEntry.parentOf(each);
        }
    }

    private boolean saysSomething(LayerEntry entry, Set<String> changedFiles) {
        Optional<LayerEntry> below = lower.find(entry.path());
        return switch (entry.type()) {
            case WHITEOUT -> below.isPresent();
            case FILE -> changedFiles.contains(entry.path());
            case DIRECTORY -> below.isEmpty() || !entry.sameAttributes(below.get());
            case SYMLINK, CHAR_DEVICE, BLOCK_DEVICE, FIFO -> below.isEmpty() || !entry.sameAttributes(below.get());
        };
    }

    /** Files that are not as they were below. Further names of one file stay or go together. */
    private Set<String> changedFiles() throws InterruptedException {
        Set<String> changed = new HashSet<>();
        Set<String> changedGroups = new HashSet<>();
        for (LayerEntry entry : entries) {
            if (entry.type() == LayerEntry.Type.FILE && !sameAsBelow(entry)) {
                changed.add(entry.path());
                changedGroups.add(groupOf(entry));
            }
        }
        for (LayerEntry entry : entries) {
            if (entry.type() == LayerEntry.Type.FILE && changedGroups.contains(groupOf(entry))) {
                changed.add(entry.path());
            }
        }
        return changed;
    }

    private static String groupOf(LayerEntry entry) {
        return entry.link().isEmpty() ? entry.path() : entry.link();
    }

    private boolean sameAsBelow(LayerEntry entry) throws InterruptedException {
        Optional<LayerEntry> found = lower.find(entry.path());
        if (found.isEmpty() || found.get().type() != LayerEntry.Type.FILE) {
            return false;
        }
        LayerEntry below = found.get();
        if (entry.size() != below.size() || entry.mtimeNs() != below.mtimeNs()) {
            return false;
        }
        LayerEntry known = entry.content() == null ? read(entry) : entry;
        return known.sameAttributes(below)
                && known.content() != null
                && known.content().equals(below.content());
    }

    /** Reads a file before its turn, because whether it goes into the stream depends on it. Rare. */
    private LayerEntry read(LayerEntry entry) throws InterruptedException {
        try (OpenFile file = fs.openFile(entry.path())) {
            byte[] hash = new FileDigest(new byte[64 * 1024]).of(file, entry.size());
            return entry.with(capability(file.xattrs()), Digest.sha256(hash));
        }
    }

    static List<Xattr> capability(Xattrs xattrs) {
        return xattrs.get(Xattr.CAPABILITY)
                .map(value -> List.of(new Xattr(Xattr.CAPABILITY, value)))
                .orElse(List.of());
    }

    /** Removes what was dropped, and gives the directories that stay their times again. */
    private void remove(List<LayerEntry> all, List<LayerEntry> staying) {
        if (dropped.isEmpty()) {
            return;
        }
        Set<String> touched = new HashSet<>();
        for (LayerEntry entry : all.reversed()) {
            if (dropped.contains(entry.path())) {
                if (entry.isDirectory()) {
                    fs.removeDirectory(entry.path());
                } else {
                    fs.unlink(entry.path());
                }
                touched.add(LayerEntry.parentOf(entry.path()));
            }
        }
        for (LayerEntry entry : staying) {
            if (touched.contains(entry.path())) {
                fs.setTime(entry.path(), entry.mtimeNs());
            }
        }
    }

    static void sort(List<LayerEntry> entries) {
        entries.sort((a, b) -> PathBytes.compare(a.path(), b.path()));
    }

    @Override
    public String toString() {
        return fs.path() + " on " + parents.layers().size() + " layers";
    }
}
