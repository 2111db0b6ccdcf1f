package dev.drydock.engine;

import dev.drydock.engine.Provenance.Asked;
import dev.drydock.engine.Provenance.Material;
import dev.drydock.frontend.BuildPlan;
import dev.drydock.frontend.Frontend;
import dev.drydock.frontend.GitSource;
import dev.drydock.frontend.NamedContexts;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Collects what went into a build once it is done: by then every source has a digest. */
final class ProvenanceCapture {
    private static final String LAYOUTS = "oci-layout.local/";

    private final BuildRequest request;
    private final BuildPlan plan;
    private final Pins pins;
    private final SortedMap<String, Boolean> secrets = new TreeMap<>();
    private final SortedMap<String, Boolean> agents = new TreeMap<>();
    private final TreeSet<String> locals = new TreeSet<>();
    private final SortedMap<String, Material> images = new TreeMap<>();
    private final SortedMap<String, Material> repositories = new TreeMap<>();
    private final SortedMap<String, Material> downloads = new TreeMap<>();
    private boolean network;

    /** What sources were in this build. */
    interface Pins {
        /** The commit that was checked out; empty if nobody needed it. */
        Optional<String> commit(Op.Git op);

        /** The digest of the file; empty if nobody needed it. */
        Optional<Digest> download(Op.Http op);

        /** What a registry or a layout calls the image whose manifest for this platform that is. */
        Digest image(Digest manifest);

        /** The main context, if it was fetched. */
        Optional<Material> context();
    }

    private ProvenanceCapture(BuildRequest request, BuildPlan plan, Pins pins) {
        this.request = request;
        this.plan = plan;
        this.pins = pins;
    }

    /** @param layers of the image that was made; empty if none was */
    static Provenance of(
            BuildRequest request, BuildPlan plan, Frontend.Definition file, List<Descriptor> layers, Pins pins) {
        return new ProvenanceCapture(request, plan, pins)
                .capture(DefinitionCapture.of(plan, file, layers, pins::image));
    }

    private Provenance capture(Provenance.Definition definition) {
        for (Vertex vertex : plan.graph().vertices()) {
            take(vertex.op());
        }
        if (request.context() instanceof BuildContext.Directory || request.context() instanceof BuildContext.Stream) {
            locals.add("context");
        }
        if (isOfThisHost(request.dockerfile())) {
            locals.add("dockerfile");
        }
        Optional<Material> context = pins.context();
        context.ifPresent(each -> (each.algorithm().equals("sha256") && request.context() instanceof BuildContext.Web
                        ? downloads
                        : repositories)
                .put(each.uri(), each));
        List<Material> materials = new ArrayList<>(images.values());
        materials.addAll(repositories.values());
        materials.addAll(downloads.values());
        return new Provenance(
                context.map(this::configSource).orElse(null),
                entryPoint(),
                arguments(),
                asked(secrets),
                asked(agents),
                List.copyOf(locals),
                materials,
                network,
                definition);
    }

    private boolean isOfThisHost(DockerfileSource dockerfile) {
        return switch (dockerfile) {
            case DockerfileSource.Usual _ -> request.context() instanceof BuildContext.Directory;
            case DockerfileSource.OnHost _, DockerfileSource.Text _, DockerfileSource.Web _ -> true;
            case DockerfileSource.InContext _ -> false;
        };
    }

    private String entryPoint() {
        return switch (request.dockerfile()) {
            case DockerfileSource.OnHost(var path) -> String.valueOf(path.getFileName());
            case DockerfileSource.InContext(String path) -> path;
            case DockerfileSource.Usual _, DockerfileSource.Text _, DockerfileSource.Web _ -> "Dockerfile";
        };
    }

    /** The context's address says which directory of the repository it is; the material's does not. */
    private Material configSource(Material context) {
        return request.context() instanceof BuildContext.Repository(GitSource source) && source.subdir() != null
                ? new Material(
                        context.uri() + (source.ref().isEmpty() ? "#" : "") + ":" + source.subdir(),
                        context.algorithm(),
                        context.hex())
                : context;
    }

    private void take(Op op) {
        switch (op) {
            case Op.Image(String reference, Digest manifest, Platform platform) ->
                add(
                        images,
                        new Material(
                                packageUrl(ImageRef.parse(reference), platform),
                                "sha256",
                                pins.image(manifest).hex()));
            case Op.Git git -> pins.commit(git).ifPresent(commit -> add(repositories, material(git, commit)));
            case Op.Http http ->
                pins.download(http)
                        .ifPresent(digest -> add(
                                downloads,
                                new Material(UserInfo.masked(http.url()), digest.algorithm(), digest.hex())));
            case Op.Local local -> {
                int colon = local.name().indexOf(':');
                if (colon >= 0) { // a named one; the build's own may have been fetched
                    locals.add(local.name().substring(colon + 1));
                }
            }
            case Op.Exec exec -> take(exec);
            case Op.Files _, Op.Merge _, Op.Diff _, Op.OciLayout _ -> {}
        }
    }

    private static void add(SortedMap<String, Material> to, Material material) {
        to.putIfAbsent(material.uri(), material);
    }

    /** A commit of a repository at its address. */
    static Material material(Op.Git git, String commit) {
        String address = UserInfo.masked(git.remote()) + (git.ref().isEmpty() ? "" : "#" + git.ref());
        return new Material(address, commit.length() == 64 ? "sha256" : "sha1", commit);
    }

    private void take(Op.Exec exec) {
        for (Op.Mount mount : exec.mounts()) {
            switch (mount.type()) {
                case Op.MountType.Secret secret -> secrets.merge(secret.id(), !secret.required(), Boolean::logicalAnd);
                case Op.MountType.Ssh ssh -> agents.merge(ssh.id(), !ssh.required(), Boolean::logicalAnd);
                case Op.MountType.Bind _, Op.MountType.Cache _, Op.MountType.Tmpfs _ -> {}
            }
        }
        exec.secretEnv().forEach(secret -> secrets.merge(secret.id(), !secret.required(), Boolean::logicalAnd));
        network |= exec.network() != Op.Network.NONE;
    }

    private static List<Asked> asked(Map<String, Boolean> all) {
        return all.entrySet().stream()
                .map(each -> new Asked(each.getKey(), each.getValue()))
                .toList();
    }

    /** {@code pkg:docker/NAME@TAG?digest=…&platform=…}, as BuildKit writes it. */
    static String packageUrl(ImageRef reference, Platform platform) {
        String name = reference.familiarRepository();
        boolean layout = name.startsWith(LAYOUTS);
        String digest =
                reference.digestIfAny().map(each -> "digest=" + each + "&").orElse("");
        String tag = reference
                .tagIfAny()
                .or(() -> digest.isEmpty() ? Optional.of("latest") : Optional.empty())
                .map(each -> "@" + each)
                .orElse("");
        return "pkg:" + (layout ? "oci/" + name.substring(LAYOUTS.length()) : "docker/" + name) + tag + "?" + digest
                + "platform=" + platform.toString().replace("/", "%2F");
    }

    private Map<String, String> arguments() {
        Map<String, String> arguments = new TreeMap<>();
        request.buildArgs().forEach((key, value) -> arguments.put("build-arg:" + key, value));
        request.labels().forEach((key, value) -> arguments.put("label:" + key, value));
        putUnlessEmpty(arguments, "target", request.target());
        if (request.noCache()) {
            arguments.put("no-cache", "");
        }
        putUnlessEmpty(arguments, "no-cache", String.join(",", request.noCacheStages()));
        RunSettings run = request.run();
        if (run.network() != Op.Network.DEFAULT) {
            arguments.put("force-network-mode", run.network() == Op.Network.HOST ? "host" : "none");
        }
        putUnlessEmpty(
                arguments,
                "add-hosts",
                run.extraHosts().stream()
                        .map(each -> each.host() + "=" + each.address())
                        .collect(Collectors.joining(",")));
        putUnlessEmpty(arguments, "shm-size", run.shmSize() == 0 ? "" : Long.toString(run.shmSize()));
        putUnlessEmpty(
                arguments,
                "ulimit",
                run.ulimits().stream()
                        .map(each -> each.name() + "=" + each.soft() + ":" + each.hard())
                        .collect(Collectors.joining(",")));
        request.namedContexts()
                .forEach((name, source) -> arguments.put("context:" + NamedContexts.key(name), text(name, source)));
        arguments.replaceAll((_, value) -> UserInfo.masked(value));
        return arguments;
    }

    private static void putUnlessEmpty(Map<String, String> to, String key, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            to.put(key, value);
        }
    }

    private static String text(String name, NamedSource source) {
        return switch (source) {
            case NamedSource.Directory _ -> "local:" + NamedContexts.key(name);
            case NamedSource.Repository(GitSource repository) -> {
                Material at = material(repository.op(), "");
                yield at.uri()
                        + (repository.subdir() == null
                                ? ""
                                : (repository.ref().isEmpty() ? "#" : "") + ":" + repository.subdir());
            }
            case NamedSource.Web(String url) -> UserInfo.masked(url);
            case NamedSource.Image(String reference) -> "docker-image://" + reference;
            case NamedSource.Layout layout ->
                "oci-layout://" + NamedContexts.key(name)
                        + (layout.tag() == null ? "" : ":" + layout.tag())
                        + (layout.digest() == null ? "" : "@" + layout.digest());
        };
    }
}
