package dev.drydock.layer;

import dev.drydock.linux.Directory;
import dev.drydock.linux.OpenFile;
import dev.drydock.linux.PathBytes;
import dev.drydock.linux.Xattrs;
import dev.drydock.oci.Digest;
import dev.drydock.snapshot.FileDigest;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerFacts;
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
            // written beside the reading and hashing
            IndexEncoder index = new IndexEncoder(assembly.entries.size());
            Contents contents = new Contents(assembly.entries);
            TarWriter.Stream stream = TarWriter.write(
                    fs,
                    assembly.entries,
                    OutputStream.nullOutputStream(),
                    entry -> index.add(contents.completed(entry)));
            return pending.commit(stream.facts(created), index.body());
        }
    }

    /** Commits entries whose contents are known under the digest of the stream that they came in. */
    static Layer commitAs(
            PendingLayer pending, List<LayerEntry> entries, LayerUnpacker.Unpacked stream, Instant created) {
        IndexEncoder index = new IndexEncoder(entries.size());
        Contents contents = new Contents(entries);
        long files = 0;
        for (LayerEntry entry : entries) {
            files += entry.hasBytes() ? entry.size() : 0;
            index.add(contents.completed(entry));
        }
        TarWriter.Stream all = new TarWriter.Stream(stream.digest(), LayerFacts.UNKNOWN, stream.length(), files);
        return pending.commit(all.facts(created), index.body());
    }

    /** What further names of a file have of its first one: content and attributes. Asked in the order of the entries. */
    private static final class Contents {
        private final Map<String, LayerEntry> first = new HashMap<>();

        Contents(List<LayerEntry> entries) {
            for (LayerEntry entry : entries) {
                if (isFurtherName(entry)) {
                    first.put(entry.link(), entry);
                }
            }
        }

        private static boolean isFurtherName(LayerEntry entry) {
            return entry.type() == LayerEntry.Type.FILE && !entry.link().isEmpty();
        }

        LayerEntry completed(LayerEntry entry) {
            if (first.isEmpty()) {
                return entry;
            }
            if (entry.hasBytes() && first.containsKey(entry.path())) {
                first.put(entry.path(), entry);
            }
            LayerEntry target = first.get(entry.link());
            return target != null && isFurtherName(entry) ? entry.with(target.xattrs(), target.content()) : entry;
        }
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
        boolean[] needed = changedFiles();
        for (int i = 0; i < needed.length; i++) {
            LayerEntry entry = entries.get(i);
            needed[i] |= entry.type() != LayerEntry.Type.FILE && saysSomething(entry);
        }
        needDirectories(needed);
        List<LayerEntry> result = new ArrayList<>(entries.size());
        for (int i = 0; i < needed.length; i++) {
            if (needed[i]) {
                result.add(entries.get(i));
            } else {
                dropped.add(entries.get(i).path());
            }
        }
        remove(entries, result);
        entries = result;
    }

    /** What is needed needs all directories above it. */
    private void needDirectories(boolean[] needed) {
        int[] above = new int[needed.length];
        int nearest = -1;
        for (int i = 0; i < needed.length; i++) {
            String path = entries.get(i).path();
            while (nearest >= 0 && !isBelow(path, entries.get(nearest).path())) {
                nearest = above[nearest];
            }
            above[i] = nearest;
            if (entries.get(i).isDirectory()) {
                nearest = i;
            }
        }
        for (int i = needed.length - 1; i >= 0; i--) {
            if (needed[i] && above[i] >= 0) {
                needed[above[i]] = true;
            }
        }
    }

    private static boolean isBelow(String path, String directory) {
        return path.length() > directory.length()
                && path.charAt(directory.length()) == '/'
                && path.startsWith(directory);
    }

    private boolean saysSomething(LayerEntry entry) {
        Optional<LayerEntry> below = lower.find(entry.path());
        return entry.type() == LayerEntry.Type.WHITEOUT
                ? below.isPresent()
                : below.isEmpty() || !entry.sameAttributes(below.get());
    }

    /** Files that are not as they were below. Further names of one file stay or go together. */
    private boolean[] changedFiles() throws InterruptedException {
        boolean[] changed = new boolean[entries.size()];
        Set<String> groups = new HashSet<>();
        for (int i = 0; i < changed.length; i++) {
            LayerEntry entry = entries.get(i);
            if (entry.type() == LayerEntry.Type.FILE && !entry.link().isEmpty()) {
                groups.add(entry.link());
            }
            changed[i] = entry.type() == LayerEntry.Type.FILE && !sameAsBelow(entry);
        }
        if (!groups.isEmpty()) {
            changeTogether(changed, groups);
        }
        return changed;
    }

    private void changeTogether(boolean[] changed, Set<String> groups) {
        Set<String> changedGroups = new HashSet<>();
        for (int i = 0; i < changed.length; i++) {
            if (changed[i] && groups.contains(groupOf(entries.get(i)))) {
                changedGroups.add(groupOf(entries.get(i)));
            }
        }
        for (int i = 0; i < changed.length; i++) {
            LayerEntry entry = entries.get(i);
            changed[i] |= entry.type() == LayerEntry.Type.FILE && changedGroups.contains(groupOf(entry));
        }
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
