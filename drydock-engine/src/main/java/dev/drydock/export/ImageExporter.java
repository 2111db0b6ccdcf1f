package dev.drydock.export;

import dev.drydock.fault.Bug;
import dev.drydock.frontend.BuildPlan;
import dev.drydock.images.ImageStore;
import dev.drydock.images.ImageStore.Unnamed;
import dev.drydock.images.StoredImage;
import dev.drydock.metadata.Claims;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfig.History;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.ImageRef;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
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
     * Stores an image and gives it its names. An image that loses its last name by it is dropped.
     *
     * @param config from {@link #config}
     * @param annotations of the manifest
     */
    public StoredImage store(byte[] config, Snapshot result, List<ImageRef> names, Map<String, String> annotations) {
        return images.put(claims, config, result.layers(), annotations, names, Unnamed.DROP);
    }

    /**
     * The configuration of a result: the planned one, with what only the result tells filled in, diff IDs and times.
     *
     * @param result the target's file tree; every entry of the plan's history that is not empty stands for one layer
     * @param epoch later times of what is not the base's become this; null for none
     */
    public static byte[] config(BuildPlan plan, Snapshot result, @Nullable Instant epoch) {
        List<Layer> layers = result.layers();
        return config(plan, layers.stream().map(Layer::diffId).toList(), made(layers), epoch);
    }

    /** The same for a result that has a base's layers and no others, which need not be here. */
    public static byte[] configOfBase(BuildPlan plan, Instant now, @Nullable Instant epoch) {
        List<Digest> diffIds = plan.config().diffIds();
        return config(plan, diffIds, Collections.nCopies(diffIds.size(), now), epoch);
    }

    private static List<Instant> made(List<Layer> layers) {
        return layers.stream().map(Layer::created).toList();
    }

    private static byte[] config(BuildPlan plan, List<Digest> diffIds, List<Instant> made, @Nullable Instant epoch) {
        ImageConfig planned = plan.config();
        List<History> history = historyOf(planned.history(), made);
        if (epoch != null) {
            history = clamped(history, firstNew(planned.history()), epoch);
        }
        Instant last = lastTime(history);
        ImageConfig config = new ImageConfig(
                planned.platform(),
                planned.author(),
                clamped(last == null ? planned.created() : last, epoch),
                planned.config(),
                history,
                diffIds);
        return ImageConfigJson.write(config);
    }

    /** New entries come without a time; if all have one, the frontend gave it to them. */
    private static int firstNew(List<History> planned) {
        int first = 0;
        while (first < planned.size() && planned.get(first).created() != null) {
            first++;
        }
        return first;
    }

    private static List<History> clamped(List<History> history, int base, Instant epoch) {
        List<History> clamped = new ArrayList<>(history.subList(0, base));
        for (History entry : history.subList(base, history.size())) {
            clamped.add(new History(
                    clamped(entry.created(), epoch),
                    entry.createdBy(),
                    entry.author(),
                    entry.comment(),
                    entry.emptyLayer()));
        }
        return clamped;
    }

    private static @Nullable Instant clamped(@Nullable Instant time, @Nullable Instant epoch) {
        return epoch != null && (time == null || time.isAfter(epoch)) ? epoch : time;
    }

    /** The history with its times, as BuildKit fills them in, and with an entry for every layer that lacks one. */
    static List<History> history(List<History> planned, List<Layer> layers) {
        return historyOf(planned, made(layers));
    }

    private static List<History> historyOf(List<History> planned, List<Instant> layers) {
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
            history.add(at(entry, layers.get(layer)));
            layer++;
        }
        for (Instant untold : layers.subList(layer, layers.size())) {
            history.add(new History(untold, null, null, OWN_COMMENT, false));
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
