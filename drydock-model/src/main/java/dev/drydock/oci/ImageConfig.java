package dev.drydock.oci;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An image's configuration document: what a runtime needs to start it, how it was made, and the digests of its layers.
 * Docker's extensions (Healthcheck, Shell, OnBuild, ArgsEscaped) are kept, as BuildKit keeps them.
 *
 * @param created when the image was made; null when the document says nothing
 * @param history oldest first; the entries that are not empty layers stand for {@code diffIds}, in order
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/config.md">OCI image configuration</a>
 */
public record ImageConfig(
        Platform platform,
        @Nullable String author,
        @Nullable Instant created,
        RunConfig config,
        List<History> history,
        List<Digest> diffIds) {
    public ImageConfig {
        history = List.copyOf(history);
        diffIds = List.copyOf(diffIds);
    }

    /** The configuration that {@code FROM scratch} starts with: nothing but a working directory. */
    public static ImageConfig scratch(Platform platform) {
        return new ImageConfig(platform, null, null, RunConfig.EMPTY, List.of(), List.of());
    }

    /**
     * The {@code config} member. Null lists mean "not set", which differs from an empty list in {@code CMD []}.
     *
     * @param env {@code KEY=value} in the order set; a key occurs once
     */
    public record RunConfig(
            @Nullable String user,
            SortedSet<String> exposedPorts,
            List<String> env,
            @Nullable List<String> entrypoint,
            @Nullable List<String> cmd,
            SortedSet<String> volumes,
            @Nullable String workingDir,
            SortedMap<String, String> labels,
            @Nullable String stopSignal,
            boolean argsEscaped,
            List<String> onBuild,
            @Nullable Healthcheck healthcheck,
            @Nullable List<String> shell) {
        /** Nothing set at all. */
        public static final RunConfig EMPTY = new RunConfig(
                null,
                new TreeSet<>(),
                List.of(),
                null,
                null,
                new TreeSet<>(),
                null,
                new TreeMap<>(),
                null,
                false,
                List.of(),
                null,
                null);

        public RunConfig {
            exposedPorts = Collections.unmodifiableSortedSet(new TreeSet<>(exposedPorts));
            env = List.copyOf(env);
            entrypoint = entrypoint == null ? null : List.copyOf(entrypoint);
            cmd = cmd == null ? null : List.copyOf(cmd);
            volumes = Collections.unmodifiableSortedSet(new TreeSet<>(volumes));
            labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
            onBuild = List.copyOf(onBuild);
            shell = shell == null ? null : List.copyOf(shell);
        }

        /** The environment as a map, in order. */
        public Map<String, String> envMap() {
            Map<String, String> map = new LinkedHashMap<>();
            for (String entry : env) {
                int equals = entry.indexOf('=');
                map.put(equals < 0 ? entry : entry.substring(0, equals), equals < 0 ? "" : entry.substring(equals + 1));
            }
            return map;
        }
    }

    /** Docker's health check. Durations of zero and retries of 0 mean "the runtime's default". */
    public record Healthcheck(
            List<String> test,
            Duration interval,
            Duration timeout,
            Duration startPeriod,
            Duration startInterval,
            int retries) {
        public Healthcheck {
            test = List.copyOf(test);
        }
    }

    /** One line of history. */
    public record History(
            @Nullable Instant created,
            @Nullable String createdBy,
            @Nullable String author,
            @Nullable String comment,
            boolean emptyLayer) {}
}
