package dev.drydock.export;

import dev.drydock.fault.Bug;
import dev.drydock.frontend.BuildPlan;
import dev.drydock.images.ImageStore;
import dev.drydock.images.ImageStore.Unnamed;
import dev.drydock.images.StoredImage;
import dev.drydock.metadata.Claims;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfig.History;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.ImageRef;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes an image of a build's result and stores it. */
public final class ImageExporter {
    private static final String OWN_COMMENT = "buildkit.exporter.image.v0";

    private final ImageStore images;
    private final Claims claims;

    /** @param claims of the build that made the layers */
    public ImageExporter(ImageStore images, Claims claims) {
        this.images = images;
        this.claims = claims;
    }

    /**
     * Fills in what only the result tells (diff IDs and times), stores the image and gives it its names. An image that
     * loses its last name by it is dropped.
     *
     * @param result the target's file tree; every entry of the plan's history that is not empty stands for one layer
     * @param annotations of the manifest
     */
    public StoredImage export(BuildPlan plan, Snapshot result, List<ImageRef> names, Map<String, String> annotations) {
        List<Layer> layers = result.layers();
        ImageConfig planned = plan.config();
        List<History> history = history(planned.history(), layers);
        Instant last = lastTime(history);
        ImageConfig config = new ImageConfig(
                planned.platform(),
                planned.author(),
                last == null ? planned.created() : last,
                planned.config(),
                history,
                layers.stream().map(Layer::diffId).toList());
        return images.put(claims, ImageConfigJson.write(config), layers, annotations, names, Unnamed.DROP);
    }

    /** The history with its times, as BuildKit fills them in, and with an entry for every layer that lacks one. */
    static List<History> history(List<History> planned, List<Layer> layers) {
        List<History> history = new ArrayList<>();
        int layer = 0;
        for (History entry : planned) {
            if (entry.emptyLayer()) {
                history.add(entry);
                continue;
            }
            if (layer == layers.size()) {
                throw new Bug("export image: its history tells of more than " + layers.size() + " layers");
            }
            history.add(at(entry, layers.get(layer).created()));
            layer++;
        }
        for (Layer untold : layers.subList(layer, layers.size())) {
            history.add(new History(untold.created(), null, null, OWN_COMMENT, false));
        }
        return withoutGaps(history);
    }

    /**
     * Gives entries without a time that of the entry before them. For the leading ones it is the first new layer's: the
     * entry before them would be the base image's.
     */
    private static List<History> withoutGaps(List<History> history) {
        Instant time = firstNewTime(history);
        boolean gap = false;
        List<History> filled = new ArrayList<>();
        for (History entry : history) {
            if (entry.created() == null) {
                gap = true;
                filled.add(at(entry, time));
            } else {
                if (gap) {
                    time = entry.created();
                }
                filled.add(entry);
            }
        }
        return filled;
    }

    /** The first time after a gap; without one, the last time there is. */
    private static @Nullable Instant firstNewTime(List<History> history) {
        Instant time = null;
        boolean gap = false;
        for (History entry : history) {
            if (entry.created() == null) {
                gap = true;
            } else {
                time = entry.created();
                if (gap) {
                    return time;
                }
            }
        }
        return time;
    }

    private static @Nullable Instant lastTime(List<History> history) {
        Instant last = null;
        for (History entry : history) {
            last = entry.created() == null ? last : entry.created();
        }
        return last;
    }

    private static History at(History entry, @Nullable Instant time) {
        return entry.created() != null
                ? entry
                : new History(time, entry.createdBy(), entry.author(), entry.comment(), entry.emptyLayer());
    }
}
