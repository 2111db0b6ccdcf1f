package dev.drydock.frontend;

import dev.drydock.fault.SourceRange;
import dev.drydock.graph.BuildGraph;
import dev.drydock.graph.Edge;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a build will do and what image it will make.
 *
 * @param target the edge whose result is the image's file system; null when the image has no layer of its own and no base
 * @param base the image that the target stage starts from, null for scratch; its history and diff IDs open {@code config}'s
 * @param config the image's configuration with the base's history first; {@code diffIds} holds the base's only and
 *     {@code created} of new history entries is null: the exporter fills both in. Every new entry that is not an empty
 *     layer stands for one layer on top of the base's, in order
 * @param steps for every vertex, in the order of the Dockerfile, how it is shown and where it was written
 */
public record BuildPlan(
        BuildGraph graph, @Nullable Edge target, @Nullable Digest base, ImageConfig config, Map<Digest, Step> steps) {
    public BuildPlan {
        steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
    }

    /**
     * How a vertex is shown.
     *
     * @param name as BuildKit prints it: {@code [build 2/4] RUN make}
     * @param stage the stage's name or number, lower case
     * @param range where it was written; null for internal vertices
     * @param ignoreCache the step must run again: {@code --no-cache} or {@code --no-cache-filter}
     */
    public record Step(String name, String stage, @Nullable SourceRange range, boolean ignoreCache) {}
}
