package dev.drydock.engine;

import dev.drydock.frontend.BuildOptions;
import dev.drydock.frontend.BuildTarget;
import dev.drydock.frontend.CheckReport;
import dev.drydock.frontend.DockerfileFrontend;
import dev.drydock.frontend.Frontend.Definition;
import dev.drydock.frontend.Outline;
import dev.drydock.oci.ImageRef;
import dev.drydock.registry.WebClient;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.source.GitRepositories;
import dev.drydock.source.HttpDownloads;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Answers questions about a Dockerfile without building it. Needs no store, no container runtime and no privilege.
 * Base images are looked at in a store that is there, and at their registries if the request says to pull. Not safe for several threads.
 */
public final class Inquiry {
    private final BuildRequest request;
    private final Path store;
    private final Definition definition;
    private final List<String> ignored;
    private Map<String, String> unseen = Map.of();

    private Inquiry(BuildRequest request, Path store, Definition definition, List<String> ignored) {
        this.request = request;
        this.store = store;
        this.definition = definition;
        this.ignored = ignored;
    }

    /**
     * Reads the Dockerfile and the ignore file of a request. A context that has to be fetched is fetched into the
     * directory for temporary files, and gone when this returns.
     *
     * @param store where the store would be; it need not exist
     * @throws dev.drydock.fault.DrydockException if a file cannot be read or fetched
     */
    public static Inquiry about(BuildRequest request, Path store) throws InterruptedException {
        if (request.context() instanceof BuildContext.Directory(Path path)
                && !(request.dockerfile() instanceof DockerfileSource.Web)) {
            ContextFiles files = new ContextFiles(request.dockerfile(), OpenContexts.directory(path));
            return about(request, store, files, url -> url);
        }
        try (ScratchDirectory scratch = ScratchDirectory.in(Path.of(System.getProperty("java.io.tmpdir")));
                BuildSecrets secrets = new BuildSecrets(request.run(), scratch.path());
                OpenContexts contexts = contexts(scratch.path(), secrets)) {
            BuildLog log = new BuildLog(_ -> {}, InstantSource.system());
            ContextFiles files = new ContextFiles(request.dockerfile(), contexts.open(request.context(), log));
            return about(request, store, files, contexts::text);
        }
    }

    private static Inquiry about(BuildRequest request, Path store, ContextFiles files, ContextFiles.WebText web)
            throws InterruptedException {
        return new Inquiry(
                request, store, files.definition(web), files.ignored().patterns());
    }

    private static OpenContexts contexts(Path scratch, BuildSecrets secrets) {
        return new OpenContexts(
                new HttpDownloads(() -> WebClient.open(System.getenv()), secrets::text, scratch.resolve("downloads")),
                new GitRepositories(secrets::text, () -> secrets.agent("default"), System.getenv(), scratch),
                new LayerStore(scratch, _ -> {}),
                scratch);
    }

    /** The Dockerfile. */
    public Definition definition() {
        return definition;
    }

    /** What the checks find in the request's target and what it needs; without a target, in every stage. */
    public CheckReport check() throws InterruptedException {
        try (CheckResolver resolver = new CheckResolver(store, request.pull())) {
            CheckReport report = new DockerfileFrontend().check(definition, options(resolver::layout), resolver);
            unseen = resolver.unseen();
            return report;
        }
    }

    /**
     * What a build of the target can be told.
     *
     * @throws dev.drydock.fault.DrydockException if the Dockerfile cannot be built, with its place
     */
    public Outline outline() throws InterruptedException {
        try (CheckResolver resolver = new CheckResolver(store, request.pull())) {
            Outline outline = new DockerfileFrontend().outline(definition, options(resolver::layout), resolver);
            unseen = resolver.unseen();
            return outline;
        }
    }

    /**
     * The stages that can be built.
     *
     * @throws dev.drydock.fault.UserFault if the Dockerfile cannot be read, with its place
     */
    public List<BuildTarget> targets() {
        return new DockerfileFrontend().targets(definition, options((name, _) -> ImageRef.parse(name)));
    }

    /** Base images that the last answer had to do without, each with the reason. */
    public Map<String, String> unseen() {
        return unseen;
    }

    private BuildOptions options(BiFunction<String, NamedSource.Layout, ImageRef> layouts) {
        return ImageBuild.options(request, ignored, ImageBuild.namedContexts(request, (_, _) -> {}, layouts));
    }
}
