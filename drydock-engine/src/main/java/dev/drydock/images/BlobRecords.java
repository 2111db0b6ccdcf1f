package dev.drydock.images;

import dev.drydock.metadata.Database;
import dev.drydock.metadata.Database.Durability;
import dev.drydock.oci.Digest;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What the store remembers of blobs that it need not have: what layers become when they are compressed, and which
 * repositories hold what. Hints: whoever uses one must cope with its being out of date.
 */
public final class BlobRecords {
    private final Database database;

    public BlobRecords(Database database) {
        this.database = database;
    }

    /** The digest and size of something compressed. */
    public record Compressed(Digest digest, long size) {}

    /** What a layer's tar stream becomes in a form, if that was found out before. */
    public Optional<Compressed> compressed(Digest diffId, String form) {
        return database.read(tx -> tx.first(
                "SELECT digest, size FROM compressed WHERE diff_id = ? AND form = ?",
                row -> new Compressed(Digest.parse(row.text(1)), row.number(2)),
                diffId.toString(),
                form));
    }

    public void remember(Digest diffId, String form, Compressed compressed) {
        database.write(
                Durability.SOON,
                tx -> tx.update(
                        "INSERT OR REPLACE INTO compressed (diff_id, form, digest, size) VALUES (?, ?, ?, ?)",
                        diffId.toString(),
                        form,
                        compressed.digest().toString(),
                        compressed.size()));
    }

    /** Repositories of a registry that were seen to hold a blob. */
    public List<String> places(Digest blob, String domain) {
        return database.read(tx -> tx.list(
                "SELECT path FROM places WHERE digest = ? AND domain = ? ORDER BY path LIMIT 3",
                row -> row.text(1),
                blob.toString(),
                domain));
    }

    /** Remembers that a repository holds blobs. */
    public void seen(String domain, String path, Collection<Digest> blobs) {
        database.write(Durability.SOON, tx -> {
            for (Digest blob : blobs) {
                tx.update(
                        "INSERT OR IGNORE INTO places (digest, domain, path) VALUES (?, ?, ?)",
                        blob.toString(),
                        domain,
                        path);
            }
            return null;
        });
    }
}
