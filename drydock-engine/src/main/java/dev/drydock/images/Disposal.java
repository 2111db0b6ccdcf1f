package dev.drydock.images;

import dev.drydock.cache.CacheStore;
import dev.drydock.metadata.Claims;
import dev.drydock.metadata.Claims.Kind;
import dev.drydock.metadata.Database;
import dev.drydock.metadata.Database.Durability;
import dev.drydock.metadata.Times;
import dev.drydock.metadata.Transaction;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.scope.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the parts of a store are kept for, and the removal of several at once. Safe for several threads and processes. */
public final class Disposal {
    private final Database database;
    private final Garbage garbage;
    private final Path root;

    public Disposal(Database database, Garbage garbage, Path root) {
        this.database = database;
        this.garbage = garbage;
        this.root = root;
    }

    /**
     * An image and the directories of its layers.
     *
     * @param listed whether people see it; one that is not was pulled for builds
     * @param reference what an image that is not listed was pulled as; empty if that is not known
     * @param used when it was stored, tagged or last of use to a build
     */
    public record Holding(
            Digest id, Descriptor manifest, boolean listed, String reference, Instant used, List<String> layers) {
        public Holding {
            layers = List.copyOf(layers);
        }
    }

    /**
     * Who keeps what, as of one instant.
     *
     * @param records of the build cache, in the order in which they were made
     * @param blobs by layer, the bytes that it came in
     * @param claimedLayers by running work
     * @param claimedBlobs likewise
     */
    public record References(
            List<Holding> images,
            List<CacheStore.Listed> records,
            Map<String, List<Descriptor>> blobs,
            Set<String> claimedLayers,
            Set<String> claimedBlobs) {
        public References {
            images = List.copyOf(images);
            records = List.copyOf(records);
            blobs = Map.copyOf(blobs);
            claimedLayers = Set.copyOf(claimedLayers);
            claimedBlobs = Set.copyOf(claimedBlobs);
        }
    }

    /** Reads who keeps what. */
    public References references() {
        return database.read(this::references);
    }

    /** Reads who keeps what inside a transaction. */
    public References references(Transaction tx) {
        Map<String, List<String>> layers = new HashMap<>();
        tx.list(
                "SELECT image, layer FROM image_layers ORDER BY image, position",
                row -> layers.computeIfAbsent(row.text(1), _ -> new ArrayList<>())
                        .add(row.text(2)));
        Map<String, List<Descriptor>> blobs = new HashMap<>();
        tx.list(
                "SELECT layer, media_type, digest, size FROM layer_blobs ORDER BY layer, digest",
                row -> blobs.computeIfAbsent(row.text(1), _ -> new ArrayList<>())
                        .add(new Descriptor(row.text(2), Digest.parse(row.text(3)), row.number(4))));
        return new References(
                tx.list(
                        "SELECT id, manifest_type, manifest, manifest_size, listed, coalesce(reference, ''), stored"
                                + " FROM images ORDER BY created DESC, stored DESC, id",
                        row -> new Holding(
                                Digest.parse(row.text(1)),
                                new Descriptor(row.text(2), Digest.parse(row.text(3)), row.number(4)),
                                row.number(5) == 1,
                                row.text(6),
                                Times.instant(row.number(7)),
                                layers.getOrDefault(row.text(1), List.of()))),
                CacheStore.all(tx),
                blobs,
                claimed(tx, Kind.LAYER),
                claimed(tx, Kind.BLOB));
    }

    /** Images that people see and that have no name, neither by tag nor by digest. */
    public List<Digest> unnamed() {
        return database.read(tx -> tx.list(
                "SELECT id FROM images WHERE listed = 1 AND id NOT IN (SELECT image FROM names)",
                row -> Digest.parse(row.text(1))));
    }

    /** The names that an image has. */
    public List<ImageRef> names(Digest id) {
        return database.read(tx -> ImageTables.names(tx, id));
    }

    private static Set<String> claimed(Transaction tx, Kind kind) {
        return new LinkedHashSet<>(
                tx.list("SELECT DISTINCT ref FROM claims WHERE kind = ?", row -> row.text(1), kind.word()));
    }

    /** What is to go. */
    public record Wanted(Collection<Digest> unnamed, Collection<Digest> named, Collection<String> layers) {
        public Wanted {
            unnamed = List.copyOf(unnamed);
            named = List.copyOf(named);
            layers = List.copyOf(layers);
        }
    }

    /**
     * What went.
     *
     * @param images with the names that each had
     * @param layers of which the build cache knows nothing any more
     * @param freed layers that are gone from the disk
     */
    public record Disposed(Map<Digest, List<ImageRef>> images, Set<String> layers, Set<String> freed) {
        public Disposed {
            images = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(images));
            layers = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(layers));
            freed = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(freed));
        }
    }

    /**
     * Removes images, and what the build cache keeps on layers, in one step; then deletes what nobody needs. What running
     * work has claimed stays, and so does an image that was given a name since it was found to have none.
     */
    public Disposed dispose(Wanted wanted) {
        Map<Digest, List<ImageRef>> images = new java.util.LinkedHashMap<>();
        Set<String> layers = new LinkedHashSet<>();
        Claims claims = garbage.begin().claims();
        database.free(Durability.NOW, tx -> {
            images.clear();
            layers.clear();
            for (Digest id : wanted.unnamed()) {
                if (ImageTables.names(tx, id).isEmpty()) {
                    delete(tx, id, claims, images);
                }
            }
            for (Digest id : wanted.named()) {
                delete(tx, id, claims, images);
            }
            for (String layer : wanted.layers()) {
                if (!isUsed(tx, Kind.LAYER, layer, claims)) {
                    forget(tx, layer, claims);
                    layers.add(layer);
                }
            }
            return null;
        });
        return new Disposed(images, layers, garbage.finish(claims));
    }

    private static void delete(Transaction tx, Digest id, Claims claims, Map<Digest, List<ImageRef>> images) {
        if (!ImageTables.isListed(tx, id) || isUsed(tx, Kind.BLOB, id.toString(), claims)) {
            return;
        }
        List<ImageRef> names = ImageTables.names(tx, id);
        names.forEach(name -> ImageTables.unname(tx, name));
        ImageTables.delete(tx, id, claims);
        images.put(id, names);
    }

    private static void forget(Transaction tx, String layer, Claims claims) {
        for (Digest pulled : tx.list(
                "SELECT images.id FROM images JOIN image_layers ON image_layers.image = images.id"
                        + " WHERE image_layers.layer = ? AND images.listed = 0",
                row -> Digest.parse(row.text(1)),
                layer)) {
            ImageTables.delete(tx, pulled, claims);
        }
        CacheStore.evictOn(tx, claims, layer);
        claims.claim(tx, Kind.LAYER, layer);
    }

    private static boolean isUsed(Transaction tx, Kind kind, String ref, Claims own) {
        return tx.first(
                        "SELECT 1 FROM claims WHERE kind = ? AND ref = ? AND NOT (lease = ? AND work = ?) LIMIT 1",
                        row -> row.number(1),
                        kind.word(),
                        ref,
                        own.lease(),
                        own.work())
                .isPresent();
    }

    /** Gives up explanations for steps that no build has had since {@code before}, and hints about what is gone. */
    public void forgetMisses(Instant before) {
        database.free(Durability.SOON, tx -> {
            CacheStore.forget(tx, before);
            tx.update("DELETE FROM choices WHERE manifest NOT IN (SELECT manifest FROM images)");
            tx.update("DELETE FROM compressed WHERE diff_id NOT IN (SELECT diff_id FROM image_layers)");
            return null;
        });
    }

    /** Layers and blobs that are there and that nothing needs. */
    public record Unknown(List<String> layers, List<String> blobs) {
        public Unknown {
            layers = List.copyOf(layers);
            blobs = List.copyOf(blobs);
        }
    }

    /** Looks for layers and blobs that nothing needs. Those that running work makes are claimed before they are there. */
    public Unknown unknown() {
        List<String> layers = new ArrayList<>(Disk.names(root.resolve("layers")));
        List<String> blobs = new ArrayList<>(blobNames());
        return database.read(tx -> {
            layers.removeIf(layer -> Garbage.layerIsNeeded(tx, layer));
            blobs.removeIf(blob -> Garbage.blobIsNeeded(tx, blob));
            return new Unknown(layers, blobs);
        });
    }

    private List<String> blobNames() {
        List<String> blobs = new ArrayList<>();
        for (String algorithm : Disk.names(root.resolve("blobs"))) {
            for (String hex : Disk.names(root.resolve("blobs").resolve(algorithm))) {
                blobs.add(algorithm + ":" + hex);
            }
        }
        return blobs;
    }

    /**
     * Puts a blob right that is damaged or missing: documents of images are written again from what the database has; of a
     * layer's bytes it is forgotten that they were kept, since its files are there.
     *
     * @return whether that was possible
     */
    public boolean restore(Digest blob) {
        Path file = root.resolve("blobs").resolve(blob.algorithm()).resolve(blob.hex());
        byte[] document = database.read(tx -> ImageTables.document(tx, blob));
        try {
            Files.deleteIfExists(file);
            if (document != null) {
                Path fresh = Files.createTempFile(garbage.begin().claims().tmp(), "blob-", "");
                Files.write(fresh, document);
                Files.createDirectories(file.resolveSibling(""));
                Disk.publish(fresh, file);
                return true;
            }
        } catch (IOException e) {
            throw Disk.fault("restore blob " + blob, e);
        }
        return database.write(
                Durability.NOW, tx -> tx.update("DELETE FROM layer_blobs WHERE digest = ?", blob.toString()) > 0);
    }

    /** Takes damaged layers away, with what the build cache has on them. Images that have them lack them from then on. */
    public void dropDamaged(Collection<String> layers) {
        if (layers.isEmpty()) {
            return;
        }
        Claims claims = garbage.begin().claims();
        List<Path> gone = new ArrayList<>();
        database.free(Durability.NOW, tx -> {
            gone.clear();
            for (String layer : layers) {
                forget(tx, layer, claims);
                ImageTables.takeBlobs(tx, layer).forEach(blob -> claims.claim(tx, Kind.BLOB, blob));
                tx.update("DELETE FROM layer_usage WHERE layer = ?", layer);
                garbage.moveAway(layer, gone);
            }
            return null;
        });
        garbage.finish(claims);
        gone.forEach(Garbage::deleteTree);
    }

    /** Deletes layers and blobs that nobody knows of: what a damaged disk or a lost database left. */
    public Set<String> deleteUnknown() {
        Claims claims = garbage.begin().claims();
        database.free(Durability.SOON, tx -> {
            for (String layer : Disk.names(root.resolve("layers"))) {
                claims.claim(tx, Kind.LAYER, layer);
            }
            for (String blob : blobNames()) {
                claims.claim(tx, Kind.BLOB, blob);
            }
            return null;
        });
        return garbage.finish(claims);
    }
}
