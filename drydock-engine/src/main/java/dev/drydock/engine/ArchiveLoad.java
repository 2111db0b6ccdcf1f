package dev.drydock.engine;

import dev.drydock.fault.UserFault;
import dev.drydock.images.ForeignImage;
import dev.drydock.images.ImageStore;
import dev.drydock.images.LayerBlob;
import dev.drydock.images.StoredImage;
import dev.drydock.images.Work;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Index;
import dev.drydock.oci.IndexJson;
import dev.drydock.oci.JsonValue;
import dev.drydock.oci.Manifest;
import dev.drydock.oci.ManifestJson;
import dev.drydock.oci.MediaTypes;
import dev.drydock.oci.Platform;
import dev.drydock.oci.PlatformChoice;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.snapshot.Snapshot;
import dev.drydock.source.LayerIntake;
import dev.drydock.source.LayerIntake.Incoming;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes the images of an archive into the store: an OCI layout, a Docker archive, or both in one. */
final class ArchiveLoad {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final Store store;
    private final InstantSource clock;
    private final Platform platform;

    /** @param platform what is taken of an index; the host's when the archive does not offer a choice */
    ArchiveLoad(Store store, InstantSource clock, Platform platform) {
        this.store = store;
        this.clock = clock;
        this.platform = platform;
    }

    List<LoadedImage> run(InputStream archive) throws InterruptedException {
        try (Work work = store.begin();
                ArchiveContent content =
                        ArchiveContent.read(archive, store.content(), work.claims(), intake(work), this::isKnown)) {
            Map<Digest, FoundImage> images = new LinkedHashMap<>();
            if (content.document("index.json") != null) {
                layout(content, images);
            }
            if (content.document("manifest.json") != null) {
                docker(content, images);
            }
            if (images.isEmpty() && content.document("repositories") != null) {
                LegacyArchive.images(content).forEach(image -> images.put(image.id(), image));
            }
            if (images.isEmpty()) {
                throw new UserFault("unrecognized image format")
                        .hint("A root file system is no image: drydock import makes one of it.");
            }
            List<LoadedImage> loaded = new ArrayList<>();
            for (FoundImage image : images.values()) {
                loaded.add(store(image, content, work));
            }
            return loaded;
        }
    }

    private LayerIntake intake(Work work) {
        return new LayerIntake(store.content(), work.claims(), store.layers(work), clock);
    }

    /** Files of layers are mostly called by the digest of the plain layer; then a layer of the store is not unpacked again. */
    private boolean isKnown(String file) {
        Matcher digits = DIGEST.matcher(file);
        return digits.find() && store.images().hasLayer(new Digest("sha256", digits.group()));
    }

    private void layout(ArchiveContent content, Map<Digest, FoundImage> images) {
        Index index = IndexJson.read(content.needed("index.json"));
        for (Descriptor listed : index.manifests()) {
            Optional<Descriptor> chosen = manifest(listed, content);
            if (chosen.isEmpty()) {
                continue;
            }
            byte[] bytes = content.bytes(chosen.get());
            Manifest manifest = ManifestJson.read(bytes);
            if (!content.has(manifest.config().digest())) {
                throw ArchiveContent.missing(manifest.config().digest().toString());
            }
            byte[] config = content.bytes(manifest.config());
            String type = manifest.mediaType() != null ? manifest.mediaType() : MediaTypes.OCI_MANIFEST;
            FoundImage image = images.computeIfAbsent(
                    Digest.of(config),
                    _ -> new FoundImage(
                            new Descriptor(type, chosen.get().digest(), bytes.length),
                            bytes,
                            config,
                            manifest.layers()));
            name(listed).ifPresent(image.names()::add);
        }
    }

    /** The manifest that an entry stands for: itself, or the one for the platform. Attestations stand for none. */
    private Optional<Descriptor> manifest(Descriptor listed, ArchiveContent content) {
        boolean isIndex = listed.mediaType().equals(MediaTypes.OCI_INDEX)
                || listed.mediaType().equals(MediaTypes.DOCKER_INDEX);
        if (!content.has(listed.digest())) {
            throw ArchiveContent.missing(listed.digest().toString());
        }
        if (!isIndex) {
            Platform has = listed.platform();
            return has != null && has.os().equals("unknown") ? Optional.empty() : Optional.of(listed);
        }
        Index index = IndexJson.read(content.bytes(listed));
        Optional<Descriptor> chosen = PlatformChoice.of(index, platform);
        if (chosen.isEmpty() || !content.has(chosen.get().digest())) {
            // What was saved of a multi-platform image may be for another platform than this host's.
            chosen = index.manifests().stream()
                    .filter(each -> content.has(each.digest()))
                    .filter(each ->
                            each.platform() == null || !each.platform().os().equals("unknown"))
                    .findFirst();
        }
        return chosen;
    }

    private static Optional<ImageRef> name(Descriptor listed) {
        String full = listed.annotations().get("io.containerd.image.name");
        String reference = listed.annotations().get("org.opencontainers.image.ref.name");
        if (full != null) {
            return parse(full);
        }
        // By the specification this is a tag only; Podman and Buildah write the whole name.
        return reference != null && (reference.contains("/") || reference.contains(":"))
                ? parse(reference)
                : Optional.empty();
    }

    private static Optional<ImageRef> parse(String name) {
        try {
            ImageRef parsed = ImageRef.parse(name).withDefaultTag();
            return parsed.digest() == null ? Optional.of(parsed) : Optional.empty();
        } catch (UserFault e) {
            return Optional.empty(); // a label of the archive's own
        }
    }

    private static void docker(ArchiveContent content, Map<Digest, FoundImage> images) {
        if (!(JsonValue.parse(content.needed("manifest.json")) instanceof JsonValue.Arr(List<JsonValue> entries))) {
            throw new UserFault("read image archive: manifest.json is no list");
        }
        for (JsonValue entry : entries) {
            if (!(entry instanceof JsonValue.Obj object)
                    || !(object.get("Config") instanceof JsonValue.Text(String configName))) {
                throw new UserFault("read image archive: manifest.json names no configuration");
            }
            byte[] config = content.needed(configName);
            FoundImage image = images.get(Digest.of(config));
            if (image == null) {
                List<Descriptor> layers = strings(object.get("Layers")).stream()
                        .map(content::layer)
                        .toList();
                image = FoundImage.of(config, layers);
                images.put(Digest.of(config), image);
            }
            for (String tag : strings(object.get("RepoTags"))) {
                parse(tag).ifPresent(image.names()::add);
            }
        }
    }

    private static List<String> strings(@org.jspecify.annotations.Nullable JsonValue value) {
        List<String> strings = new ArrayList<>();
        if (value instanceof JsonValue.Arr(List<JsonValue> items)) {
            for (JsonValue item : items) {
                if (item instanceof JsonValue.Text(String text)) {
                    strings.add(text);
                }
            }
        }
        return strings;
    }

    private LoadedImage store(FoundImage image, ArchiveContent content, Work work) throws InterruptedException {
        ImageConfig config = ImageConfigJson.read(image.config());
        List<Digest> diffIds = config.diffIds();
        if (diffIds.size() != image.layers().size()) {
            throw new UserFault("read image archive: an image has "
                    + image.layers().size() + " layers, its configuration names " + diffIds.size());
        }
        ImageStore images = store.images();
        List<Layer> all = new ArrayList<>(images.longestKnown(work.claims(), diffIds));
        int known = all.size();
        List<Incoming> missing = new ArrayList<>();
        for (int i = known; i < diffIds.size(); i++) {
            if (!content.has(image.layers().get(i).digest())) {
                throw ArchiveContent.missing("layer " + image.layers().get(i).digest());
            }
            missing.add(new Incoming(content.kept(image.layers().get(i)), diffIds.get(i)));
        }
        LayerStore layers = store.layers(work);
        all.addAll(new LayerIntake(store.content(), work.claims(), layers, clock)
                .take(new Snapshot(all), missing, content, (_, _, _) -> {}));
        layers.sync();
        List<LayerBlob> kept = new ArrayList<>();
        for (int i = known; i < all.size(); i++) {
            kept.add(new LayerBlob(all.get(i).id(), content.kept(image.layers().get(i))));
        }
        StoredImage stored = images.put(
                work.claims(),
                new ForeignImage(image.manifest(), image.manifestBytes(), image.config(), all, kept),
                List.copyOf(image.names()),
                ImageStore.Listing.LISTED);
        return new LoadedImage(stored.id(), List.copyOf(image.names()));
    }
}
