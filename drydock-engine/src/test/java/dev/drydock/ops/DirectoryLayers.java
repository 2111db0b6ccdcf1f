package dev.drydock.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.oci.Digest;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerId;
import dev.drydock.snapshot.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** Layers that are plain directories of a test's own. */
final class DirectoryLayers implements LayerMaker {
    private final Path root;
    private int count;

    DirectoryLayers(Path root) {
        this.root = root;
    }

    @Override
    public Draft draft() {
        String id = String.format("test%04d", count++);
        Path directory = root.resolve(id);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Draft() {
            @Override
            public Path directory() {
                return directory;
            }

            @Override
            public Layer commit(Snapshot base, Map<String, Digest> contents) {
                contents.forEach((path, digest) -> check(directory.resolve(path), digest));
                Digest none = Digest.of(new byte[0]);
                return new Layer(new LayerId(id), directory, directory, none, 0, 0, Instant.EPOCH);
            }

            @Override
            public void close() {
                // The test's directory goes away as a whole.
            }
        };
    }

    private static void check(Path file, Digest content) {
        try {
            assertThat(file).isRegularFile();
            assertThat(Digest.of(Files.readAllBytes(file)))
                    .as("digest of %s", file)
                    .isEqualTo(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Earlier earlier(Digest step) {
        return (path, content, attributes) -> null;
    }

    @Override
    public void remember(Digest step, Layer layer) {
        // Nothing is shared.
    }
}
