package dev.drydock.space;

import dev.drydock.images.Disposal;
import dev.drydock.images.Disposal.Holding;
import dev.drydock.images.Disposal.References;
import dev.drydock.metadata.Database;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.runtime.KeptMounts;
import dev.drydock.scope.Disk;
import dev.drydock.space.StoreUse.ImageUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Takes stock of a store: measures everything in it and finds out what it is kept for. */
final class Inventory {
    /** Directories that spare builds some looking, with what is in them. */
    private static final Map<String, String> HINTS = Map.of(
            "stat-cache", "what is known of files in local contexts",
            "content-manifests", "what is known of the contents of layers and contexts",
            "step-layers", "which layers steps made last",
            "downloads", "what is known of files on web servers");

    private final Database database;
    private final Disposal disposal;
    private final KeptMounts mounts;
    private final Path root;

    Inventory(Database database, Disposal disposal, KeptMounts mounts, Path root) {
        this.database = database;
        this.disposal = disposal;
        this.mounts = mounts;
        this.root = root;
    }

    /** What was found, with what it was made of. */
    record Stock(StoreUse use, References references, Map<String, Long> blobs, List<KeptMounts.Mount> mounts) {}

    Stock take() throws InterruptedException {
        References references = disposal.references();
        Chains chains = new Chains(references);
        Set<String> present = new TreeSet<>(Disk.names(root.resolve("layers")));
        Map<String, Long> layers = new LayerSizes(database, root).of(present);
        Map<String, Long> blobs = blobs();
        long blobTotal = blobs.values().stream().mapToLong(Long::longValue).sum();

        Map<String, Long> whole = new HashMap<>();
        Set<String> counted = new HashSet<>();
        for (String layer : present) {
            whole.put(
                    layer,
                    layers.getOrDefault(layer, 0L)
                            + blobBytes(references.blobs().get(layer), blobs, counted));
        }
        Map<String, Long> documents = new LinkedHashMap<>();
        for (Holding image : references.images()) {
            long bytes = 0;
            for (Digest document : List.of(image.id(), image.manifest().digest())) {
                bytes += counted.add(document.toString()) ? blobs.getOrDefault(document.toString(), 0L) : 0;
            }
            documents.put(image.id().toString(), bytes);
        }
        long stray = blobTotal;
        for (String blob : counted) {
            stray -= blobs.getOrDefault(blob, 0L);
        }
        List<KeptMounts.Mount> kept = mounts.all();
        Images images = images(references, whole, documents);
        List<CacheUse> cache = new ArrayList<>();
        cache.addAll(layerUses(present, references, chains, whole, documents));
        cache.addAll(mountUses(kept));
        cache.addAll(hintUses());
        StoreUse use = new StoreUse(images.each(), images.together(), images.dangling(), cache, stray + rest(kept));
        return new Stock(use, references, blobs, kept);
    }

    private static long blobBytes(
            @org.jspecify.annotations.Nullable List<Descriptor> of, Map<String, Long> blobs, Set<String> counted) {
        long bytes = 0;
        for (Descriptor blob : of == null ? List.<Descriptor>of() : of) {
            bytes += counted.add(blob.digest().toString())
                    ? blobs.getOrDefault(blob.digest().toString(), 0L)
                    : 0;
        }
        return bytes;
    }

    private record Images(Map<Digest, ImageUse> each, long together, long dangling) {}

    private Images images(References references, Map<String, Long> layers, Map<String, Long> documents) {
        Map<String, Integer> users = new HashMap<>();
        Set<String> named = new HashSet<>();
        Set<Digest> unnamed = new HashSet<>(disposal.unnamed());
        for (Holding image : references.images()) {
            if (image.listed()) {
                for (String layer : new HashSet<>(image.layers())) {
                    users.merge(layer, 1, Integer::sum);
                }
                if (!unnamed.contains(image.id())) {
                    named.addAll(image.layers());
                }
            }
        }
        Map<Digest, ImageUse> each = new LinkedHashMap<>();
        Set<String> counted = new HashSet<>();
        long together = 0;
        long dangling = 0;
        for (Holding image : references.images()) {
            if (!image.listed()) {
                continue;
            }
            long own = documents.getOrDefault(image.id().toString(), 0L);
            long shared = 0;
            together += own;
            dangling += unnamed.contains(image.id()) ? own : 0;
            for (String layer : new HashSet<>(image.layers())) {
                long bytes = layers.getOrDefault(layer, 0L);
                own += bytes;
                shared += users.getOrDefault(layer, 0) > 1 ? bytes : 0;
                if (counted.add(layer)) {
                    together += bytes;
                    dangling += named.contains(layer) ? 0 : bytes;
                }
            }
            each.put(image.id(), new ImageUse(own, shared));
        }
        return new Images(each, together, dangling);
    }

    private static List<CacheUse> layerUses(
            Set<String> present,
            References references,
            Chains chains,
            Map<String, Long> layers,
            Map<String, Long> documents) {
        Map<String, Long> extra = new HashMap<>();
        for (Holding image : references.images()) {
            if (!image.listed() && !image.layers().isEmpty()) {
                extra.merge(
                        image.layers().getLast(),
                        documents.getOrDefault(image.id().toString(), 0L),
                        Long::sum);
            }
        }
        List<CacheUse> uses = new ArrayList<>();
        for (String layer : present) {
            Chains.Facts facts = chains.find(layer);
            boolean shared = chains.isVisible(layer);
            if (facts == null && shared) {
                continue; // an image's alone
            }
            boolean inUse = references.claimedLayers().contains(layer);
            Instant used = facts == null ? Instant.EPOCH : facts.used();
            Instant created = facts == null || facts.created() == null ? used : facts.created();
            uses.add(new CacheUse(
                    layer,
                    facts == null ? List.of() : facts.parents(),
                    created,
                    used,
                    facts == null ? 0 : facts.uses(),
                    false,
                    inUse,
                    shared,
                    layers.getOrDefault(layer, 0L) + extra.getOrDefault(layer, 0L),
                    description(facts, inUse, shared),
                    facts == null ? "regular" : facts.type()));
        }
        return uses;
    }

    private static String description(
            Chains.@org.jspecify.annotations.Nullable Facts facts, boolean inUse, boolean shared) {
        if (facts == null) {
            return inUse ? "being made by a running build" : "left over";
        }
        return facts.description().isEmpty() ? (shared ? "a layer of an image" : "under another") : facts.description();
    }

    private List<CacheUse> mountUses(List<KeptMounts.Mount> kept) throws InterruptedException {
        List<CacheUse> uses = new ArrayList<>();
        for (KeptMounts.Mount mount : kept) {
            DiskUse use = new DiskUse();
            long bytes = use.measure(mount.id(), mount.data()).own();
            uses.add(new CacheUse(
                    mount.id(),
                    List.of(),
                    mount.created(),
                    mount.lastUsed(),
                    0,
                    true,
                    mount.inUse(),
                    false,
                    bytes,
                    mount.description(),
                    CacheUse.MOUNT));
        }
        return uses;
    }

    private List<CacheUse> hintUses() throws InterruptedException {
        List<CacheUse> uses = new ArrayList<>();
        for (String name : new TreeSet<>(HINTS.keySet())) {
            Path directory = root.resolve(name);
            long bytes = new DiskUse().measure(name, directory).own();
            if (bytes > 0) {
                Instant used = lastModified(directory);
                uses.add(new CacheUse(
                        name,
                        List.of(),
                        used,
                        used,
                        0,
                        true,
                        false,
                        false,
                        bytes,
                        HINTS.getOrDefault(name, name),
                        name.equals("stat-cache") ? CacheUse.LOCAL : CacheUse.INTERNAL));
            }
        }
        return uses;
    }

    private static Instant lastModified(Path directory) {
        try {
            return Files.getLastModifiedTime(directory).toInstant();
        } catch (IOException e) {
            throw Disk.fault("look at " + directory, e);
        }
    }

    /** The database, and the directories that hold everything. */
    private long rest(List<KeptMounts.Mount> kept) throws InterruptedException {
        Set<String> without = new HashSet<>(HINTS.keySet());
        for (String layer : Disk.names(root.resolve("layers"))) {
            without.add("layers/" + layer);
        }
        for (String algorithm : Disk.names(root.resolve("blobs"))) {
            for (String blob : Disk.names(root.resolve("blobs").resolve(algorithm))) {
                without.add("blobs/" + algorithm + "/" + blob);
            }
        }
        for (KeptMounts.Mount mount : kept) {
            without.add(root.relativize(mount.data()).toString());
        }
        return new DiskUse().measure("rest", root, without).own();
    }

    private Map<String, Long> blobs() {
        Map<String, Long> bytes = new HashMap<>();
        for (String algorithm : Disk.names(root.resolve("blobs"))) {
            DiskUse.files(root.resolve("blobs").resolve(algorithm))
                    .forEach((hex, size) -> bytes.put(algorithm + ":" + hex, size));
        }
        return bytes;
    }
}
