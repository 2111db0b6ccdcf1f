package dev.drydock.solver;

import dev.drydock.oci.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says why a step misses the cache, by comparing what its key is made of with the nearest earlier result's. */
final class Misses {
    /** Prefix of the part that stands for an input as a whole; the step's name follows. */
    static final String STEP = "step ";

    /** Prefix of the part that stands for an input's content; the input's position follows. */
    static final String CONTENT = "content ";

    private static final int LONGEST_VALUE = 60;

    private Misses() {}

    static <R> List<String> explain(StepInfo info, Map<String, String> now, ResultCache<R> cache) {
        if (info.ignoreCache()) {
            return List.of("the cache is not used for it (--no-cache or --no-cache-filter)");
        }
        Optional<ResultCache.Entry> nearest = cache.nearest(info.step());
        if (nearest.isEmpty()) {
            return List.of("no earlier build in this store has this step");
        }
        List<String> reasons = compare(nearest.get().parts(), now, cache);
        return reasons.isEmpty() ? List.of("its earlier result is no longer in the store") : reasons;
    }

    private static <R> List<String> compare(Map<String, String> before, Map<String, String> now, ResultCache<R> cache) {
        List<String> reasons = new ArrayList<>();
        for (Map.Entry<String, String> part : now.entrySet()) {
            String name = part.getKey();
            String old = before.get(name);
            if (part.getValue().equals(old)) {
                continue;
            }
            if (name.startsWith(STEP)) {
                reasons.add(inputChanged(name.substring(STEP.length())));
            } else if (name.startsWith(CONTENT)) {
                reasons.addAll(contentChanged(old, part.getValue(), cache));
            } else if (old == null) {
                reasons.add(name + " was added");
            } else {
                reasons.add(name + " changed" + values(old, part.getValue()));
            }
        }
        for (String name : before.keySet()) {
            if (!now.containsKey(name) && !name.startsWith(STEP) && !name.startsWith(CONTENT)) {
                reasons.add(name + " was removed");
            }
        }
        return List.copyOf(reasons.stream().collect(Collectors.toCollection(java.util.LinkedHashSet::new)));
    }

    private static String inputChanged(String step) {
        return step.contains("] FROM ") ? "its base changed: " + step : "the step under it changed: " + step;
    }

    private static <R> List<String> contentChanged(
            @org.jspecify.annotations.Nullable String old, String now, ResultCache<R> cache) {
        if (old == null) {
            return List.of("it uses other files than before");
        }
        List<String> changes = cache.contentChanges(Digest.parse(old), Digest.parse(now));
        return changes.isEmpty() ? List.of("the files that it uses changed") : changes;
    }

    private static String values(String old, String now) {
        return isShowable(old) && isShowable(now) ? " from " + quote(old) + " to " + quote(now) : "";
    }

    private static boolean isShowable(String value) {
        return !value.startsWith("sha256:");
    }

    private static String quote(String value) {
        return '"' + (value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "…") + '"';
    }
}
