package dev.drydock.images;

import dev.drydock.snapshot.Layer;
import java.util.List;

/**
 * An image that stays usable while the {@link Work} that claimed it lasts, even if it is removed meanwhile.
 *
 * @param layers the lowest first
 */
public record ClaimedImage(StoredImage image, List<Layer> layers) {
    public ClaimedImage {
        layers = List.copyOf(layers);
    }
}
