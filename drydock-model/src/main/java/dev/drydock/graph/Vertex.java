package dev.drydock.graph;

import dev.drydock.oci.Digest;
import java.util.List;

/** An op with its inputs, addressed by the digest of both: {@link VertexEncoding} says which bytes. */
public record Vertex(Digest digest, Op op, List<Edge> inputs) {
    public Vertex {
        inputs = List.copyOf(inputs);
    }

    /** The vertex of this op over these inputs. */
    public static Vertex of(Op op, List<Edge> inputs) {
        return new Vertex(VertexEncoding.digest(op, inputs), op, inputs);
    }
}
