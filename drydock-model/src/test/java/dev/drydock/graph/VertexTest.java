package dev.drydock.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.oci.Digest;
import dev.drydock.oci.Platform;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VertexTest {
    /** What caches of earlier versions are keyed by: another digest costs every user every cached step. */
    @Test
    void digestsOfVerticesStayWhatTheyAre() {
        Op image = new Op.Image("docker.io/library/a:1", Digest.of(new byte[0]), Platform.parse("linux/amd64"));
        assertThat(Vertex.of(image, List.of()).digest())
                .hasToString("sha256:c848d74a130229e8fa496781724de3494eba8b11b105431ba593b7d2f7d839da");
        Op http = new Op.Http("http://a/b", Digest.of(new byte[] {1}), "b", 0, 0, 0);
        Edge edge = new Edge(Digest.of(new byte[] {2}), 1);
        assertThat(Vertex.of(http, List.of(edge)).digest())
                .hasToString("sha256:23628bbe5258d6a7d5d44e8147b13f1ed1a1db999b6861d07bf597a40659e07b");
    }
}
