package dev.drydock.space;

import dev.drydock.cache.CacheStore;
import dev.drydock.images.Disposal;
import dev.drydock.images.Disposal.Disposed;
import dev.drydock.images.Disposal.Holding;
import dev.drydock.images.Disposal.References;
import dev.drydock.images.Disposal.Wanted;
import dev.drydock.images.Garbage;
import dev.drydock.images.Work;
import dev.drydock.metadata.Database;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.runtime.KeptMounts;
import dev.drydock.scope.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Says what takes space in a store, and makes some. Safe beside running work in this and other processes. */
public final class Space {
    /** Why a step ran again can be told for so long. */
    private static final Duration EXPLAINED_FOR = Duration.ofDays(30);
    /** A collection that found nothing more to free is over; another build may add while it runs. */
    private static final int ROUNDS = 3;
    /** So far under the ceiling a collection goes, in percent, so that not every build has one. */
    private static final int ROOM = 90;

    private final Database database;
    private final Garbage garbage;
    private final Disposal disposal;
    private final KeptMounts mounts;
    private final Path root;
    private final InstantSource clock;

    public Space(Database database, Garbage garbage, Path root, InstantSource clock) {
        this.database = database;
        this.garbage = garbage;
        this.disposal = new Disposal(database, garbage, root);
        this.mounts = new KeptMounts(root.resolve("cache-mounts"));
        this.root = root;
        this.clock = clock;
    }

    /** Measures the store. */
    public StoreUse use() throws InterruptedException {
        garbage.sweep();
        return stock().use();
    }

    private Inventory.Stock stock() throws InterruptedException {
        return new Inventory(database, disposal, mounts, root).take();
    }

    /**
     * What is to go.
     *
     * @param images which of the images that have no name or, with {@code named}, of all
     * @param cache whether the build cache is meant at all
     * @param all also what images share of it, and hints
     * @param which of it
     * @param limits how much of it stays
     * @param dryRun nothing goes; the answer is what would
     */
    public record Order(
            Collection<Digest> images,
            boolean named,
            boolean cache,
            boolean all,
            Predicate<CacheUse> which,
            Limits limits,
            boolean dryRun) {
        public Order {
            images = List.copyOf(images);
        }
    }

    /**
     * What went, or would.
     *
     * @param images with the names that each had
     * @param bytes what that freed on the disk
     */
    public record Pruned(Map<Digest, List<ImageRef>> images, List<CacheUse> cache, long bytes) {
        public Pruned {
            images = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(images));
            cache = List.copyOf(cache);
        }
    }

    /** Removes what the order says and nothing needs. Blocks until the space is free. */
    public Pruned prune(Order order) throws InterruptedException {
        garbage.sweep();
        Inventory.Stock stock = stock();
        List<CacheUse> victims = order.cache() ? victims(stock.use(), order) : List.of();
        return carryOut(order, stock, victims);
    }

    private List<CacheUse> victims(StoreUse use, Order order) {
        Limits limits = order.limits();
        long keep = limits.isNone() ? 0 : limits.keep(use.cacheBytes(), free());
        if (!limits.isNone() && use.cacheBytes() <= keep) {
            return List.of();
        }
        return Victims.choose(use.cache(), new Victims.Choice(order.all(), order.which()), keep);
    }

    private Pruned carryOut(Order order, Inventory.Stock stock, List<CacheUse> victims) throws InterruptedException {
        Set<String> layers = new HashSet<>();
        long bytes = 0;
        for (CacheUse victim : victims) {
            if (victim.isLayer()) {
                layers.add(victim.id());
            } else {
                bytes += victim.size();
            }
        }
        bytes += freed(stock, new HashSet<>(order.images()), layers);
        if (order.dryRun()) {
            Map<Digest, List<ImageRef>> images = new LinkedHashMap<>();
            order.images().forEach(id -> images.put(id, disposal.names(id)));
            return new Pruned(images, victims, bytes);
        }
        Disposed gone = disposal.dispose(new Wanted(
                order.named() ? List.of() : order.images(), order.named() ? order.images() : List.of(), layers));
        List<CacheUse> removed = new ArrayList<>();
        try (Work work = garbage.begin()) {
            Path tmp = work.claims().tmp();
            for (CacheUse victim : victims) {
                if (victim.isLayer() ? gone.layers().contains(victim.id()) : remove(victim, stock, tmp)) {
                    removed.add(victim);
                }
            }
        }
        if (order.cache()) {
            disposal.deleteUnknown();
            disposal.forgetMisses(
                    order.all() ? clock.instant() : clock.instant().minus(EXPLAINED_FOR));
            database.compact();
        }
        return new Pruned(gone.images(), removed, bytes);
    }

    private boolean remove(CacheUse victim, Inventory.Stock stock, Path tmp) {
        try {
            if (victim.isHints()) {
                Disk.deleteTree(root.resolve(victim.id()));
                return true;
            }
            for (KeptMounts.Mount mount : stock.mounts()) {
                if (mount.id().equals(victim.id()) && mounts.remove(mount, tmp)) {
                    Disk.deleteTree(tmp.resolve("mount-" + mount.id()));
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw Disk.fault("remove " + victim.id(), e);
        }
    }

    /** What the disk gets back when these images, and the cache on these layers, are gone. */
    private long freed(Inventory.Stock stock, Set<Digest> images, Set<String> layers) throws InterruptedException {
        References references = stock.references();
        Set<String> kept = new HashSet<>(references.claimedLayers());
        Set<String> keptBlobs = new HashSet<>(references.claimedBlobs());
        for (Holding image : references.images()) {
            boolean goes = image.listed()
                    ? images.contains(image.id())
                    : image.layers().stream().anyMatch(layers::contains);
            if (!goes) {
                kept.addAll(image.layers());
                keptBlobs.add(image.id().toString());
                keptBlobs.add(image.manifest().digest().toString());
            }
        }
        for (CacheStore.Listed record : references.records()) {
            List<String> all = new ArrayList<>();
            record.outputs().forEach(all::addAll);
            if (all.stream().noneMatch(layers::contains)) {
                kept.addAll(all);
            }
        }
        Set<String> doomed = new HashSet<>(layers);
        Set<String> blobs = new HashSet<>();
        for (Holding image : references.images()) {
            if (images.contains(image.id())
                    || (!image.listed() && image.layers().stream().anyMatch(layers::contains))) {
                doomed.addAll(image.layers());
                blobs.add(image.id().toString());
                blobs.add(image.manifest().digest().toString());
            }
        }
        doomed.removeAll(kept);
        references.blobs().forEach((layer, of) -> {
            for (Descriptor blob : of) {
                (doomed.contains(layer) ? blobs : keptBlobs).add(blob.digest().toString());
            }
        });
        blobs.removeAll(keptBlobs);
        long bytes = new LayerSizes(database, root).freedWith(doomed);
        for (String blob : blobs) {
            bytes += stock.blobs().getOrDefault(blob, 0L);
        }
        return bytes;
    }

    /**
     * What a collection did.
     *
     * @param bytes what it freed; 0 if there was nothing to do
     * @param total what the store takes now, as far as it was measured
     * @param over whether that is still more than the ceiling: images and running work need it
     */
    public record Collected(long bytes, long total, boolean over) {}

    /**
     * Brings the store under a ceiling by giving up what of the build cache was not used for the longest time. Costs next
     * to nothing while everything on the file system together is under the ceiling.
     *
     * @param ceiling in bytes; 0 for none
     */
    public Collected collect(long ceiling) throws InterruptedException {
        if (ceiling == 0 || usedOnDisk() <= ceiling) {
            return new Collected(0, 0, false);
        }
        long freed = 0;
        StoreUse use = stock().use();
        for (int round = 0; round < ROUNDS && use.total() > ceiling; round++) {
            long others = use.total() - use.cacheBytes();
            Limits limits = new Limits(0, Math.max(1, ceiling / 100 * ROOM - others), 0);
            Order order = new Order(List.of(), false, true, false, _ -> true, limits, false);
            Pruned pruned = prune(order);
            freed += pruned.bytes();
            use = stock().use();
            if (pruned.cache().isEmpty()) {
                break;
            }
        }
        return new Collected(freed, use.total(), use.total() > ceiling);
    }

    /** How large the file system of the store is, in bytes. */
    public long diskSize() {
        try {
            return Files.getFileStore(root).getTotalSpace();
        } catch (IOException e) {
            throw Disk.fault("look at the file system of " + root, e);
        }
    }

    private long usedOnDisk() {
        try {
            return diskSize() - Files.getFileStore(root).getUnallocatedSpace();
        } catch (IOException e) {
            throw Disk.fault("look at the file system of " + root, e);
        }
    }

    private long free() {
        try {
            return Files.getFileStore(root).getUsableSpace();
        } catch (IOException e) {
            throw Disk.fault("look at the file system of " + root, e);
        }
    }
}
