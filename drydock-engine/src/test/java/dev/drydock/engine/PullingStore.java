package dev.drydock.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A store beside a registry in memory, with no settings of the host's. Whoever makes it closes it. */
final class PullingStore implements AutoCloseable {
    static final TransferEvents UNHEARD = _ -> {};

    final RemoteImages remote = new RemoteImages();
    final Drydock drydock;
    private final Path root;

    /** Makes the store in an empty directory. */
    PullingStore(Path directory) {
        root = directory.resolve("store");
        drydock = Drydock.open(root, new RegistryAccess(Map.of(), directory, Set.of()));
    }

    /** The names in a directory of the store, in order; none when there is no such directory. */
    List<String> stored(String directory) throws IOException {
        Path path = root.resolve(directory);
        if (!Files.exists(path)) {
            return List.of();
        }
        try (var files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Where layers have a path. */
    List<Path> layers(String path) throws IOException {
        try (var all = Files.list(root.resolve("layers"))) {
            return all.map(layer -> layer.resolve("fs").resolve(path))
                    .filter(Files::exists)
                    .toList();
        }
    }

    @Override
    public void close() {
        drydock.close();
        remote.fake.close();
    }
}
