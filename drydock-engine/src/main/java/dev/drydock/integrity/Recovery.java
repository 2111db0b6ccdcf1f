package dev.drydock.integrity;

import dev.drydock.fault.DrydockException;
import dev.drydock.images.ForeignImage;
import dev.drydock.images.ImageStore;
import dev.drydock.images.ImageStore.Listing;
import dev.drydock.images.KeptNames;
import dev.drydock.images.KeptNames.Kept;
import dev.drydock.images.LayerBlob;
import dev.drydock.layer.ArchiveStream;
import dev.drydock.layer.HashedStream;
import dev.drydock.layer.LayerCopies;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Manifest;
import dev.drydock.oci.ManifestJson;
import dev.drydock.oci.MediaTypes;
import dev.drydock.scope.Disk;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerId;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.snapshot.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the images of a store that has lost its database: manifests and configurations are among the blobs, layers say their diff
 * IDs, and names stand in a copy, as {@link KeptNames} reads it. What only the database had, the build cache above all, is gone.
 */
public final class Recovery {
    private static final long LONGEST_DOCUMENT = 16 << 20;

    private final Path root;
    private final ImageStore images;
    private final Map<Digest, byte[]> documents = new LinkedHashMap<>();
    /** Blobs that are no documents, by digest, and their lengths. */
    private final Map<Digest, Long> others = new LinkedHashMap<>();

    private final Map<Digest, List<Layer>> layers = new HashMap<>();
    /** By diff ID: telling layers apart reads all that is in them. */
    private final Map<Digest, LayerCopies> copies = new HashMap<>();

    private final Set<Digest> used = new HashSet<>();
    private final Map<LayerId, LayerBlob> plainKept = new HashMap<>();

    /**
     * What was found.
     *
     * @param listed images that people see
     * @param lost the names of images that the store no longer has whole
     */
    public record Found(int listed, int names, List<String> lost) {
        public Found {
            lost = List.copyOf(lost);
        }
    }

    /** An image whose parts are all here. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares candidates
    private record Candidate(Digest id, Digest manifest, byte[] config, Manifest read) {}

    /** @param images of the new database, which has none yet */
    public Recovery(Path root, ImageStore images) {
        this.root = root;
        this.images = images;
    }

    /** Looks through blobs and layers and stores what they make up. Blocks on the disk. */
    public Found run() throws InterruptedException {
        scan();
        for (Layer layer : new LayerStore(root).all()) {
            layers.computeIfAbsent(layer.diffId(), _ -> new ArrayList<>()).add(layer);
        }
        Map<Digest, Kept> kept = new LinkedHashMap<>();
        KeptNames.read(root).forEach(image -> kept.put(image.id(), image));
        Map<Digest, Candidate> found = new LinkedHashMap<>();
        for (Map.Entry<Digest, byte[]> document : documents.entrySet()) {
            candidate(document.getKey(), document.getValue()).ifPresent(each -> {
                Kept known = kept.get(each.id);
                if (!found.containsKey(each.id)
                        || (known != null && known.manifest().equals(each.manifest))) {
                    found.put(each.id, each);
                }
            });
        }
        Set<String> lost = new LinkedHashSet<>();
        kept.forEach((id, image) -> {
            if (!found.containsKey(id)) {
                image.names().forEach(name -> lost.add(name.familiar()));
            }
        });
        keptPlain(found.values());
        int listed = 0;
        int names = 0;
        for (Candidate each : found.values()) {
            Kept known = kept.get(each.id);
            List<ImageRef> called = known == null ? List.of() : known.names();
            // Without a copy of the names nobody knows what was listed: then people see everything.
            Listing listing = kept.isEmpty() || known != null ? Listing.LISTED : Listing.UNLISTED;
            store(each, known, called, listing);
            listed += listing == Listing.LISTED ? 1 : 0;
            names += called.size();
        }
        return new Found(listed, names, List.copyOf(lost));
    }

    private void scan() throws InterruptedException {
        Path blobs = root.resolve("blobs");
        if (!Files.isDirectory(blobs)) {
            return;
        }
        try {
            for (Path algorithm : Disk.entries(blobs)) {
                for (Path blob : Disk.entries(algorithm)) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    look(name(algorithm), blob);
                }
            }
        } catch (IOException e) {
            throw Disk.fault("look through " + blobs, e);
        }
    }

    private void look(String algorithm, Path blob) throws IOException {
        Digest digest;
        try {
            digest = new Digest(algorithm, name(blob));
        } catch (RuntimeException noDigest) {
            return;
        }
        long size = Files.size(blob);
        if (size <= LONGEST_DOCUMENT && startsLikeJson(blob)) {
            byte[] bytes = Files.readAllBytes(blob);
            if (digest.isOf(bytes)) {
                documents.put(digest, bytes);
                return;
            }
        }
        others.put(digest, size);
    }

    private static boolean startsLikeJson(Path blob) throws IOException {
        try (InputStream in = Files.newInputStream(blob)) {
            int first = in.read();
            while (first == ' ' || first == '\n' || first == '\r' || first == '\t') {
                first = in.read();
            }
            return first == '{';
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private Optional<Candidate> candidate(Digest digest, byte[] bytes) {
        try {
            Manifest manifest = ManifestJson.read(bytes);
            byte[] config = documents.get(manifest.config().digest());
            if (config == null) {
                return Optional.empty();
            }
            ImageConfig read = ImageConfigJson.read(config);
            boolean whole = read.diffIds().size() == manifest.layers().size()
                    && read.diffIds().stream().allMatch(layers::containsKey);
            return whole
                    ? Optional.of(new Candidate(manifest.config().digest(), digest, config, manifest))
                    : Optional.empty();
        } catch (DrydockException noManifest) {
            return Optional.empty();
        }
    }

    private List<Layer> chain(Candidate image, @Nullable Kept known) {
        List<Digest> diffIds = ImageConfigJson.read(image.config).diffIds();
        List<Layer> chain = new ArrayList<>();
        for (int i = 0; i < diffIds.size(); i++) {
            Snapshot below = new Snapshot(chain);
            List<Layer> same = layers.getOrDefault(diffIds.get(i), List.of());
            LayerId meant = known != null && known.layers().size() == diffIds.size()
                    ? known.layers().get(i)
                    : null;
            chain.add(same.stream()
                    .filter(layer -> layer.id().equals(meant))
                    .findFirst()
                    .orElseGet(() -> copies(same).madeOn(below).orElseGet(same::getFirst)));
        }
        return chain;
    }

    private LayerCopies copies(List<Layer> same) {
        return copies.computeIfAbsent(same.getFirst().diffId(), _ -> new LayerCopies(same));
    }

    private void store(Candidate image, @Nullable Kept known, List<ImageRef> names, Listing listing) {
        List<Layer> chain = chain(image, known);
        List<LayerBlob> blobs = new ArrayList<>();
        for (int i = 0; i < chain.size(); i++) {
            Descriptor came = image.read.layers().get(i);
            LayerBlob plain = plainKept.get(chain.get(i).id());
            if (others.containsKey(came.digest())) {
                blobs.add(new LayerBlob(chain.get(i).id(), came));
            } else if (plain != null) {
                blobs.add(plain);
            }
        }
        byte[] manifest = Objects.requireNonNull(documents.get(image.manifest));
        String type = image.read.mediaType() == null ? MediaTypes.OCI_MANIFEST : image.read.mediaType();
        images.restore(
                new ForeignImage(
                        new Descriptor(type, image.manifest, manifest.length), manifest, image.config, chain, blobs),
                names,
                listing,
                known == null ? Instant.EPOCH : known.stored());
    }

    /** Layers that came plain are kept compressed under a digest that no manifest names: they are known by what is in them. */
    private void keptPlain(Iterable<Candidate> found) throws InterruptedException {
        for (Candidate image : found) {
            image.read.layers().forEach(layer -> used.add(layer.digest()));
        }
        for (Map.Entry<Digest, Long> blob : others.entrySet()) {
            if (used.contains(blob.getKey())) {
                continue;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Path file = root.resolve("blobs")
                    .resolve(blob.getKey().algorithm())
                    .resolve(blob.getKey().hex());
            try (InputStream in = Files.newInputStream(file);
                    HashedStream plain = new HashedStream(ArchiveStream.open(in))) {
                plain.transferTo(OutputStream.nullOutputStream());
                for (Layer layer : layers.getOrDefault(plain.result().digest(), List.of())) {
                    plainKept.put(
                            layer.id(),
                            new LayerBlob(
                                    layer.id(), new Descriptor(MediaTypes.KEPT_LAYER, blob.getKey(), blob.getValue())));
                }
            } catch (IOException damaged) {
                // it belongs to nothing, and fsck says so
            }
        }
    }
}
