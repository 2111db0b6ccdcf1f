package dev.drydock.space;

import dev.drydock.cache.CacheStore;
import dev.drydock.images.Disposal.Holding;
import dev.drydock.images.Disposal.References;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the build cache and pulled bases say of each layer. */
final class Chains {
    private final Map<String, Facts> facts = new HashMap<>();
    /** Layers of images that people see. */
    private final Set<String> visible = new HashSet<>();

    /** What is known of one layer. */
    static final class Facts {
        private final Set<String> parents = new LinkedHashSet<>();
        private CacheStore.@Nullable Listed maker;
        private @Nullable String pulled;
        private Instant used = Instant.MIN;
        private @Nullable Instant created;

        List<String> parents() {
            return new ArrayList<>(parents);
        }

        /** Empty for a layer that is kept for nothing but running work. */
        String description() {
            if (maker != null) {
                return maker.made().step().isEmpty()
                        ? "a step of a build"
                        : maker.made().step();
            }
            return pulled == null ? "" : pulled;
        }

        String type() {
            return maker == null ? "regular" : maker.made().type();
        }

        long uses() {
            return maker == null ? 0 : maker.uses();
        }

        Instant used() {
            return used;
        }

        @Nullable
        Instant created() {
            return created;
        }
    }

    Chains(References references) {
        for (CacheStore.Listed record : references.records()) {
            for (List<String> chain : record.outputs()) {
                walk(chain, record.lastUsed());
                if (!chain.isEmpty()) {
                    Facts top = of(chain.getLast());
                    if (top.maker == null) {
                        top.maker = record;
                        top.created = record.created();
                    }
                }
            }
        }
        for (Holding image : references.images()) {
            if (image.listed()) {
                visible.addAll(image.layers());
                continue;
            }
            walk(image.layers(), image.used());
            for (String layer : image.layers()) {
                Facts known = of(layer);
                if (known.pulled == null) {
                    known.pulled = "pulled from " + (image.reference().isEmpty() ? "a registry" : image.reference());
                    known.created = image.used();
                }
            }
        }
    }

    private Facts of(String layer) {
        return facts.computeIfAbsent(layer, _ -> new Facts());
    }

    /** A layer is used whenever one that stands on it is. */
    private void walk(List<String> chain, Instant used) {
        String below = null;
        for (String layer : chain) {
            Facts known = of(layer);
            if (below != null) {
                known.parents.add(below);
            }
            known.used = used.isAfter(known.used) ? used : known.used;
            below = layer;
        }
    }

    @Nullable
    Facts find(String layer) {
        return facts.get(layer);
    }

    /** Whether an image that people see has the layer. */
    boolean isVisible(String layer) {
        return visible.contains(layer);
    }
}
