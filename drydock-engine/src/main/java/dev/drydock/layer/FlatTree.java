package dev.drydock.layer;

import dev.drydock.linux.PathBytes;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a snapshot shows, told from the indexes of its layers: each directory's entries once, with the attributes that the
 * image has. For one thread.
 */
public final class FlatTree {
    private final List<Indexed> topFirst = new ArrayList<>();

    private record Indexed(Layer layer, LayerIndex index) {}

    /**
     * An entry, and the layer that it is seen in.
     *
     * @param entry a path in the tree
     */
    public record Node(LayerEntry entry, Layer layer) {
        /** Whether it is a directory. */
        public boolean isDirectory() {
            return entry.isDirectory();
        }

        /** The last part of its path. */
        public String name() {
            return entry.path().substring(entry.path().lastIndexOf('/') + 1);
        }

        /** What the names of one file have in common; only for a regular file. */
        public String file() {
            return layer.id().value() + '/' + (entry.link().isEmpty() ? entry.path() : entry.link());
        }
    }

    /** A directory of the tree, to ask for what is in it. */
    public static final class Place {
        private final String path;
        private final List<Indexed> layers;

        private Place(String path, List<Indexed> layers) {
            this.path = path;
            this.layers = layers;
        }
    }

    /** The tree of a snapshot. */
    public FlatTree(Snapshot snapshot) {
        for (Layer layer : snapshot.layers().reversed()) {
            LayerIndex index = LayerIndex.of(layer);
            if (!index.isEmpty()) {
                topFirst.add(new Indexed(layer, index));
            }
        }
    }

    /** The tree's root. */
    public Place root() {
        return new Place("", topFirst);
    }

    /** What is in a directory, ordered by name. */
    public Collection<Node> list(Place place) {
        TreeMap<String, Node> seen = new TreeMap<>(PathBytes::compare);
        for (Indexed each : place.layers) {
            for (LayerEntry entry : each.index.children(place.path)) {
                seen.putIfAbsent(entry.path(), new Node(entry, each.layer));
            }
        }
        seen.values().removeIf(node -> node.entry().type() == LayerEntry.Type.WHITEOUT);
        return seen.values();
    }

    /** Goes into a directory that {@link #list} gave for {@code place}. */
    public Place enter(Place place, Node directory) {
        List<Indexed> parts = new ArrayList<>();
        for (Indexed each : place.layers) {
            Optional<LayerEntry> entry = each.index.find(directory.entry().path());
            if (entry.isEmpty()) {
                continue;
            }
            if (!entry.get().isDirectory()) {
                break;
            }
            parts.add(each);
            if (entry.get().opaque()) {
                break;
            }
        }
        return new Place(directory.entry().path(), parts);
    }
}
