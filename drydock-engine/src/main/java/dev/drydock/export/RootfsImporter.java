package dev.drydock.export;

import dev.drydock.images.ImageStore;
import dev.drydock.images.ImageStore.Unnamed;
import dev.drydock.images.StoredImage;
import dev.drydock.metadata.Claims;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfig.History;
import dev.drydock.oci.ImageConfig.RunConfig;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import dev.drydock.snapshot.Layer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes an image of one layer that came as it is. */
public final class RootfsImporter {
    private final ImageStore images;
    private final Claims claims;

    /** @param claims of the work that unpacked the layer */
    public RootfsImporter(ImageStore images, Claims claims) {
        this.images = images;
        this.claims = claims;
    }

    /**
     * Stores the image. A name that exists moves and leaves its image behind.
     *
     * @param config what a container is started with
     * @param message the comment in the history
     */
    public StoredImage store(
            Layer layer, RunConfig config, String message, Platform platform, Instant now, @Nullable ImageRef name) {
        ImageConfig image = new ImageConfig(
                platform,
                null,
                now,
                config,
                List.of(new History(now, null, null, message, false)),
                List.of(layer.diffId()));
        return images.put(
                claims,
                ImageConfigJson.write(image),
                List.of(layer),
                name == null ? List.of() : List.of(name),
                Unnamed.KEEP);
    }
}
