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
 */
public record KeyRecipe(Digest op, List<InputRule> inputs, Map<String, String> parts) {
    public KeyRecipe {
        inputs = List.copyOf(inputs);
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }
}
