package dev.drydock.snapshot;

import java.util.ArrayList;
import java.util.List;

/** A file tree: committed layers, the lowest first. The empty list is an empty tree. Never changes. */
public record Snapshot(List<Layer> layers) {
    /** The empty tree. */
    public static final Snapshot EMPTY = new Snapshot(List.of());

    public Snapshot {
        layers = List.copyOf(layers);
    }

    /** This tree with another layer on top. */
    public Snapshot with(Layer top) {
        List<Layer> all = new ArrayList<>(layers);
        all.add(top);
        return new Snapshot(all);
    }
}
