package dev.drydock.frontend;

import dev.drydock.oci.Platform;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Build options as tests ask for them: everything else is as usual on linux/amd64. */
final class Requests {
    private static final Platform AMD64 = new Platform("linux", "amd64");

    private Requests() {}

    static BuildOptions options() {
        return BuildOptions.defaults(AMD64);
    }

    static BuildOptions options(@Nullable String target, Map<String, String> buildArgs) {
        return options(target, buildArgs, NamedContexts.NONE);
    }

    static BuildOptions options(@Nullable String target, Map<String, String> buildArgs, NamedContexts contexts) {
        BuildOptions usual = options();
        return new BuildOptions(
                target,
                buildArgs,
                usual.labels(),
                usual.buildPlatform(),
                usual.targetPlatform(),
                usual.ignorePatterns(),
                usual.noCache(),
                usual.noCacheStages(),
                usual.networkMode(),
                usual.extraHosts(),
                usual.ulimits(),
                usual.shmSize(),
                usual.cgroupParent(),
                contexts);
    }
}
