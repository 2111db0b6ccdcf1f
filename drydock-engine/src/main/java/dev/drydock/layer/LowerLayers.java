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
import org.jspecify.annotations.Nullable;

/** What a snapshot shows at a path, told from the indexes of its layers alone. For one thread. */
final class LowerLayers {
    private final Map<String, List<Below>> visible = new HashMap<>();
    /** Questions come in the order of paths: the next one is mostly about the same directory. */
    private String directory = "";

    private List<Below> layersOfDirectory;

    LowerLayers(Snapshot snapshot) {
        List<Below> topFirst = new ArrayList<>();
        for (Layer layer : snapshot.layers().reversed()) {
            if (!layer.isEmpty()) {
                topFirst.add(new Below(layer));
            }
        }
        visible.put("", topFirst);
        layersOfDirectory = topFirst;
    }

    /** A layer whose index is read when somebody looks below those that are above it. */
    private static final class Below {
        private final Layer layer;
        private @Nullable LayerIndex index;

        Below(Layer layer) {
            this.layer = layer;
        }

        LayerIndex index() {
            LayerIndex read = index;
            if (read == null) {
                read = LayerIndex.of(layer);
                index = read;
            }
            return read;
        }
    }

    /** What is seen at a path, if anything is. */
    Optional<LayerEntry> find(String path) {
        if (path.lastIndexOf('/') != (directory.isEmpty() ? -1 : directory.length()) || !path.startsWith(directory)) {
            directory = LayerEntry.parentOf(path);
            layersOfDirectory = layersOf(directory);
        }
        for (Below layer : layersOfDirectory) {
            Optional<LayerEntry> entry = layer.index().find(path);
            if (entry.isPresent()) {
                return entry.filter(found -> found.type() != LayerEntry.Type.WHITEOUT);
            }
        }
        return Optional.empty();
    }

    /** What is seen in a directory; nothing if it is none. */
    Collection<LayerEntry> list(String directory) {
        Map<String, LayerEntry> seen = new LinkedHashMap<>();
        for (Below layer : layersOf(directory)) {
            for (LayerEntry entry : layer.index().children(directory)) {
                seen.putIfAbsent(entry.path(), entry);
            }
        }
        seen.values().removeIf(entry -> entry.type() == LayerEntry.Type.WHITEOUT);
        return seen.values();
    }

    /** The layers whose entries in a directory are seen, the topmost first; none if it is no directory. */
    private List<Below> layersOf(String directory) {
        List<Below> known = visible.get(directory);
        if (known != null) {
            return known;
        }
        List<Below> merged = new ArrayList<>();
        for (Below layer : layersOf(LayerEntry.parentOf(directory))) {
            Optional<LayerEntry> entry = layer.index().find(directory);
            if (entry.isEmpty()) {
                continue;
            }
            if (!entry.get().isDirectory()) {
                break;
            }
            merged.add(layer);
            if (entry.get().opaque()) {
                break;
            }
        }
        visible.put(directory, merged);
        return merged;
    }
}
