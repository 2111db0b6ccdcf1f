package dev.drydock.layer;

import dev.drydock.linux.Directory;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.Overlay;
import dev.drydock.snapshot.PendingLayer;
import dev.drydock.snapshot.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Collects what a caller writes into a pending layer itself, with the content digests it already knows, so that nothing
 * is walked or hashed twice. The caller owns the pending layer and makes everything it adds; entries come in any order.
 * For one thread, or with the caller's own lock.
 *
 * {@snippet :
 * try (PendingLayer pending = store.begin(tmp)) {
 *     LayerBuilder builder = new LayerBuilder(pending, parents);
 *     builder.add(LayerEntry.file("app/server", 0755, 0, 0, size, mtimeNs, List.of(), digest));
 *     return builder.commit(Instant.now());
 * }}
 */
public final class LayerBuilder {
    private final PendingLayer pending;
    private final Snapshot parents;
    private final Map<String, LayerEntry> entries = new HashMap<>();
    private final Map<String, List<String>> links = new HashMap<>();
    /** Directories that the stream did not name but needed. */
    private final Set<String> implied = new HashSet<>();
    /** Whether the stream hides everything below it. */
    private boolean hidesAll;

    /**
     * Begins with nothing.
     *
     * @param parents what the layer will lie on; empty for a layer that must not depend on it
     */
    public LayerBuilder(PendingLayer pending, Snapshot parents) {
        this.pending = pending;
        this.parents = parents;
    }

    /** Adds what was made at a path; replaces what was added for the same path before. */
    public void add(LayerEntry entry) {
        implied.remove(entry.path());
        LayerEntry before = entries.put(entry.path(), entry);
        if (before != null && before.hasBytes() && !entry.equals(before)) {
            promote(before);
        }
        if (entry.type() == LayerEntry.Type.FILE && !entry.link().isEmpty()) {
            links.computeIfAbsent(entry.link(), target -> new ArrayList<>()).add(entry.path());
        }
    }

    /** Adds a directory that must be there though nobody described it. */
    void addImplied(LayerEntry directory) {
        add(directory);
        implied.add(directory.path());
    }

    /** A file lost the name that its other names refer to: the first of them takes that place. */
    private void promote(LayerEntry gone) {
        List<String> names = links.remove(gone.path());
        String lead = "";
        for (String name : names == null ? List.<String>of() : names) {
            LayerEntry other = entries.get(name);
            if (other != null
                    && other.type() == LayerEntry.Type.FILE
                    && other.link().equals(gone.path())) {
                entries.put(name, linked(other, lead));
                if (lead.isEmpty()) {
                    lead = name;
                } else {
                    links.computeIfAbsent(lead, target -> new ArrayList<>()).add(name);
                }
            }
        }
    }

    /** What was added at a path, if anything was. */
    public Optional<LayerEntry> find(String path) {
        return Optional.ofNullable(entries.get(path));
    }

    /** Forgets what was added at a path and below it. */
    public void forget(String path) {
        List<LayerEntry> gone = new ArrayList<>();
        LayerEntry here = entries.remove(path);
        if (here != null) {
            gone.add(here);
        }
        if (here == null || here.isDirectory()) {
            String below = path + "/";
            entries.values().removeIf(each -> each.path().startsWith(below) && gone.add(each));
        }
        for (LayerEntry each : gone) {
            if (each.hasBytes()) {
                promote(each);
            }
        }
    }

    /** Gives every directory that was added its time, after all is written into it. */
    void setDirectoryTimes(Directory fs) {
        for (LayerEntry entry : entries.values()) {
            if (entry.isDirectory()) {
                fs.setTime(entry.path(), entry.mtimeNs());
            }
        }
    }

    /**
     * Commits a layer that came as a tar stream and keeps that stream's digest as its diff ID; nothing is dropped.
     *
     * @param below what it lies on, known only now: directories that the stream did not name are as they are there
     */
    public Layer commitAs(LayerUnpacker.Unpacked stream, Snapshot below, Instant created) {
        if ((hidesAll || !implied.isEmpty()) && !below.layers().isEmpty()) {
            LowerLayers lower = new LowerLayers(below);
            try (Directory fs = Directory.open(pending.fs())) {
                if (hidesAll) {
                    lower.list("").forEach(entry -> hide(fs, entry.path()));
                    implied.clear(); // nothing is as it is below
                }
                for (String path : List.copyOf(implied)) {
                    lower.find(path).filter(LayerEntry::isDirectory).ifPresent(entry -> take(fs, entry));
                }
            }
        }
        List<LayerEntry> all = new ArrayList<>(entries.values());
        LayerAssembly.sort(all);
        return LayerAssembly.commitAs(pending, firstNames(all), stream, created);
    }

    /** Everything that lower layers have is to be hidden. Overlays know no such mark on a root: it is written out at the end. */
    void hideAll() {
        hidesAll = true;
    }

    private void hide(Directory fs, String name) {
        Optional<LayerEntry> here = find(name);
        if (here.isEmpty()) {
            Overlay.makeWhiteout(fs, name);
            add(LayerEntry.whiteout(name));
        } else if (here.get().isDirectory()) {
            Overlay.setOpaque(fs.xattrs(name));
            add(here.get().withOpaque(true));
        }
    }

    private void take(Directory fs, LayerEntry lower) {
        fs.chown(lower.path(), lower.uid(), lower.gid());
        fs.chmod(lower.path(), lower.mode());
        fs.setTime(lower.path(), lower.mtimeNs());
        boolean opaque = find(lower.path()).map(LayerEntry::opaque).orElse(false);
        add(lower.withOpaque(opaque));
    }

    /**
     * Commits the layer: directories that stand above an entry and were not added are taken as they are in the pending
     * layer, files without a content digest are hashed, and what says nothing beyond the parents is dropped.
     */
    public Layer commit(Instant created) throws InterruptedException {
        List<LayerEntry> all = new ArrayList<>(entries.values());
        try (Directory fs = Directory.open(pending.fs())) {
            for (LayerEntry entry : entries.values().toArray(LayerEntry[]::new)) {
                addParents(fs, LayerEntry.parentOf(entry.path()), all);
            }
        }
        LayerAssembly.sort(all);
        return LayerAssembly.commit(pending, parents, firstNames(all), created);
    }

    private void addParents(Directory fs, String path, List<LayerEntry> all) {
        if (!path.isEmpty() && !entries.containsKey(path)) {
            LayerEntry directory = LayerEntry.of(path, fs.stat(path), "");
            entries.put(path, directory);
            all.add(directory);
            addParents(fs, LayerEntry.parentOf(path), all);
        }
    }

    /** In the stream the first name of a file in order has the bytes, whichever the caller made first. */
    private static List<LayerEntry> firstNames(List<LayerEntry> sorted) {
        Map<String, String> first = new HashMap<>();
        for (LayerEntry entry : sorted) {
            if (entry.type() == LayerEntry.Type.FILE && !entry.link().isEmpty()) {
                first.merge(entry.link(), entry.path(), (a, b) -> a);
            }
        }
        if (first.isEmpty()) {
            return sorted;
        }
        List<LayerEntry> result = new ArrayList<>(sorted.size());
        for (LayerEntry entry : sorted) {
            String group = entry.link().isEmpty() ? entry.path() : entry.link();
            String other = entry.type() == LayerEntry.Type.FILE ? first.get(group) : null;
            if (other == null) {
                result.add(entry);
            } else {
                String lead = dev.drydock.linux.PathBytes.compare(other, group) < 0 ? other : group;
                result.add(linked(entry, entry.path().equals(lead) ? "" : lead));
            }
        }
        return result;
    }

    private static LayerEntry linked(LayerEntry e, String link) {
        return new LayerEntry(
                e.path(),
                e.type(),
                e.mode(),
                e.uid(),
                e.gid(),
                e.size(),
                e.mtimeNs(),
                0,
                0,
                link,
                false,
                e.xattrs(),
                e.content());
    }
}
