package dev.drydock.graph;

import dev.drydock.oci.Digest;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An immutable acyclic graph; every input of a vertex is in it and comes before it. */
public final class BuildGraph {
    private final Map<Digest, Vertex> vertices;

    /** Takes vertices with inputs first; the same vertex may occur twice. */
    public BuildGraph(Collection<Vertex> inOrder) {
        Map<Digest, Vertex> map = new LinkedHashMap<>();
        for (Vertex vertex : inOrder) {
            for (Edge input : vertex.inputs()) {
                if (!map.containsKey(input.vertex())) {
                    throw new IllegalArgumentException("vertex " + vertex.digest() + " comes before its input");
                }
            }
            map.putIfAbsent(vertex.digest(), vertex);
        }
        this.vertices = Collections.unmodifiableMap(map);
    }

    public Vertex vertex(Digest digest) {
        Vertex vertex = vertices.get(digest);
        if (vertex == null) {
            throw new IllegalArgumentException("no vertex " + digest);
        }
        return vertex;
    }

    /** All vertices, inputs first. */
    public List<Vertex> vertices() {
        return List.copyOf(vertices.values());
    }
}
