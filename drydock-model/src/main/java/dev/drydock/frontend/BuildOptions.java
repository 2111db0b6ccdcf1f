package dev.drydock.frontend;

import dev.drydock.graph.Op;
import dev.drydock.oci.Platform;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the caller says beside the Dockerfile.
 *
 * @param target stage to build, any letter case; null for the last
 * @param buildArgs in the order given
 * @param labels added over the Dockerfile's
 * @param ignorePatterns lines of the ignore file, read and cleaned
 * @param noCacheStages stages that run again
 * @param networkMode of RUN steps that do not say
 * @param shmSize of {@code /dev/shm} in RUN steps, 0 for the usual
 * @param cgroupParent the control group above the steps' own, null for the top
 * @param contexts beside the build context, by name
 */
public record BuildOptions(
        @Nullable String target,
        Map<String, String> buildArgs,
        Map<String, String> labels,
        Platform buildPlatform,
        Platform targetPlatform,
        List<String> ignorePatterns,
        boolean noCache,
        Set<String> noCacheStages,
        Op.Network networkMode,
        List<Op.HostEntry> extraHosts,
        List<Op.Ulimit> ulimits,
        long shmSize,
        @Nullable String cgroupParent,
        NamedContexts contexts) {
    public BuildOptions {
        buildArgs = Collections.unmodifiableMap(new LinkedHashMap<>(buildArgs));
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        ignorePatterns = List.copyOf(ignorePatterns);
        noCacheStages = Collections.unmodifiableSet(new TreeSet<>(noCacheStages));
        extraHosts = List.copyOf(extraHosts);
        ulimits = List.copyOf(ulimits);
    }

    /** Nothing said: the last stage for this host. */
    public static BuildOptions defaults(Platform platform) {
        return new BuildOptions(
                null,
                Map.of(),
                Map.of(),
                platform,
                platform,
                List.of(),
                false,
                Set.of(),
                Op.Network.DEFAULT,
                List.of(),
                List.of(),
                0,
                null,
                NamedContexts.NONE);
    }
}
