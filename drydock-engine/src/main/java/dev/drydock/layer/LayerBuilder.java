package dev.drydock.layer;

import dev.drydock.linux.Directory;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.PendingLayer;
import dev.drydock.snapshot.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        entries.put(entry.path(), entry);
    }

    /** What was added at a path, if anything was. */
    public Optional<LayerEntry> find(String path) {
        return Optional.ofNullable(entries.get(path));
    }

    /** Forgets what was added at a path and below it. */
    public void forget(String path) {
        entries.remove(path);
        entries.keySet()
                .removeIf(each ->
                        each.startsWith(path) && each.length() > path.length() && each.charAt(path.length()) == '/');
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
