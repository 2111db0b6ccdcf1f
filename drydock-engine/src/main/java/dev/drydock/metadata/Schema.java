package dev.drydock.metadata;

import dev.drydock.fault.EnvironmentFault;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * The database's tables, by version. Version N is made from version N-1 by the statements at index N-1; a step that was
 * released never changes. Times are nanoseconds since 1970. Digests are {@code algorithm:hex}.
 */
final class Schema {
    /** Sets the sizes of an image: its files, and what a registry would be sent. */
    static final String SIZES = "size = (SELECT coalesce(sum(size), 0) FROM image_layers WHERE image = images.id),"
            + " content_size = length(config) + manifest_size + (SELECT coalesce(sum(coalesce("
            + "(SELECT min(b.size) FROM layer_blobs b WHERE b.layer = l.layer), l.tar_size)), 0)"
            + " FROM image_layers l WHERE l.image = images.id)";

    private static final List<List<String>> STEPS = List.of(
            List.of(
                    // An image is named by the digest of its configuration, which is kept here too, so that a list of
                    // images
                    // is a read of one file.
                    """
            CREATE TABLE images (
              id TEXT PRIMARY KEY,
              manifest TEXT NOT NULL,
              manifest_type TEXT NOT NULL,
              manifest_size INTEGER NOT NULL,
              config BLOB NOT NULL,
              created INTEGER,
              stored INTEGER NOT NULL
            ) WITHOUT ROWID""",
                    // tag and digest are '' when the name has none.
                    """
            CREATE TABLE names (
              domain TEXT NOT NULL,
              path TEXT NOT NULL,
              tag TEXT NOT NULL,
              digest TEXT NOT NULL,
              image TEXT NOT NULL REFERENCES images(id),
              PRIMARY KEY (domain, path, tag, digest)
            ) WITHOUT ROWID""",
                    "CREATE INDEX names_by_image ON names(image)",
                    """
            CREATE TABLE image_layers (
              image TEXT NOT NULL REFERENCES images(id) ON DELETE CASCADE,
              position INTEGER NOT NULL,
              layer TEXT NOT NULL,
              diff_id TEXT NOT NULL,
              chain_id TEXT NOT NULL,
              tar_size INTEGER NOT NULL,
              size INTEGER NOT NULL,
              created INTEGER NOT NULL,
              PRIMARY KEY (image, position)
            ) WITHOUT ROWID""",
                    "CREATE INDEX image_layers_by_layer ON image_layers(layer)",
                    """
            CREATE TABLE records (
              id INTEGER PRIMARY KEY,
              identity TEXT NOT NULL,
              outputs INTEGER NOT NULL,
              parts BLOB NOT NULL,
              evicted INTEGER NOT NULL,
              boot TEXT, -- the machine's boot whose power its layers still depend on; null once they are synced
              created INTEGER NOT NULL,
              last_used INTEGER NOT NULL
            )""",
                    """
            CREATE TABLE record_keys (
              key TEXT NOT NULL,
              record INTEGER NOT NULL REFERENCES records(id) ON DELETE CASCADE,
              position INTEGER NOT NULL,
              PRIMARY KEY (key, record)
            ) WITHOUT ROWID""",
                    // Names of a step that live through edits, so that a miss can be compared with an earlier record.
                    """
            CREATE TABLE record_slots (
              slot TEXT NOT NULL,
              record INTEGER NOT NULL REFERENCES records(id) ON DELETE CASCADE,
              PRIMARY KEY (slot, record)
            ) WITHOUT ROWID""",
                    "CREATE INDEX record_slots_by_record ON record_slots(record)",
                    "CREATE INDEX record_keys_by_record ON record_keys(record)",
                    """
            CREATE TABLE record_layers (
              record INTEGER NOT NULL REFERENCES records(id) ON DELETE CASCADE,
              output INTEGER NOT NULL,
              position INTEGER NOT NULL,
              layer TEXT NOT NULL,
              PRIMARY KEY (record, output, position)
            ) WITHOUT ROWID""",
                    "CREATE INDEX record_layers_by_layer ON record_layers(layer)",
                    // What running work uses or has made: lease is the process's, work one build of it.
                    """
            CREATE TABLE claims (
              lease TEXT NOT NULL,
              work INTEGER NOT NULL,
              kind TEXT NOT NULL,
              ref TEXT NOT NULL,
              PRIMARY KEY (kind, ref, lease, work)
            ) WITHOUT ROWID""",
                    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"),
            List.of(
                    // An image that is not listed was pulled for a build only: it has no name and no line in a list of
                    // images.
                    "ALTER TABLE images ADD COLUMN listed INTEGER NOT NULL DEFAULT 1",
                    // The bytes that a layer came in, kept as they came. They go with the layer.
                    """
            CREATE TABLE layer_blobs (
              layer TEXT NOT NULL,
              digest TEXT NOT NULL,
              media_type TEXT NOT NULL,
              size INTEGER NOT NULL,
              PRIMARY KEY (layer, digest)
            ) WITHOUT ROWID""",
                    "CREATE INDEX layer_blobs_by_digest ON layer_blobs(digest)",
                    "CREATE INDEX image_layers_by_chain ON image_layers(chain_id)",
                    // Which manifest of an index was chosen for a platform: both have digests, so it stays true.
                    """
            CREATE TABLE choices (
              source TEXT NOT NULL,
              platform TEXT NOT NULL,
              manifest TEXT NOT NULL,
              PRIMARY KEY (source, platform)
            ) WITHOUT ROWID""",
                    // What a layer's tar stream becomes when it is compressed in some way: that never changes either.
                    """
            CREATE TABLE compressed (
              diff_id TEXT NOT NULL,
              form TEXT NOT NULL,
              digest TEXT NOT NULL,
              size INTEGER NOT NULL,
              PRIMARY KEY (diff_id, form)
            ) WITHOUT ROWID""",
                    // Repositories that have been seen to hold a blob, so that others of the registry can take it over.
                    """
            CREATE TABLE places (
              digest TEXT NOT NULL,
              domain TEXT NOT NULL,
              path TEXT NOT NULL,
              PRIMARY KEY (digest, domain, path)
            ) WITHOUT ROWID"""),
            List.of(
                    // What made a cache record, for people, and how often it was of use.
                    "ALTER TABLE records ADD COLUMN step TEXT NOT NULL DEFAULT ''",
                    "ALTER TABLE records ADD COLUMN type TEXT NOT NULL DEFAULT 'regular'",
                    "ALTER TABLE records ADD COLUMN uses INTEGER NOT NULL DEFAULT 0",
                    // What an image that is not listed was pulled as.
                    "ALTER TABLE images ADD COLUMN reference TEXT",
                    // How much of the disk a layer takes: a layer never changes. None is kept of one that shares files
                    // with others, since that does change.
                    """
            CREATE TABLE layer_usage (
              layer TEXT PRIMARY KEY,
              bytes INTEGER NOT NULL
            ) WITHOUT ROWID"""),
            List.of(
                    // What a list of images shows, in an index of its own: a list of many reads no configurations.
                    "ALTER TABLE images ADD COLUMN size INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE images ADD COLUMN content_size INTEGER NOT NULL DEFAULT 0",
                    "UPDATE images SET " + Schema.SIZES,
                    "CREATE INDEX images_listed"
                            + " ON images(listed, created DESC, stored DESC, id, size, content_size)"));

    private Schema() {}

    /** The version that this code writes. */
    static int current() {
        return STEPS.size();
    }

    /** What makes version {@code number} of the one before. */
    static List<String> step(int number) {
        return STEPS.get(number - 1);
    }

    /** Brings the database to the current version, one transaction for all steps. A newer one is refused untouched. */
    static void migrate(Sqlite sqlite, Path root) throws SQLException {
        if (version(sqlite, root) == current()) {
            return;
        }
        sqlite.execute("PRAGMA journal_mode=WAL");
        sqlite.execute("BEGIN IMMEDIATE");
        try {
            int from = version(sqlite, root); // another process may have been faster
            for (List<String> step : STEPS.subList(from, current())) {
                for (String statement : step) {
                    sqlite.execute(statement);
                }
            }
            sqlite.execute("PRAGMA user_version=" + current());
            sqlite.execute("COMMIT");
        } catch (SQLException | RuntimeException e) {
            sqlite.rollback();
            throw e;
        }
    }

    private static int version(Sqlite sqlite, Path root) throws SQLException {
        int version = sqlite.number("PRAGMA user_version");
        if (version > current()) {
            throw new EnvironmentFault("open store " + root + ": it was written by a newer drydock (schema " + version
                            + ", this one knows " + current() + ")")
                    .hint("Use that drydock, or another store with --root DIR.");
        }
        return version;
    }
}
