package dev.drydock.layer;

import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a snapshot shows at a path, told from the indexes of its layers alone. For one thread. */
final class LowerLayers {
    private final Map<String, List<LayerIndex>> visible = new HashMap<>();

    LowerLayers(Snapshot snapshot) {
        List<LayerIndex> topFirst = new ArrayList<>();
        for (Layer layer : snapshot.layers().reversed()) {
            LayerIndex index = LayerIndex.of(layer);
            if (!index.isEmpty()) {
                topFirst.add(index);
            }
        }
        visible.put("", topFirst);
    }

    /** What is seen at a path, if anything is. */
    Optional<LayerEntry> find(String path) {
        for (LayerIndex index : layersOf(LayerEntry.parentOf(path))) {
            Optional<LayerEntry> entry = index.find(path);
            if (entry.isPresent()) {
                return entry.filter(found -> found.type() != LayerEntry.Type.WHITEOUT);
            }
        }
        return Optional.empty();
    }

    /** What is seen in a directory; nothing if it is none. */
    Collection<LayerEntry> list(String directory) {
        Map<String, LayerEntry> seen = new LinkedHashMap<>();
        for (LayerIndex index : layersOf(directory)) {
            for (LayerEntry entry : index.children(directory)) {
                seen.putIfAbsent(entry.path(), entry);
            }
        }
        seen.values().removeIf(entry -> entry.type() == LayerEntry.Type.WHITEOUT);
        return seen.values();
    }

    /** The layers whose entries in a directory are seen, the topmost first; none if it is no directory. */
    private List<LayerIndex> layersOf(String directory) {
        List<LayerIndex> known = visible.get(directory);
        if (known != null) {
            return known;
        }
        List<LayerIndex> merged = new ArrayList<>();
        for (LayerIndex index : layersOf(LayerEntry.parentOf(directory))) {
            Optional<LayerEntry> entry = index.find(directory);
            if (entry.isEmpty()) {
                continue;
            }
            if (!entry.get().isDirectory()) {
                break;
            }
            merged.add(index);
            if (entry.get().opaque()) {
                break;
            }
        }
        visible.put(directory, merged);
        return merged;
    }
}
