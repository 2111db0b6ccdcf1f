package dev.drydock.metadata;

import dev.drydock.oci.Digest;
import dev.drydock.scope.Lease;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one piece of work (a build, an import, a save) uses or has made. Garbage collection, in whatever process, leaves
 * it alone while the work lasts. The rule that makes this safe: claim first, then look whether it is there; and claim
 * what is new before it becomes visible. The rows of a process that died are worth nothing, since its lease is dead.
 */
public final class Claims {
    /** What kind of thing is claimed. */
    public enum Kind {
        LAYER,
        BLOB;

        /** The word in the table. */
        public String word() {
            return this == LAYER ? "layer" : "blob";
        }
    }

    private static final AtomicLong NEXT = new AtomicLong(1);
    private static final String INSERT = "INSERT OR IGNORE INTO claims (lease, work, kind, ref) VALUES (?, ?, ?, ?)";

    private final Database database;
    private final Lease lease;
    private final long work = NEXT.getAndIncrement();

    private Claims(Database database, Lease lease) {
        this.database = database;
        this.lease = lease;
    }

    /** Opens the claims of a new piece of work under this process's lease; {@link #release} ends them. */
    public static Claims open(Database database, Lease lease) {
        return new Claims(database, lease);
    }

    /** Claims a layer by its ID. */
    public void layer(String id) {
        database.write(Database.Durability.SOON, transaction -> claim(transaction, Kind.LAYER, id));
    }

    /** Claims a blob. */
    public void blob(Digest digest) {
        database.write(Database.Durability.SOON, transaction -> claim(transaction, Kind.BLOB, digest.toString()));
    }

    /** Claims a layer or a blob inside a transaction that is open for writing; returns how many rows are new. */
    public int claim(Transaction transaction, Kind kind, String ref) {
        return transaction.update(INSERT, lease.id(), work, kind.word(), ref);
    }

    /** Lets go of everything inside a transaction; the caller collects what nothing else keeps. */
    public void release(Transaction transaction) {
        transaction.update("DELETE FROM claims WHERE lease = ? AND work = ?", lease.id(), work);
    }

    /** The layers and blobs claimed so far, as {@link #claim} was told them. */
    public List<String> refs(Transaction transaction, Kind kind) {
        return transaction.list(
                "SELECT ref FROM claims WHERE lease = ? AND work = ? AND kind = ?",
                row -> row.text(1),
                lease.id(),
                work,
                kind.word());
    }

    /** The lease of the process that claims. */
    public String lease() {
        return lease.id();
    }

    /** Tells the pieces of work of one process from each other. */
    public long work() {
        return work;
    }

    /** The directory for what is unfinished; it vanishes with the process's lease. */
    public Path tmp() {
        return lease.tmp();
    }
}
