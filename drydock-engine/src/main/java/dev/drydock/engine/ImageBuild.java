package dev.drydock.engine;

import dev.drydock.dockerfile.Finding;
import dev.drydock.event.BuildEvent;
import dev.drydock.fault.DrydockException;
import dev.drydock.frontend.BuildOptions;
import dev.drydock.frontend.BuildPlan;
import dev.drydock.frontend.Frontend;
import dev.drydock.frontend.Frontend.Definition;
import dev.drydock.frontend.GitSource;
import dev.drydock.frontend.NamedContext;
import dev.drydock.frontend.NamedContexts;
import dev.drydock.graph.Edge;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import dev.drydock.ops.ContextSource;
import dev.drydock.ops.FileTree;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.solver.ResultCache;
import dev.drydock.solver.Runners;
import dev.drydock.solver.Solver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One build from request to image: the twelve steps of docs/ARCHITECTURE.md. */
final class ImageBuild {
    /** Steps that wait for a process cost little, so many may run at once; file work limits itself. */
    private static final int PARALLEL_STEPS = 32;

    private static final String LOAD_DEFINITION = "[internal] load build definition from ";

    private final BuildRequest request;
    private final BuildLog log;
    private final InstantSource clock;
    private final Parts parts;

    /** What a build works with; every part sees the same piece of work on the store. */
    record Parts(
            Frontend frontend,
            OpenContexts contexts,
            StoreResolver resolver,
            Runners<FileTree> runners,
            ResultCache<FileTree> results,
            Consumer<@Nullable Instant> epoch,
            BuildOutputs outputs,
            ProvenanceCapture.Pins pins) {}

    ImageBuild(BuildRequest request, BuildLog log, InstantSource clock, Parts parts) {
        this.request = request;
        this.log = log;
        this.clock = clock;
        this.parts = parts;
    }

    BuildResult run() throws InterruptedException {
        BuildOutputs.check(request);
        request.annotations().checkSingle(request.platform());
        OpenContext context = parts.contexts().open(context(), log);
        ContextFiles files = new ContextFiles(request.dockerfile(), context);
        Definition definition = log.internal(LOAD_DEFINITION + files.fileName(), part -> {
            Instant started = log.now();
            Definition read = files.definition(parts.contexts()::text);
            part.done("transferring dockerfile:", read.text().getBytes(StandardCharsets.UTF_8).length, started);
            return read;
        });
        try {
            return run(definition, files);
        } catch (DrydockException fault) {
            fault.lieIn(definition.text());
            throw fault;
        }
    }

    /** Arguments of the build that say how a repository is checked out. */
    private BuildContext context() {
        if (!(request.context() instanceof BuildContext.Repository(GitSource source))) {
            return request.context();
        }
        String keep = request.buildArgs().getOrDefault("BUILDKIT_CONTEXT_KEEP_GIT_DIR", "");
        GitSource wanted = keep.equals("1") || keep.equals("true") ? source.keepingGitDirectory() : source;
        return new BuildContext.Repository(
                request.buildArgs().containsKey("SOURCE_DATE_EPOCH") ? wanted.withCommitTimes() : wanted);
    }

    private BuildResult run(Definition definition, ContextFiles files) throws InterruptedException {
        IgnoreLines ignored = files.ignored();
        parts.contexts().name("context", files.source(ignored));
        BuildPlan plan = parts.frontend()
                .plan(
                        definition,
                        options(
                                request,
                                ignored.patterns(),
                                namedContexts(request, parts.contexts()::name, parts.resolver()::layout)),
                        parts.resolver(),
                        finding -> warn(finding, definition));
        log.internal("[internal] load .dockerignore", part -> {
            part.done("transferring context:", ignored.size(), log.now());
            return ignored;
        });
        Entitlements.check(plan, request.run().allowed(), Building.devices(request.run()));
        parts.epoch().accept(plan.config().created());
        if (isOnlyABase(plan) && request.outputs().stream().allMatch(Output.CacheOnly.class::isInstance)) {
            // nobody reads its layers: they stay where they are
            return withProvenance(BuildResult.NO_IMAGE, plan, definition);
        }
        Optional<BuildResult> pushed = pushedBase(plan);
        if (pushed.isPresent()) {
            return withProvenance(pushed.get(), plan, definition);
        }
        FileTree result = solve(plan, files.identity());
        if (!(result instanceof FileTree.Layers(Snapshot snapshot))) {
            throw new IllegalStateException("an image is made of layers");
        }
        return withProvenance(parts.outputs().make(request, plan, snapshot), plan, definition);
    }

    private BuildResult withProvenance(BuildResult result, BuildPlan plan, Definition definition) {
        BuildResult.Image image = result.image();
        return result.from(ProvenanceCapture.of(
                request, plan, definition, image == null ? List.of() : image.layers(), parts.pins()));
    }

    /** What a request says to the frontend. */
    static BuildOptions options(BuildRequest request, List<String> ignorePatterns, NamedContexts contexts) {
        Platform host = Platform.host();
        return new BuildOptions(
                request.target(),
                request.buildArgs(),
                request.labels(),
                host,
                request.platform(),
                ignorePatterns,
                request.noCache(),
                request.noCacheStages(),
                request.run().network(),
                request.run().extraHosts(),
                request.run().ulimits(),
                request.run().shmSize(),
                request.run().cgroupParent(),
                contexts);
    }

    /** What a request says of named contexts; {@code sources} hears of those that are directories. */
    static NamedContexts namedContexts(
            BuildRequest request,
            BiConsumer<String, ContextSource> sources,
            BiFunction<String, NamedSource.Layout, ImageRef> layouts) {
        SortedMap<String, NamedContext> contexts = new TreeMap<>();
        request.namedContexts().forEach((name, source) -> {
            String key = NamedContexts.key(name);
            contexts.put(
                    key,
                    switch (source) {
                        case NamedSource.Directory(Path path) -> directory(key, path, sources);
                        case NamedSource.Repository(GitSource repository) -> new NamedContext.Repository(repository);
                        case NamedSource.Web(String url) -> new NamedContext.Web(url);
                        case NamedSource.Image(String reference) -> new NamedContext.Image(reference);
                        case NamedSource.Layout layout ->
                            new NamedContext.Image(layouts.apply(key, layout).toString());
                    });
        });
        return new NamedContexts(contexts);
    }

    private static NamedContext directory(String key, Path path, BiConsumer<String, ContextSource> sources) {
        IgnoreLines ignored = IgnoreLines.of(path, null);
        sources.accept(NamedContexts.localName(key), new ContextSource.Directory(path, ignored::lineOf));
        return new NamedContext.Local(ignored.patterns());
    }

    private void warn(Finding finding, Definition definition) {
        log.accept(new BuildEvent.Warning(
                log.now(),
                BuildLog.internalVertex(LOAD_DEFINITION + definition.fileName()),
                finding,
                definition.text()));
    }

    /** A base that gets another configuration and is only pushed need not be fetched. */
    private Optional<BuildResult> pushedBase(BuildPlan plan) throws InterruptedException {
        Edge target = plan.target();
        if (target == null || !(plan.graph().vertex(target.vertex()).op() instanceof Op.Image image)) {
            return Optional.empty();
        }
        return parts.outputs().makeOfBase(request, plan, image.manifest());
    }

    /** Whether no step adds anything to a base image's files. */
    private static boolean isOnlyABase(BuildPlan plan) {
        Edge target = plan.target();
        return target != null && plan.graph().vertex(target.vertex()).op() instanceof Op.Image;
    }

    private FileTree solve(BuildPlan plan, String definition) throws InterruptedException {
        Edge target = plan.target();
        if (target == null) {
            return new FileTree.Layers(Snapshot.EMPTY);
        }
        for (Vertex vertex : plan.graph().vertices()) {
            BuildPlan.Step step = plan.steps().get(vertex.digest());
            if (step != null) {
                log.accept(new BuildEvent.Queued(
                        log.now(),
                        vertex.digest(),
                        step.name(),
                        vertex.inputs().stream().map(Edge::vertex).toList()));
            }
        }
        Solver<FileTree> solver = new Solver<>(
                plan.graph(),
                Slots.of(plan, definition),
                new PlacedRunners(parts.runners(), plan),
                parts.results(),
                log,
                clock,
                PARALLEL_STEPS);
        return solver.solve(target);
    }
}
