package dev.drydock.solver;

import dev.drydock.oci.Digest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Results of earlier builds, as the solver needs them. Safe for several threads and processes.
 *
 * @param <R> the result
 */
public interface ResultCache<R> {
    /** The newest usable result under {@code key}; one whose parts are gone is not usable. */
    Optional<Hit<R>> find(Digest key);

    /** Keeps {@code outputs} under every one of {@code keys}. From then on {@link #find} gives it. */
    void record(Entry entry, List<R> outputs);

    /** The newest entry of the same step, whatever its keys, to compare a miss with. Its results may be gone. */
    Optional<Entry> nearest(Step step);

    /** One sentence for each difference between two contents that content digests name; empty when not known. */
    List<String> contentChanges(Digest earlier, Digest now);

    /** A usable result; {@code id} is what keys of later steps are made of. */
    record Hit<R>(Digest id, List<R> outputs) {
        public Hit {
            outputs = List.copyOf(outputs);
        }
    }

    /**
     * What is known of a kept result.
     *
     * @param keys under which it is found, the best first
     * @param parts the recipe's, with one more for each input
     */
    record Entry(Digest id, List<Digest> keys, Step step, Map<String, String> parts) {
        public Entry {
            keys = List.copyOf(keys);
            parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
        }
    }

    /**
     * Which step of which build definition, so that it is found again after an edit.
     *
     * @param name as shown to people
     * @param text stage and text of the step
     * @param position stage and number of the step
     */
    record Step(String name, String text, String position) {}
}
