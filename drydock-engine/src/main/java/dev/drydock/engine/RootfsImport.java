package dev.drydock.engine;

import dev.drydock.export.RootfsImporter;
import dev.drydock.fault.UserFault;
import dev.drydock.frontend.BuildOptions;
import dev.drydock.frontend.BuildPlan;
import dev.drydock.frontend.DockerfileFrontend;
import dev.drydock.frontend.Frontend.Definition;
import dev.drydock.images.Work;
import dev.drydock.layer.LayerBuilder;
import dev.drydock.layer.LayerUnpacker;
import dev.drydock.layer.UnpackRules;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig.RunConfig;
import dev.drydock.oci.Platform;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.snapshot.PendingLayer;
import dev.drydock.snapshot.Snapshot;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Makes an image of a root file system archive. */
final class RootfsImport {
    private static final Set<String> CHANGES = Set.of(
            "CMD",
            "ENTRYPOINT",
            "ENV",
            "EXPOSE",
            "HEALTHCHECK",
            "LABEL",
            "ONBUILD",
            "STOPSIGNAL",
            "USER",
            "VOLUME",
            "WORKDIR");

    private final Store store;
    private final InstantSource clock;

    RootfsImport(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    Digest run(InputStream archive, ImportRequest request) throws InterruptedException {
        RunConfig config = config(request.changes(), request.platform());
        try (Work work = store.begin()) {
            LayerStore layers = store.layers(work);
            Layer layer;
            try (PendingLayer pending = layers.begin(work.claims().tmp())) {
                LayerBuilder builder = new LayerBuilder(pending, Snapshot.EMPTY);
                LayerUnpacker.unpack("archive", archive, pending, Snapshot.EMPTY, builder, UnpackRules.layer());
                layer = builder.commit(clock.instant());
            }
            layers.sync();
            return new RootfsImporter(store.images(), work.claims())
                    .store(layer, config, request.message(), request.platform(), clock.instant(), request.name())
                    .id();
        }
    }

    /** What the changes make of an empty configuration: the frontend applies them as to an empty image. */
    private static RunConfig config(List<String> changes, Platform platform) throws InterruptedException {
        StringBuilder dockerfile = new StringBuilder("FROM scratch\n");
        StringBuilder users = new StringBuilder(); // last, as WORKDIR would look a user's name up in the empty image
        boolean path = false;
        boolean directory = false;
        for (String change : changes) {
            String[] words = change.strip().split("\\s+", 2);
            String keyword = words[0].toUpperCase(Locale.ROOT);
            if (!CHANGES.contains(keyword)) {
                throw new UserFault(keyword + " is not a valid change command")
                        .hint("Changes are "
                                + String.join(", ", CHANGES.stream().sorted().toList()) + ".");
            }
            path |= keyword.equals("ENV") && words.length > 1 && words[1].startsWith("PATH");
            directory |= keyword.equals("WORKDIR");
            (keyword.equals("USER") ? users : dockerfile).append(change).append('\n');
        }
        dockerfile.append(users);
        BuildPlan plan = new DockerfileFrontend()
                .plan(
                        new Definition("--change", dockerfile.toString()),
                        BuildOptions.defaults(platform),
                        _ -> List.of(),
                        _ -> {});
        RunConfig made = plan.config().config();
        List<String> env = path
                ? made.env()
                : made.env().stream()
                        .filter(entry -> !entry.startsWith("PATH="))
                        .toList();
        return new RunConfig(
                made.user(),
                made.exposedPorts(),
                env,
                made.entrypoint(),
                made.cmd(),
                made.volumes(),
                directory ? made.workingDir() : null,
                made.labels(),
                made.stopSignal(),
                made.argsEscaped(),
                made.onBuild(),
                made.healthcheck(),
                made.shell());
    }
}
