package dev.drydock.engine;

import dev.drydock.content.FileContentStore;
import dev.drydock.fault.Bug;
import dev.drydock.fault.CorruptData;
import dev.drydock.fault.EnvironmentFault;
import dev.drydock.images.Garbage;
import dev.drydock.images.ImageStore;
import dev.drydock.images.KeptNames;
import dev.drydock.integrity.Recovery;
import dev.drydock.metadata.Database;
import dev.drydock.scope.Disk;
import dev.drydock.scope.Lease;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Makes the database of a store again when it cannot be used. */
final class StoreRescue {
    private final Path root;
    private final InstantSource clock;

    StoreRescue(Path root, InstantSource clock) {
        this.root = root.toAbsolutePath().normalize();
        this.clock = clock;
    }

    /**
     * Makes it again, if that is needed. The new one is made beside the old and takes its place whole, so that nobody meets a
     * store without images.
     *
     * @return what was done, a line each; empty if nothing was wrong that needs it
     * @throws EnvironmentFault if other commands are at work in the store
     */
    List<String> run() throws InterruptedException {
        String wrong = wrong();
        if (wrong.isEmpty()) {
            return List.of();
        }
        try (Lease lease = Lease.open(root)) {
            checkAlone(lease);
            return replace(lease.tmp().resolve("rescue"));
        }
    }

    /** What keeps the database from being used; empty if nothing does, or less than making it again mends it. */
    private String wrong() {
        if (!Files.isDirectory(root)) {
            return "";
        }
        try (Database database = Database.open(root)) {
            return database.complaints().isEmpty() || database.rebuildIndexes() ? "" : "it is damaged";
        } catch (CorruptData damaged) {
            return damaged.text();
        }
    }

    private void checkAlone(Lease own) {
        Path leases = root.resolve("leases");
        try {
            for (Path file : Disk.entries(leases)) {
                String id = String.valueOf(file.getFileName()).replace(".lock", "");
                if (!id.equals(own.id()) && Lease.alive(root, id)) {
                    throw new EnvironmentFault(
                                    "make the store's database again: other drydock commands are at work in it")
                            .hint("End them, or wait for their end.");
                }
            }
        } catch (IOException e) {
            throw Disk.fault("list " + leases, e);
        }
    }

    private List<String> replace(Path scratch) throws InterruptedException {
        Path fresh = scratch.resolve(Database.FILE);
        Path file = root.resolve(Database.FILE);
        Path damaged = root.resolve(Database.FILE + ".damaged");
        Recovery.Found found;
        try (Database database = Database.open(scratch)) {
            FileContentStore content = new FileContentStore(root);
            Garbage none = new Garbage(database, content, root, () -> {
                throw new Bug("make the store's database again: nothing is collected");
            });
            found = new Recovery(root, new ImageStore(database, content, none, root, clock)).run();
        }
        try {
            try (FileChannel written = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            // What the old one had not written back yet must not be taken for the new one's.
            for (String part : List.of("-wal", "-shm", "-journal")) {
                Files.deleteIfExists(file.resolveSibling(Database.FILE + part));
            }
            if (Files.exists(file)) {
                Files.deleteIfExists(damaged);
                Files.createLink(damaged, file);
            }
            Disk.publish(fresh, file);
        } catch (IOException e) {
            throw Disk.fault("make the store's database again", e);
        }
        List<String> lines = new ArrayList<>();
        lines.add("database made again: " + found.listed() + (found.listed() == 1 ? " image, " : " images, ")
                + found.names() + (found.names() == 1 ? " name" : " names") + "; the build cache is lost");
        if (KeptNames.read(root).isEmpty() && found.listed() > 0) {
            lines.add(
                    "no copy of the names was left: drydock images -a lists the images, drydock tag ID NAME names them again");
        }
        found.lost()
                .forEach(name ->
                        lines.add("lost: " + name + ", of which the store has not all: pull or build it again"));
        if (Files.exists(damaged)) {
            lines.add("the damaged database is kept as " + damaged + "; delete it when nothing is missing");
        }
        return lines;
    }
}
