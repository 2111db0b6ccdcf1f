package dev.drydock.engine;

import dev.drydock.oci.Annotations;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything a build is told. Complete: nothing later reads arguments, environment or terminal.
 *
 * @param namedContexts further sources of files and images, by the names that Dockerfiles call them
 * @param tags names the image gets, with their tags
 * @param buildArgs with values; arguments without a value were dropped or filled from the environment by the caller
 * @param annotations that the image gets beside its config
 * @param run what RUN steps are given
 * @param pull when base images are asked for at their registries
 * @param outputs what is made of the result, in this order; none leaves it in the cache
 */
public record BuildRequest(
        BuildContext context,
        DockerfileSource dockerfile,
        SortedMap<String, NamedSource> namedContexts,
        List<ImageRef> tags,
        Map<String, String> buildArgs,
        Map<String, String> labels,
        Annotations annotations,
        @Nullable String target,
        boolean noCache,
        Set<String> noCacheStages,
        Platform platform,
        RunSettings run,
        Pull pull,
        List<Output> outputs) {
    public BuildRequest {
        namedContexts = Collections.unmodifiableSortedMap(new TreeMap<>(namedContexts));
        tags = List.copyOf(tags);
        buildArgs = Collections.unmodifiableMap(new LinkedHashMap<>(buildArgs));
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        noCacheStages = Collections.unmodifiableSet(new TreeSet<>(noCacheStages));
        outputs = List.copyOf(outputs);
    }

    /** Builds the directory's Dockerfile for this host. */
    public static BuildRequest of(Path context) {
        return new BuildRequest(
                new BuildContext.Directory(context.toAbsolutePath().normalize()),
                new DockerfileSource.Usual(),
                new TreeMap<>(),
                List.of(),
                Map.of(),
                Map.of(),
                Annotations.NONE,
                null,
                false,
                Set.of(),
                Platform.host(),
                RunSettings.DEFAULT,
                Pull.MISSING,
                List.of(Output.store()));
    }

    /** When base images are asked for at their registries. */
    public enum Pull {
        /** When the store has none of that name. */
        MISSING,
        /** Always, in case the name has moved. */
        ALWAYS
    }
}
