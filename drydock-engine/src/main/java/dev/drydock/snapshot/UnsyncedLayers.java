package dev.drydock.snapshot;

import dev.drydock.scope.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers that may not be on the disk yet: a file for each, named like it, which holds the ID of the host's boot. While
 * the host runs such a layer is as good as any other; if the host has started since, the layer may be damaged and counts
 * as lost. So making a layer waits for no disk, and an image waits once for all its layers.
 */
final class UnsyncedLayers {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path directory;
    private final Path layers;
    private final String boot;

    UnsyncedLayers(Path directory, Path layers) {
        this.directory = directory;
        this.layers = layers;
        this.boot = boot();
    }

    private static String boot() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            throw Disk.fault("read " + BOOT_ID, e);
        }
    }

    /** Notes a layer, before it becomes visible. */
    void add(LayerId id) throws IOException {
        Path file = directory.resolve(id.value());
        try {
            Files.writeString(file, boot);
        } catch (NoSuchFileException e) {
            Files.createDirectories(directory);
            Files.writeString(file, boot);
        }
    }

    /** Whether a layer was made before the host last started, and never synced. */
    boolean isLost(LayerId id) throws IOException {
        try {
            // What was cut off by a loss of power is not this boot's either.
            return !Files.readString(directory.resolve(id.value())).equals(boot);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    void remove(LayerId id) throws IOException {
        Files.deleteIfExists(directory.resolve(id.value()));
    }

    /** Those that are there and not lost. Forgets those that were lost and have been deleted since. */
    List<LayerId> present() throws IOException {
        List<LayerId> present = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            for (Path file : Disk.entries(directory)) {
                LayerId id = new LayerId(LayerStore.name(file));
                if (!isLost(id)) {
                    present.add(id);
                } else if (Files.size(file) == boot.length() && !Files.exists(layers.resolve(id.value()))) {
                    remove(id); // a shorter one may be being written
                }
            }
        }
        return present;
    }

    /** Forgets layers that have been synced since they were {@link #present}, and waits until that is on the disk too. */
    void synced(List<LayerId> layers) throws IOException {
        for (LayerId id : layers) {
            remove(id);
        }
        Disk.syncDirectory(directory);
    }
}
