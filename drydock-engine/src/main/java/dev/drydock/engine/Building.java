package dev.drydock.engine;

import dev.drydock.cache.CacheStore;
import dev.drydock.fault.Bug;
import dev.drydock.fault.DrydockException;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.fault.StepFailed;
import dev.drydock.frontend.DockerfileFrontend;
import dev.drydock.graph.Op;
import dev.drydock.images.Work;
import dev.drydock.network.AllowedHosts;
import dev.drydock.network.UpstreamProxy;
import dev.drydock.ops.ContextSource;
import dev.drydock.ops.DiffRunner;
import dev.drydock.ops.ExecRunner;
import dev.drydock.ops.FileTree;
import dev.drydock.ops.FilesRunner;
import dev.drydock.ops.GitRunner;
import dev.drydock.ops.HttpRunner;
import dev.drydock.ops.LocalRunner;
import dev.drydock.ops.MergeRunner;
import dev.drydock.ops.StepDevices;
import dev.drydock.ops.StepSettings;
import dev.drydock.registry.WebClient;
import dev.drydock.runtime.CacheMounts;
import dev.drydock.runtime.Executor;
import dev.drydock.runtime.Ladder;
import dev.drydock.runtime.OciExecutor;
import dev.drydock.scope.Disk;
import dev.drydock.snapshot.LaterRemoval;
import dev.drydock.snapshot.LayerId;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.snapshot.LayeredTree;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.solver.OpRunner;
import dev.drydock.solver.Runners;
import dev.drydock.source.ContentManifests;
import dev.drydock.source.ContextScanner;
import dev.drydock.source.GitRepositories;
import dev.drydock.source.HttpDownloads;
import dev.drydock.source.KeptFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The parts of one build, wired over a store. Closing it lets go of everything the build used. */
final class Building implements AutoCloseable, Runners<FileTree> {
    /** More than the steps of the builds that somebody goes on with. */
    private static final int KEPT_HINTS = 1000;

    private final Store store;
    private final Work work;
    private final BuildRequest request;
    private final BuildLog log;
    private final BuildSecrets secrets;
    private final ImageBuild build;
    private final CacheStore cache;
    private final StoredImages images;
    private final ContextScanner scanner;
    private final LocalRunner local;
    private final FilesRunner files;
    private final ExecRunner exec;
    private final DiffRunner diff;
    private final ScratchDirectory scratch;
    private final HttpDownloads downloads;
    private final HttpRunner http;
    private final GitRunner git;
    private final OpenContexts contexts;
    private final MergeRunner merge = new MergeRunner();
    private final LaterRemoval removal = new LaterRemoval();
    private @Nullable OciExecutor executor; // by this

    private Building(
            Store store,
            Work work,
            BuildRequest request,
            RegistryClient registries,
            BuildLog log,
            InstantSource clock) {
        this.store = store;
        this.work = work;
        this.request = request;
        this.log = log;
        Path root = store.root();
        Path tmp = work.claims().tmp();
        RunSettings run = request.run();
        this.secrets = new BuildSecrets(run, tmp);
        LayerStore layers = store.layers(work);
        ContentManifests manifests = new ContentManifests(root.resolve("content-manifests"));
        StepLayers made =
                new StepLayers(layers, tmp, new KeptFiles(root.resolve("step-layers"), KEPT_HINTS), clock, removal);
        RemoteBases bases = new RemoteBases(store, work, registries::open, clock);
        this.images = new StoredImages(store.images(), work.claims(), bases);
        this.files = new FilesRunner(made, manifests, clock);
        this.diff = new DiffRunner(made);
        this.scratch = ScratchDirectory.in(tmp);
        this.downloads =
                new HttpDownloads(() -> WebClient.open(System.getenv()), secrets::text, root.resolve("downloads"));
        this.http = new HttpRunner(downloads, made, scratch.path(), clock);
        GitRepositories repositories =
                new GitRepositories(secrets::text, () -> secrets.agent("default"), System.getenv(), scratch.path());
        this.git = new GitRunner(repositories, made, clock);
        this.contexts = new OpenContexts(downloads, repositories, layers, scratch.path());
        SourceTimes times = new SourceTimes(request.context(), contexts, downloads, repositories, scratch.path());
        this.scanner = new ContextScanner(root.resolve("stat-cache"));
        this.local = new LocalRunner(contexts, scanner, clock);
        this.exec = new ExecRunner(
                this::executor,
                made,
                manifests,
                new CacheMounts(root.resolve("cache-mounts"), tmp),
                tmp,
                removal::remove,
                new StepSettings(
                        HostFiles.trust(run.trust(), System.getenv()),
                        secrets,
                        HostFiles.logins(run.trust()),
                        run.limits(),
                        devices(run)));
        this.cache = new CacheStore(
                store.database(),
                work.claims(),
                id -> Files.exists(layers.directory().resolve(id)),
                java.time.Clock.systemUTC());
        this.build = new ImageBuild(
                request,
                log,
                clock,
                new ImageBuild.Parts(
                        new DockerfileFrontend(),
                        contexts,
                        new StoreResolver(store.images(), work.claims(), bases, request.pull(), times, log),
                        this,
                        new StoredResults(cache, (LayerId id) -> layers.find(id), manifests::changes),
                        made::clampTo,
                        new BuildOutputs(store, work, layers, registries, log, bases::notHere),
                        new KnownSources(git, http, bases, contexts)));
    }

    /** Wires a build. The caller closes it. */
    static Building begin(
            Store store, BuildRequest request, RegistryClient registries, BuildLog log, InstantSource clock) {
        return new Building(store, store.begin(), request, registries, log, clock);
    }

    static StepDevices devices(RunSettings run) {
        boolean all = run.allowed().contains(Entitlement.DEVICE);
        return new StepDevices(System.getenv(), all, run.devices());
    }

    /** What the context holds, without building anything. */
    ContextListing listContext() throws InterruptedException {
        OpenContext context = contexts.open(request.context(), log);
        return switch (context.source()) {
            case ContextSource.Tree(Snapshot snapshot) -> {
                try (LayeredTree tree = LayeredTree.of(snapshot)) {
                    yield ContextListing.of(tree);
                }
            }
            case ContextSource.Directory(Path directory, UnaryOperator<String> _) -> {
                List<String> ignored = new ContextFiles(request.dockerfile(), context)
                        .ignored()
                        .patterns();
                yield ContextListing.of(scanner.scan("context", directory, ignored, List.of()));
            }
        };
    }

    BuildResult run() throws InterruptedException {
        try {
            return build.run();
        } catch (EnvironmentFault | StepFailed fault) {
            if (Disk.isFull(fault)) {
                giveSpaceBack(fault);
            }
            throw fault;
        }
    }

    /** What filled the disk is of no use as a cache: with it there, the next build would fail too. */
    private void giveSpaceBack(DrydockException because) {
        try {
            cache.evictAdded();
        } catch (EnvironmentFault e) {
            because.addSuppressed(e);
        }
    }

    /** The runtime is looked for when the first step needs it: cached builds do without. */
    private synchronized Executor executor() throws InterruptedException {
        if (executor == null) {
            Ladder ladder =
                    Ladder.of(Ladder.Mode.valueOf(request.run().isolation().name()), System.getenv());
            executor = OciExecutor.open(store.root(), work.claims().tmp(), ladder, networking(), removal::remove);
            String weakness = executor.weakness();
            if (weakness != null) {
                say(weakness);
            }
        }
        return executor;
    }

    private OciExecutor.Networking networking() {
        List<String> allowed = request.run().networkAllow();
        return allowed.isEmpty()
                ? new OciExecutor.Networking(null, UpstreamProxy.NONE, this::say)
                : new OciExecutor.Networking(
                        AllowedHosts.of(allowed), StepProxies.of(request.buildArgs(), System.getenv()), this::say);
    }

    private void say(String sentence) throws InterruptedException {
        log.internal("[internal] " + sentence, part -> sentence);
    }

    @Override
    @SuppressWarnings("unchecked") // each runner is for the kind of op that its case names
    public <O extends Op> OpRunner<O, FileTree> runner(O op) {
        return (OpRunner<O, FileTree>) runnerOf(op);
    }

    private OpRunner<? extends Op, FileTree> runnerOf(Op op) {
        return switch (op) {
            case Op.Image _ -> images;
            case Op.Local _ -> local;
            case Op.Files _ -> files;
            case Op.Exec _ -> exec;
            case Op.Merge _ -> merge;
            case Op.Diff _ -> diff;
            case Op.Git _ -> git;
            case Op.Http _ -> http;
            // contexts of this kind are brought into the store as images before the plan is made
            case Op.OciLayout layout -> throw new Bug("run step: a plan opens OCI layout " + layout.store());
        };
    }

    @Override
    public void close() {
        // from the right to the left, each whatever became of those before it
        try (work;
                removal;
                scratch;
                downloads;
                secrets;
                contexts) {
            synchronized (this) {
                if (executor != null) {
                    executor.close();
                }
            }
        }
    }
}
