package dev.drydock.cache;

import dev.drydock.fault.CorruptData;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.metadata.Claims;
import dev.drydock.metadata.Database;
import dev.drydock.metadata.Database.Durability;
import dev.drydock.metadata.Row;
import dev.drydock.metadata.Times;
import dev.drydock.metadata.Transaction;
import dev.drydock.oci.Digest;
import dev.drydock.oci.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * What steps made before, found by key. A key names a definition or the content of inputs; a record has several keys,
 * and where several records have one key, the newest counts. What is found is claimed for the work at hand at once, so
 * its layers stay while the work lasts. A record whose layers are gone is not found any more, but {@link #nearest} still
 * tells of it. Safe for several threads and processes.
 */
public final class CacheStore {
    private static final String COLUMNS = "id, identity, outputs, parts, evicted, created, last_used";
    private static final String BY_KEY = "SELECT " + COLUMNS
            + " FROM records WHERE evicted = 0 AND id IN (SELECT record FROM record_keys WHERE key = ?)"
            + " ORDER BY id DESC";
    private static final String BY_SLOT = "SELECT " + COLUMNS
            + " FROM records WHERE id IN (SELECT record FROM record_slots WHERE slot = ?) ORDER BY id DESC LIMIT 1";

    private final Database database;
    private final Claims claims;
    private final Set<Long> added = ConcurrentHashMap.newKeySet();
    private final Predicate<String> layerExists;
    private final InstantSource clock;
    private final String boot;

    /**
     * The cache as one piece of work sees it.
     *
     * @param layerExists whether the layer with an ID is in the store
     */
    public CacheStore(Database database, Claims claims, Predicate<String> layerExists, InstantSource clock) {
        this.database = database;
        this.claims = claims;
        this.layerExists = layerExists;
        this.clock = clock;
        this.boot = boot();
    }

    private static String boot() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            throw new EnvironmentFault("read the machine's boot ID: " + e.getMessage(), e)
                    .hint("Mount /proc where drydock runs.");
        }
    }

    /** The newest record with this key whose layers are all there; they are claimed, and the record counts as used. */
    public Optional<CacheRecord> find(Digest key) {
        // Most lookups of a changed build miss: those need not wait for a turn to write.
        if (database.<List<Long>>read(tx -> tx.list(BY_KEY, row -> row.number(1), key.toString()))
                .isEmpty()) {
            return Optional.empty();
        }
        return database.write(Durability.SOON, tx -> findAndClaim(tx, key));
    }

    private Optional<CacheRecord> findAndClaim(Transaction tx, Digest key) {
        for (CacheRecord found : tx.list(BY_KEY, CacheStore::record, key.toString())) {
            CacheRecord record = withLists(tx, found);
            for (List<String> output : record.outputs()) {
                output.forEach(layer -> claims.claim(tx, Claims.Kind.LAYER, layer));
            }
            if (isPowerSafe(tx, record) && allExist(record)) {
                touch(tx, record.id());
                return Optional.of(record);
            }
            evict(tx, record.id());
        }
        return Optional.empty();
    }

    private boolean isPowerSafe(Transaction tx, CacheRecord record) {
        return tx.first(
                        "SELECT 1 FROM records WHERE id = ? AND (boot IS NULL OR boot = ?)",
                        row -> row.number(1),
                        record.id(),
                        boot)
                .isPresent();
    }

    private boolean allExist(CacheRecord record) {
        for (List<String> output : record.outputs()) {
            for (String layer : output) {
                if (!layerExists.test(layer)) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * What a record comes from, for people.
     *
     * @param step the step's name as a build shows it
     * @param type BuildKit's word: {@code regular}, {@code source.git.checkout}
     */
    public record Made(String step, String type) {}

    /**
     * A record as a list of what is cached shows it.
     *
     * @param uses how many builds it was of use to
     */
    public record Listed(long id, Made made, List<List<String>> outputs, Instant created, Instant lastUsed, long uses) {
        public Listed {
            outputs = outputs.stream().map(List::copyOf).toList();
        }
    }

    /** Every record that is not evicted, in the order in which they were made. */
    public static List<Listed> all(Transaction tx) {
        Map<Long, List<List<String>>> outputs = new HashMap<>();
        tx.list("SELECT record, output, layer FROM record_layers ORDER BY record, output, position", row -> {
            List<List<String>> chains = outputs.computeIfAbsent(row.number(1), _ -> new ArrayList<>());
            while (chains.size() <= row.number(2)) {
                chains.add(new ArrayList<>());
            }
            return chains.getLast().add(row.text(3));
        });
        return tx.list(
                "SELECT id, step, type, created, last_used, uses FROM records WHERE evicted = 0 ORDER BY id",
                row -> new Listed(
                        row.number(1),
                        new Made(row.text(2), row.text(3)),
                        outputs.getOrDefault(row.number(1), List.of()),
                        Times.instant(row.number(4)),
                        Times.instant(row.number(5)),
                        row.number(6)));
    }

    /**
     * Gives up what only serves to explain why a step ran again: of steps that were not seen since {@code before}, and
     * records that keep no layer.
     */
    public static void forget(Transaction tx, Instant before) {
        tx.update(
                "DELETE FROM records WHERE last_used < ? AND id NOT IN (SELECT record FROM record_layers)",
                Times.nanos(before));
    }

    /**
     * Keeps what a step made. Until {@link #synced} it is of use only while the machine runs: nobody syncs every layer
     * by itself, and after a power cut its files may lack their content.
     *
     * @param made what made it
     * @param keys every key under which it is to be found, the best first
     * @param slots names of the step that live through edits of it: its text, its place in the Dockerfile…
     */
    public CacheRecord add(
            Made made,
            Digest identity,
            List<Digest> keys,
            List<List<String>> outputs,
            List<String> slots,
            Map<String, String> parts) {
        Instant now = clock.instant();
        return database.write(Durability.SOON, tx -> {
            for (String slot : slots) { // what is evicted there is told of by the new one from now on
                tx.update(
                        "DELETE FROM records WHERE evicted = 1 AND id IN"
                                + " (SELECT record FROM record_slots WHERE slot = ?)",
                        slot);
            }
            long id = tx.insert(
                    "INSERT INTO records (step, type, identity, outputs, parts, evicted, boot, created, last_used, uses)"
                            + " VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, 1)",
                    made.step(),
                    made.type(),
                    identity.toString(),
                    outputs.size(),
                    Parts.write(parts),
                    boot,
                    Times.nanos(now),
                    Times.nanos(now));
            for (Digest key : keys) {
                addKey(tx, id, key);
            }
            for (String slot : slots) {
                tx.update("INSERT OR IGNORE INTO record_slots (slot, record) VALUES (?, ?)", slot, id);
            }
            for (int output = 0; output < outputs.size(); output++) {
                addLayers(tx, id, output, outputs.get(output));
            }
            added.add(id);
            return new CacheRecord(id, identity, keys, outputs, parts, now, now, false);
        });
    }

    /** Gives up every record that was added through this object; what they kept goes with the claims on it. */
    public void evictAdded() {
        database.free(Durability.SOON, tx -> {
            added.forEach(id -> evict(tx, id));
            return null;
        });
    }

    /** In one statement: a build of many steps has as many layers in its last ones. */
    private static void addLayers(Transaction tx, long id, int output, List<String> layers) {
        tx.update(
                "INSERT INTO record_layers (record, output, position, layer) SELECT ?, ?, key, value FROM json_each(?)",
                id,
                output,
                JsonValue.strings(layers).compact());
    }

    /** Lets the record be found under another key as well. */
    public void addKey(CacheRecord record, Digest key) {
        database.write(Durability.SOON, tx -> {
            addKey(tx, record.id(), key);
            return null;
        });
    }

    private static void addKey(Transaction tx, long id, Digest key) {
        // The record may have been removed by another process in the meantime: then there is nothing to find.
        tx.update(
                "INSERT OR IGNORE INTO record_keys (key, record, position) SELECT ?, id,"
                        + " (SELECT count(*) FROM record_keys WHERE record = ?) FROM records WHERE id = ?",
                key.toString(),
                id,
                id);
    }

    /**
     * The latest record of the first slot that has one, evicted or not: what an explanation compares with. Claims
     * nothing.
     *
     * @param slots the best first
     */
    public Optional<CacheRecord> nearest(List<String> slots) {
        return database.read(tx -> {
            for (String slot : slots) {
                Optional<CacheRecord> record = tx.first(BY_SLOT, CacheStore::record, slot);
                if (record.isPresent()) {
                    return record.map(found -> withLists(tx, found));
                }
            }
            return Optional.empty();
        });
    }

    /** The latest record there is, to give to {@link #synced}; 0 if there is none. */
    public long latest() {
        return database.read(tx -> tx.first("SELECT max(id) FROM records", row -> row.number(1)))
                .orElse(0L);
    }

    /** Says that the layers of all records up to this one have been synced to the disk. */
    public void synced(long latest) {
        database.write(
                Durability.SOON,
                tx -> tx.update("UPDATE records SET boot = NULL WHERE boot = ? AND id <= ?", boot, latest));
    }

    /** Says that the record was of use now. */
    public void touch(CacheRecord record) {
        database.write(Durability.SOON, tx -> {
            touch(tx, record.id());
            return null;
        });
    }

    private void touch(Transaction tx, long id) {
        tx.update("UPDATE records SET last_used = ?, uses = uses + 1 WHERE id = ?", Times.nanos(clock.instant()), id);
    }

    /** Evicts every record that has the layer; its other layers are claimed, so that they are collected too. */
    public static void evictOn(Transaction tx, Claims claims, String layer) {
        for (long id :
                tx.list("SELECT DISTINCT record FROM record_layers WHERE layer = ?", row -> row.number(1), layer)) {
            for (String other :
                    tx.list("SELECT DISTINCT layer FROM record_layers WHERE record = ?", row -> row.text(1), id)) {
                claims.claim(tx, Claims.Kind.LAYER, other);
            }
            evict(tx, id);
        }
    }

    private static void evict(Transaction tx, long id) {
        tx.update("UPDATE records SET evicted = 1 WHERE id = ?", id);
        tx.update("DELETE FROM record_layers WHERE record = ?", id);
    }

    /** The record without its lists, which are read after it: statements do not nest. */
    private static CacheRecord record(Row row) {
        Map<String, String> parts;
        try {
            parts = Parts.read(row.bytes(4));
        } catch (IOException e) {
            throw new CorruptData("read cache record " + row.number(1) + ": " + e.getMessage(), e);
        }
        List<List<String>> outputs = new ArrayList<>();
        for (long i = 0; i < row.number(3); i++) {
            outputs.add(List.of());
        }
        return new CacheRecord(
                row.number(1),
                Digest.parse(row.text(2)),
                List.of(),
                outputs,
                parts,
                Times.instant(row.number(6)),
                Times.instant(row.number(7)),
                row.number(5) != 0);
    }

    private static CacheRecord withLists(Transaction tx, CacheRecord record) {
        List<List<String>> outputs = new ArrayList<>();
        for (int i = 0; i < record.outputs().size(); i++) {
            outputs.add(tx.list(
                    "SELECT layer FROM record_layers WHERE record = ? AND output = ? ORDER BY position",
                    row -> row.text(1),
                    record.id(),
                    i));
        }
        return new CacheRecord(
                record.id(),
                record.identity(),
                tx.list(
                        "SELECT key FROM record_keys WHERE record = ? ORDER BY position",
                        row -> Digest.parse(row.text(1)),
                        record.id()),
                outputs,
                record.parts(),
                record.created(),
                record.lastUsed(),
                record.evicted());
    }
}
