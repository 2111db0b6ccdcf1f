package dev.drydock.images;

import dev.drydock.content.ContentStore;
import dev.drydock.content.FileContentStore;
import dev.drydock.metadata.Claims;
import dev.drydock.metadata.Database;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfig.RunConfig;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Platform;
import dev.drydock.scope.Disk;
import dev.drydock.scope.Lease;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A store on disk with images made up for a test. */
final class TestStore implements AutoCloseable {
    static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    final Path root;
    final Database database;
    final ContentStore content;
    final Lease lease;
    final Garbage garbage;
    final ImageStore images;

    TestStore(Path root) {
        this.root = root;
        database = Database.open(root);
        content = new FileContentStore(root);
        lease = Lease.open(root);
        garbage = new Garbage(database, content, root, () -> lease);
        images = new ImageStore(database, content, garbage, root, Clock.fixed(T0, ZoneOffset.UTC));
    }

    /** A layer directory with one file of {@code size} bytes; claimed before it is visible, as they all are. */
    Layer layer(Claims claims, String id, int size) {
        claims.layer(id);
        try {
            Path directory = root.resolve("layers").resolve(id);
            Files.createDirectories(directory.resolve("fs/etc"));
            Files.write(directory.resolve("fs/etc/file"), new byte[size]);
            Files.writeString(directory.resolve("index"), "index");
            return new Layer(
                    new LayerId(id),
                    directory.resolve("fs"),
                    directory.resolve("index"),
                    Digest.of(id.getBytes(StandardCharsets.UTF_8)),
                    1024,
                    size,
                    T0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A configuration that differs from others by its label. */
    static byte[] config(String label, int age, List<Layer> layers) {
        RunConfig run = new RunConfig(
                null,
                new TreeSet<>(),
                List.of(),
                null,
                null,
                new TreeSet<>(),
                null,
                new TreeMap<>(Map.of("label", label)),
                null,
                false,
                List.of(),
                null,
                null);
        return ImageConfigJson.write(new ImageConfig(
                new Platform("linux", "amd64"),
                null,
                T0.minusSeconds(age),
                run,
                List.of(),
                layers.stream().map(Layer::diffId).toList()));
    }

    /** Stores an image with one layer of its own. */
    Digest put(String label, int age, String... names) {
        return put(label, age, ImageStore.Unnamed.KEEP, names);
    }

    Digest put(String label, int age, ImageStore.Unnamed replaced, String... names) {
        try (Work work = garbage.begin()) {
            List<Layer> layers = List.of(layer(work.claims(), "layer" + label, 10));
            return images.put(
                            work.claims(),
                            config(label, age, layers),
                            layers,
                            Arrays.stream(names).map(ImageRef::parse).toList(),
                            replaced)
                    .id();
        }
    }

    /** An image's layers, claimed only for the moment. */
    List<Layer> layers(Digest id) {
        try (Work work = garbage.begin()) {
            return images.claim(work.claims(), id.toString()).layers();
        }
    }

    List<String> layerDirectories() throws IOException {
        return names(root.resolve("layers"));
    }

    List<String> blobs() throws IOException {
        return names(root.resolve("blobs/sha256"));
    }

    private static List<String> names(Path directory) throws IOException {
        return Files.exists(directory)
                ? Disk.entries(directory).stream()
                        .map(entry -> entry.getFileName().toString())
                        .sorted()
                        .toList()
                : List.of();
    }

    @Override
    public void close() {
        lease.close();
        database.close();
    }
}
