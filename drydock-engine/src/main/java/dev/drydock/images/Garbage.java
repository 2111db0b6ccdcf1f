package dev.drydock.images;

import dev.drydock.content.ContentStore;
import dev.drydock.metadata.Claims;
import dev.drydock.metadata.Claims.Kind;
import dev.drydock.metadata.Database;
import dev.drydock.metadata.Database.Durability;
import dev.drydock.metadata.Transaction;
import dev.drydock.oci.Digest;
import dev.drydock.scope.Disk;
import dev.drydock.scope.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Deletes layers and blobs that no image, no cache record and no running work needs. Nothing is searched for: whatever
 * loses a user becomes a candidate, and so does what a process that died had claimed.
 *
 * <p>The decision and the disappearance are one write transaction, and whoever relies on a layer or a blob claims it in
 * one, before looking: so it either finds the thing and keeps it, or does not find it.
 */
public final class Garbage {
    private final Database database;
    private final ContentStore content;
    private final Path root;
    private final Supplier<Lease> lease;

    /** @param lease this process's, asked for when work begins */
    public Garbage(Database database, ContentStore content, Path root, Supplier<Lease> lease) {
        this.database = database;
        this.content = content;
        this.root = root;
        this.lease = lease;
    }

    /** Begins a piece of work. The caller closes it. */
    public Work begin() {
        return new Work(Claims.open(database, lease.get()), this);
    }

    /**
     * Ends a piece of work: lets go of its claims and deletes what nothing else needs. If the process dies before, the
     * next one does it.
     *
     * @return the IDs of the layers that are gone
     */
    Set<String> finish(Claims claims) {
        // A lease that is dead stays dead, so this may be asked before the transaction; a new one counts as alive.
        List<String> dead = new ArrayList<>();
        for (String id : leases()) {
            if (!Lease.alive(root, id)) {
                dead.add(id);
            }
        }
        List<Path> gone = new ArrayList<>();
        Set<String> removed = database.free(Durability.SOON, tx -> {
            Set<String> layers = new LinkedHashSet<>(claims.refs(tx, Kind.LAYER));
            Set<String> blobs = new LinkedHashSet<>(claims.refs(tx, Kind.BLOB));
            claims.release(tx);
            for (String id : dead) {
                layers.addAll(refs(tx, id, Kind.LAYER));
                blobs.addAll(refs(tx, id, Kind.BLOB));
                tx.update("DELETE FROM claims WHERE lease = ?", id);
            }
            layers.removeIf(layer -> layerIsNeeded(tx, layer));
            for (String layer : layers) {
                blobs.addAll(ImageTables.takeBlobs(tx, layer));
                tx.update("DELETE FROM layer_usage WHERE layer = ?", layer);
            }
            removeBlobs(tx, blobs);
            layers.removeIf(layer -> !moveAway(layer, gone));
            return layers;
        });
        for (Path directory : gone) {
            deleteTree(directory);
        }
        names().refresh();
        return removed;
    }

    /** The copy of the images' names. */
    public NamesCopy names() {
        return new NamesCopy(database, root, () -> lease.get().tmp());
    }

    /** Cleans up after processes that died. */
    public void sweep() {
        deleteOldCopy();
        database.fillReserve();
        if (leases().stream().anyMatch(id -> !Lease.alive(root, id))) {
            begin().close();
        }
        Lease.sweep(root, _ -> {}); // a lease that dies only now: its claims go with the next finish
    }

    /** Earlier versions made the copy of the names anew beside it, where a killed one left it. */
    private void deleteOldCopy() {
        Path old = root.resolve(Database.NAMES + ".new");
        try {
            Files.deleteIfExists(old);
        } catch (IOException e) {
            throw Disk.fault("delete " + old, e);
        }
    }

    private List<String> leases() {
        return database.read(tx -> tx.list("SELECT DISTINCT lease FROM claims", row -> row.text(1)));
    }

    private static List<String> refs(Transaction tx, String lease, Kind kind) {
        return tx.list("SELECT ref FROM claims WHERE lease = ? AND kind = ?", row -> row.text(1), lease, kind.word());
    }

    private void removeBlobs(Transaction tx, Set<String> blobs) {
        for (String blob : blobs) {
            if (!blobIsNeeded(tx, blob)) {
                content.delete(Digest.parse(blob));
            }
        }
    }

    /** Moves a layer to where it is unfinished business of this process, for it takes time to delete. */
    boolean moveAway(String layer, List<Path> gone) {
        Path directory = root.resolve("layers").resolve(layer);
        Path away = lease.get().tmp().resolve("deleted-" + layer);
        try {
            boolean there = Files.exists(directory);
            if (there) {
                Files.move(directory, away);
            }
            // also of a layer that never came to be, or whose removal was cut off here
            Files.deleteIfExists(root.resolve("unsynced-layers").resolve(layer));
            if (!there) {
                return false;
            }
        } catch (IOException e) {
            throw Disk.fault("delete layer " + layer, e);
        }
        gone.add(away);
        return true;
    }

    static void deleteTree(Path directory) {
        try {
            Disk.deleteTree(directory);
        } catch (IOException e) {
            throw Disk.fault("delete layer", e);
        }
    }

    static boolean layerIsNeeded(Transaction tx, String layer) {
        return ImageTables.isLayerOfAny(tx, layer)
                || exists(tx, "SELECT 1 FROM record_layers WHERE layer = ? LIMIT 1", layer)
                || isClaimed(tx, Kind.LAYER, layer);
    }

    static boolean blobIsNeeded(Transaction tx, String digest) {
        return exists(tx, "SELECT 1 FROM images WHERE id = ? LIMIT 1", digest)
                || exists(tx, "SELECT 1 FROM images WHERE manifest = ? LIMIT 1", digest)
                || exists(tx, "SELECT 1 FROM layer_blobs WHERE digest = ? LIMIT 1", digest)
                || isClaimed(tx, Kind.BLOB, digest);
    }

    private static boolean isClaimed(Transaction tx, Kind kind, String ref) {
        return tx.first(
                        "SELECT 1 FROM claims WHERE kind = ? AND ref = ? LIMIT 1",
                        row -> row.number(1),
                        kind.word(),
                        ref)
                .isPresent();
    }

    private static boolean exists(Transaction tx, String query, String argument) {
        return tx.first(query, row -> row.number(1), argument).isPresent();
    }
}
