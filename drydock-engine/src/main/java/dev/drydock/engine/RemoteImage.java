package dev.drydock.engine;

import dev.drydock.export.Outgoing;
import dev.drydock.fault.CorruptData;
import dev.drydock.fault.RemoteFault;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Index;
import dev.drydock.oci.IndexJson;
import dev.drydock.oci.Manifest;
import dev.drydock.oci.ManifestJson;
import dev.drydock.oci.MediaTypes;
import dev.drydock.oci.Platform;
import dev.drydock.oci.PlatformChoice;
import dev.drydock.registry.Document;
import dev.drydock.registry.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** An image somewhere else, looked at but not pulled: its manifest for one platform, and its configuration. */
final class RemoteImage {
    private static final int LONGEST_CONFIG = 16 << 20;
    /** How deep indexes may lie in indexes. */
    private static final int DEEPEST = 4;

    private static final Set<String> CONFIGS =
            Set.of(MediaTypes.OCI_CONFIG, MediaTypes.DOCKER_CONFIG, "application/octet-stream", "");

    private final ImageRef name;
    private final Origin origin;
    private final Descriptor source;
    private final Platform platform;
    private final Document document;
    private final Manifest manifest;
    private final byte[] config;
    private final ImageConfig parsed;

    private RemoteImage(
            ImageRef name,
            Origin origin,
            Descriptor source,
            Platform platform,
            Document document,
            Manifest manifest,
            byte[] config) {
        this.name = name;
        this.origin = origin;
        this.source = source;
        this.platform = platform;
        this.document = document;
        this.manifest = manifest;
        this.config = config;
        this.parsed = ImageConfigJson.read(config);
    }

    /**
     * Looks at what a descriptor stands for.
     *
     * @param source an index or a manifest, as its origin has it
     * @throws RemoteFault if there is nothing for the platform, or it is no image
     */
    static RemoteImage open(ImageRef name, Origin origin, Descriptor source, Platform platform)
            throws InterruptedException {
        Document document = origin.document(source);
        if (isIndex(document.descriptor())) {
            document = chosen(origin, IndexJson.read(document.bytes()), platform, 1)
                    .orElseThrow(noMatch(IndexJson.read(document.bytes()), platform));
        }
        Manifest manifest = ManifestJson.read(document.bytes());
        if (!CONFIGS.contains(manifest.config().mediaType())) {
            throw new RemoteFault(name + ": it is no image but an artifact ("
                            + (manifest.artifactType() != null
                                    ? manifest.artifactType()
                                    : manifest.config().mediaType())
                            + ")")
                    .hint("Artifacts are fetched by the tools that made them; images are what drydock pulls.");
        }
        manifest.layers().forEach(layer -> checkType(name, layer));
        byte[] config = config(origin, manifest.config());
        RemoteImage image = new RemoteImage(name, origin, source, platform, document, manifest, config);
        if (image.parsed.diffIds().size() != manifest.layers().size()) {
            throw new CorruptData(
                    name + ": its manifest has " + manifest.layers().size() + " layers, its configuration "
                            + image.parsed.diffIds().size());
        }
        for (Digest diffId : image.parsed.diffIds()) {
            if (!diffId.algorithm().equals("sha256")) {
                throw new RemoteFault(name + ": its configuration names the content of a layer by " + diffId.algorithm()
                                + " (" + diffId + "); drydock knows layers by sha256 only")
                        .hint("Manifests and blobs may have such digests, diff IDs not: build the image again with"
                                + " sha256.");
            }
        }
        return image;
    }

    /** Refuses what cannot be unpacked before anything is fetched. */
    private static void checkType(ImageRef name, Descriptor layer) {
        String type = layer.mediaType();
        if (type.endsWith("+encrypted")) {
            throw new RemoteFault(name + ": its layer " + layer.digest() + " is encrypted (" + type + ")")
                    .hint("Decrypt it first: skopeo copy --decryption-key KEY docker://" + name + " …");
        }
        if (!type.isEmpty() && !type.contains("tar") && !type.equals("application/octet-stream")) {
            throw new RemoteFault(name + ": its layer " + layer.digest() + " is no archive of files (" + type + ")")
                    .hint("It is an artifact that looks like an image: the tools that made it can fetch it.");
        }
    }

    /**
     * The manifest of an index for a platform. An index may list indexes: one for the platform is as good as a manifest, and
     * where nothing is for the platform those that say no platform are looked into, in their order.
     */
    private static Optional<Document> chosen(Origin origin, Index index, Platform platform, int depth)
            throws InterruptedException {
        List<Descriptor> candidates = new ArrayList<>();
        PlatformChoice.of(index, platform).ifPresent(candidates::add);
        for (Descriptor each : index.manifests()) {
            if (each.platform() == null && isIndex(each) && !candidates.contains(each)) {
                candidates.add(each);
            }
        }
        for (Descriptor candidate : candidates) {
            Document document = origin.document(candidate);
            if (!isIndex(document.descriptor())) {
                return Optional.of(document);
            }
            if (depth < DEEPEST) {
                Optional<Document> below = chosen(origin, IndexJson.read(document.bytes()), platform, depth + 1);
                if (below.isPresent()) {
                    return below;
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isIndex(Descriptor document) {
        String type = document.mediaType();
        return type.equals(MediaTypes.OCI_INDEX) || type.equals(MediaTypes.DOCKER_INDEX);
    }

    private static Supplier<RemoteFault> noMatch(Index index, Platform platform) {
        List<String> has = index.manifests().stream()
                .map(Descriptor::platform)
                .filter(each -> each != null && !each.os().equals("unknown"))
                .map(String::valueOf)
                .distinct()
                .toList();
        return () -> new RemoteFault("no matching manifest for " + platform
                        + " in the manifest list entries: no match for platform in manifest: not found")
                .hint(
                        has.isEmpty()
                                ? "The index names no platform."
                                : "It is there for " + String.join(", ", has) + ".");
    }

    private static byte[] config(Origin origin, Descriptor wanted) throws InterruptedException {
        if (wanted.size() > LONGEST_CONFIG) {
            throw new CorruptData(
                    "fetch image configuration " + wanted.digest() + ": it would be " + wanted.size() + " bytes long");
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return fetch(origin, wanted);
            } catch (CorruptData damaged) {
                if (attempt == Origin.CONTENT_ATTEMPTS) {
                    throw damaged;
                }
            }
        }
    }

    private static byte[] fetch(Origin origin, Descriptor wanted) throws InterruptedException {
        try (InputStream in = origin.blob(wanted)) {
            byte[] bytes = in.readNBytes((int) wanted.size());
            if (!wanted.digest().isOf(bytes)) {
                throw new CorruptData("fetch image configuration " + wanted.digest() + ": the registry sent "
                                + Digest.of(bytes))
                        .hint("Try again; a proxy or mirror in between may be at fault.");
            }
            return bytes;
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new RemoteFault("fetch image configuration " + wanted.digest() + ": " + e.getMessage(), e);
        }
    }

    ImageRef name() {
        return name;
    }

    /** What the name stood for: an index, or the manifest itself. */
    Descriptor source() {
        return source;
    }

    /** The platform that was asked for. */
    Platform platform() {
        return platform;
    }

    Descriptor manifestDescriptor() {
        return document.descriptor();
    }

    byte[] manifestBytes() {
        return document.bytes();
    }

    Manifest manifest() {
        return manifest;
    }

    byte[] configBytes() {
        return config.clone();
    }

    ImageConfig config() {
        return parsed;
    }

    InputStream open(Descriptor blob) {
        return origin.blob(blob);
    }

    /** Its layers, for a push that passes their bytes on. */
    List<Outgoing.Elsewhere> elsewhere() {
        List<Outgoing.Elsewhere> layers = new ArrayList<>();
        for (int i = 0; i < manifest.layers().size(); i++) {
            Descriptor blob = manifest.layers().get(i);
            layers.add(new Outgoing.Elsewhere(parsed.diffIds().get(i), blob, out -> passOn(blob, out)));
        }
        return layers;
    }

    private void passOn(Descriptor blob, OutputStream out) throws IOException, InterruptedException {
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = open(blob)) {
            while (true) {
                int count;
                try {
                    count = in.read(buffer);
                } catch (IOException e) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    throw new RemoteFault("fetch layer " + blob.digest() + ": " + e.getMessage(), e);
                }
                if (count < 0) {
                    return;
                }
                out.write(buffer, 0, count);
            }
        }
    }

    /** The name pinned to what it stood for. */
    ImageRef pinned() {
        return new ImageRef(name.domain(), name.path(), null, source.digest());
    }
}
