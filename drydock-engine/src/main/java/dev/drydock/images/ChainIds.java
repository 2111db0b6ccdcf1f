package dev.drydock.images;

import dev.drydock.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Chain IDs: one for each layer, naming it together with all below it.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/config.md#layer-chainid">OCI chain IDs</a>
 */
final class ChainIds {
    private ChainIds() {}

    static List<Digest> of(List<Digest> diffIds) {
        List<Digest> chain = new ArrayList<>();
        for (Digest diffId : diffIds) {
            chain.add(
                    chain.isEmpty()
                            ? diffId
                            : Digest.of((chain.getLast() + " " + diffId).getBytes(StandardCharsets.UTF_8)));
        }
        return chain;
    }
}
