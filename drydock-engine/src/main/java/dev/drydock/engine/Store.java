package dev.drydock.engine;

import dev.drydock.content.ContentStore;
import dev.drydock.content.FileContentStore;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.images.BlobRecords;
import dev.drydock.images.Garbage;
import dev.drydock.images.ImageStore;
import dev.drydock.images.Work;
import dev.drydock.integrity.StoreCheck;
import dev.drydock.metadata.Database;
import dev.drydock.scope.Disk;
import dev.drydock.scope.Lease;
import dev.drydock.snapshot.LayerStore;
import dev.drydock.space.Space;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The parts of a store, wired. What needs more than the database is opened when first asked for. */
final class Store implements AutoCloseable {
    private final Path root;
    private final InstantSource clock;
    private final Database database;
    private final ContentStore content;
    private final Garbage garbage;
    private final ImageStore images;
    private @Nullable Lease lease; // by this

    private Store(Path root, Database database, InstantSource clock) {
        this.root = root;
        this.clock = clock;
        this.database = database;
        this.content = new FileContentStore(root);
        this.garbage = new Garbage(database, content, root, this::lease);
        this.images = new ImageStore(database, content, garbage, root, clock);
    }

    /** Opens the store under {@code root}, making it if it is missing. The caller closes it. */
    static Store open(Path root, InstantSource clock) {
        Path absolute = root.toAbsolutePath().normalize();
        return new Store(absolute, Database.open(absolute), clock);
    }

    /** Cleans up after processes that died, and begins a piece of work. The caller closes it. */
    Work begin() {
        garbage.sweep();
        return garbage.begin();
    }

    /** The layers as a piece of work sees them: what it makes is claimed by it. */
    LayerStore layers(Work work) {
        return new LayerStore(root, id -> work.claims().layer(id.value()));
    }

    /** Compares the store with what it says of itself. */
    StoreCheck check() {
        return new StoreCheck(database, garbage, root);
    }

    /** Looks after the space that the store takes. */
    Space space() {
        return new Space(database, garbage, root, clock);
    }

    Path root() {
        return root;
    }

    Database database() {
        return database;
    }

    ContentStore content() {
        return content;
    }

    BlobRecords blobRecords() {
        return new BlobRecords(database);
    }

    ImageStore images() {
        return images;
    }

    private synchronized Lease lease() {
        if (lease == null) {
            lease = openLease();
        }
        return lease;
    }

    /** A lease is needed to free space as well, so it must be had on a full disk. */
    private Lease openLease() {
        try {
            return Lease.open(root);
        } catch (EnvironmentFault fault) {
            if (!Disk.isFull(fault)) {
                throw fault;
            }
            database.spendReserve();
            return Lease.open(root);
        }
    }

    @Override
    public synchronized void close() {
        try {
            garbage.names().refresh();
        } finally {
            try {
                if (lease != null) {
                    lease.close();
                    lease = null;
                }
            } finally {
                database.close();
            }
        }
    }
}
