package dev.drydock.integrity;

import dev.drydock.cache.CacheStore;
import dev.drydock.images.Disposal;
import dev.drydock.images.Disposal.Holding;
import dev.drydock.images.Disposal.References;
import dev.drydock.images.Garbage;
import dev.drydock.images.Work;
import dev.drydock.integrity.Problem.Part;
import dev.drydock.layer.LayerCheck;
import dev.drydock.metadata.Claims;
import dev.drydock.metadata.Database;
import dev.drydock.metadata.Database.Durability;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.scope.Disk;
import dev.drydock.scope.Lease;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerId;
import dev.drydock.snapshot.LayerStore;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks through a store: the database, every blob against its digest, every layer's files against its index, what refers to
 * what, and what nothing refers to. What it looks at is claimed meanwhile, so that it may run beside other work.
 */
public final class StoreCheck {
    private final Database database;
    private final Garbage garbage;
    private final Disposal disposal;
    private final Path root;

    public StoreCheck(Database database, Garbage garbage, Path root) {
        this.database = database;
        this.garbage = garbage;
        this.disposal = new Disposal(database, garbage, root);
        this.root = root;
    }

    /** What was looked at and what is wrong with it. */
    public record Report(int images, int layers, int blobs, int records, List<Problem> problems) {
        public Report {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Looks through the store. Blocks on the disk.
     *
     * @param contents whether blobs and files are read, or only looked at
     */
    public Report check(boolean contents) throws InterruptedException {
        garbage.sweep();
        List<Problem> problems = new ArrayList<>();
        for (String complaint : database.complaints()) {
            problems.add(new Problem(Part.DATABASE, "drydock.db", complaint, List.of()));
        }
        try (Work work = garbage.begin()) {
            References references = claimed(work.claims());
            Map<String, Set<Digest>> layers = layers(references);
            Map<String, Set<Digest>> blobs = blobs(references);
            for (Map.Entry<String, Set<Digest>> layer : layers.entrySet()) {
                layer(layer.getKey(), contents)
                        .ifPresent(what -> problems.add(
                                new Problem(Part.LAYER, layer.getKey(), what, List.copyOf(layer.getValue()))));
            }
            for (Map.Entry<String, Set<Digest>> blob : blobs.entrySet()) {
                blob(Digest.parse(blob.getKey()), contents)
                        .ifPresent(what -> problems.add(
                                new Problem(Part.BLOB, blob.getKey(), what, List.copyOf(blob.getValue()))));
            }
            problems.addAll(leftovers());
            return new Report(
                    (int) references.images().stream().filter(Holding::listed).count(),
                    layers.size(),
                    blobs.size(),
                    references.records().size(),
                    problems);
        }
    }

    /** Claimed in the transaction that reads: nothing that is found goes before it is looked at. */
    private References claimed(Claims claims) {
        return database.write(Durability.SOON, tx -> {
            References references = disposal.references(tx);
            layers(references).keySet().forEach(layer -> claims.claim(tx, Claims.Kind.LAYER, layer));
            blobs(references).keySet().forEach(blob -> claims.claim(tx, Claims.Kind.BLOB, blob));
            return references;
        });
    }

    /** Layers that something refers to, with the images that need each. */
    private static Map<String, Set<Digest>> layers(References references) {
        Map<String, Set<Digest>> layers = new TreeMap<>();
        for (Holding image : references.images()) {
            for (String layer : image.layers()) {
                Set<Digest> users = layers.computeIfAbsent(layer, _ -> new LinkedHashSet<>());
                if (image.listed()) {
                    users.add(image.id());
                }
            }
        }
        for (CacheStore.Listed record : references.records()) {
            record.outputs()
                    .forEach(
                            chain -> chain.forEach(layer -> layers.computeIfAbsent(layer, _ -> new LinkedHashSet<>())));
        }
        return layers;
    }

    private static Map<String, Set<Digest>> blobs(References references) {
        Map<String, Set<Digest>> blobs = new LinkedHashMap<>();
        Map<String, Set<Digest>> layers = layers(references);
        for (Holding image : references.images()) {
            Set<Digest> user = image.listed() ? Set.of(image.id()) : Set.of();
            for (Digest document : List.of(image.id(), image.manifest().digest())) {
                blobs.computeIfAbsent(document.toString(), _ -> new LinkedHashSet<>())
                        .addAll(user);
            }
        }
        for (Map.Entry<String, List<Descriptor>> layer : new TreeMap<>(references.blobs()).entrySet()) {
            for (Descriptor blob : layer.getValue()) {
                blobs.computeIfAbsent(blob.digest().toString(), _ -> new LinkedHashSet<>())
                        .addAll(layers.getOrDefault(layer.getKey(), Set.of()));
            }
        }
        return blobs;
    }

    private Optional<String> layer(String id, boolean contents) throws InterruptedException {
        Path directory = root.resolve("layers").resolve(id);
        if (!Files.isDirectory(directory)) {
            return Optional.of("it is missing");
        }
        Optional<Layer> layer;
        try {
            layer = new LayerStore(root).find(new LayerId(id));
        } catch (dev.drydock.fault.DrydockException damaged) {
            return Optional.of("its index is damaged");
        }
        if (layer.isEmpty()) {
            return Optional.of(
                    Files.exists(directory.resolve("index"))
                            ? "the power failed before it was on the disk"
                            : "its index is missing");
        }
        return LayerCheck.difference(layer.get(), contents);
    }

    private Optional<String> blob(Digest digest, boolean contents) {
        Path file = root.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
        if (!Files.exists(file)) {
            return Optional.of("it is missing");
        }
        try (InputStream in = contents ? new FileInputStream(file.toFile()) : InputStream.nullInputStream()) {
            if (contents && !digestOf(in, digest).equals(digest)) {
                return Optional.of("its bytes are others than its digest says");
            }
            return Files.isReadable(file) ? Optional.empty() : Optional.of("permission denied");
        } catch (IOException e) {
            return Optional.of("it cannot be read: " + e.getMessage());
        }
    }

    private static Digest digestOf(InputStream in, Digest like) throws IOException {
        try {
            MessageDigest hash = MessageDigest.getInstance(like.algorithm().replace("sha", "SHA-"));
            byte[] buffer = new byte[1 << 18];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                hash.update(buffer, 0, n);
            }
            return new Digest(like.algorithm(), HexFormat.of().formatHex(hash.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has the SHA-2 family", e);
        }
    }

    private List<Problem> leftovers() {
        List<Problem> problems = new ArrayList<>();
        Disposal.Unknown unknown = disposal.unknown();
        unknown.layers()
                .forEach(layer ->
                        problems.add(new Problem(Part.LEFTOVER, "layers/" + layer, "nothing refers to it", List.of())));
        unknown.blobs()
                .forEach(blob -> problems.add(new Problem(
                        Part.LEFTOVER, "blobs/" + blob.replace(':', '/'), "nothing refers to it", List.of())));
        for (Path directory : stray()) {
            problems.add(new Problem(
                    Part.LEFTOVER, root.relativize(directory).toString(), "its process is gone", List.of()));
        }
        return problems;
    }

    /** What is unfinished and belongs to no running process. */
    private List<Path> stray() {
        List<Path> stray = new ArrayList<>();
        Path tmp = root.resolve("tmp");
        if (Files.isDirectory(tmp)) {
            try {
                for (Path directory : Disk.entries(tmp)) {
                    if (!Lease.alive(root, String.valueOf(directory.getFileName()))) {
                        stray.add(directory);
                    }
                }
            } catch (IOException e) {
                throw Disk.fault("list " + tmp, e);
            }
        }
        return stray;
    }

    /** What could not be mended by this alone. */
    public record Mended(List<Problem> left, Set<Digest> brokenImages) {
        public Mended {
            left = List.copyOf(left);
            brokenImages = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(brokenImages));
        }
    }

    /**
     * Mends what the store can mend from what it has: documents are written again, damaged layers are dropped with what the
     * build cache has on them, what nothing refers to is deleted. Images that lack something afterwards are told.
     */
    public Mended mend(Report report) {
        List<Problem> left = new ArrayList<>();
        Set<Digest> broken = new LinkedHashSet<>();
        Set<String> damaged = new LinkedHashSet<>();
        boolean leftovers = false;
        for (Problem problem : report.problems()) {
            switch (problem.part()) {
                case DATABASE -> {
                    if (!database.rebuildIndexes()) {
                        left.add(problem);
                    }
                }
                case LEFTOVER -> leftovers = true;
                case LAYER -> {
                    damaged.add(problem.subject());
                    broken.addAll(problem.images());
                }
                case BLOB -> {
                    if (!disposal.restore(Digest.parse(problem.subject()))) {
                        left.add(problem);
                        broken.addAll(problem.images());
                    }
                }
                case IMAGE -> left.add(problem);
            }
        }
        disposal.dropDamaged(damaged);
        if (leftovers) {
            disposal.deleteUnknown();
            for (Path directory : stray()) {
                try {
                    Disk.deleteTree(directory);
                } catch (IOException e) {
                    throw Disk.fault("delete " + directory, e);
                }
            }
        }
        return new Mended(left, broken);
    }

    /** Names of images, for messages. */
    public Map<Digest, List<dev.drydock.oci.ImageRef>> names(Set<Digest> images) {
        Map<Digest, List<dev.drydock.oci.ImageRef>> names = new HashMap<>();
        images.forEach(id -> names.put(id, disposal.names(id)));
        return names;
    }
}
