package dev.drydock.solver;

import dev.drydock.oci.Digest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which facts name an op's result; equal names mean that results may be swapped.
 *
 * @param op digest of everything in the op that matters
 * @param inputs one rule for each input of the vertex
 * @param parts the same facts by name, so that a missed key can be compared with an earlier one: {@code command},
 *     {@code environment variable FOO}, {@code user}… to a digest or a value that is safe to show
 * @param keeping whether results go into the cache
 */
public record KeyRecipe(Digest op, List<InputRule> inputs, Map<String, String> parts, Keeping keeping) {
    public KeyRecipe {
        inputs = List.copyOf(inputs);
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    public KeyRecipe(Digest op, List<InputRule> inputs, Map<String, String> parts) {
        this(op, inputs, parts, Keeping.RECORDED);
    }

    /** What becomes of results. */
    public enum Keeping {
        /** Kept in the cache under their keys. */
        RECORDED,
        /** The op names its result for good and finds it again by itself: a pinned image. */
        PINNED,
        /** Nothing but its content names the result: a directory of the caller's. Getting it must be cheap. */
        UNKEYED
    }
}
