package dev.drydock.snapshot;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.linux.Directory;
import dev.drydock.scope.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The committed layers of one store: {@code layers/<id>/fs} with {@code layers/<id>/index} beside it. There is no other
 * record of a layer: what the store knows of it stands in the index's header.
 *
 * <p>A layer is committed by writing its index and renaming its directory into place, so a process killed at any instant
 * leaves either a whole layer or none. Nothing is synced then; whoever makes an image visible calls {@link #sync} once
 * before, which makes all its layers safe against a loss of power. A layer that was not synced when the power went is not
 * found any more. Several processes may use one store. Every method blocks on the disk.
 */
public final class LayerStore {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int ID_LENGTH = 9;
    private final SecureRandom random = new SecureRandom();
    private final Path layers;
    private final UnsyncedLayers unsynced;
    private final Consumer<LayerId> claim;
    private final BackgroundSync background = new BackgroundSync();

    /** Uses {@code storeRoot/layers}, which is made when the first layer is. */
    public LayerStore(Path storeRoot) {
        this(storeRoot, _ -> {});
    }

    /** @param claim called with a layer's name before the layer becomes visible, so that it is never unclaimed */
    public LayerStore(Path storeRoot, Consumer<LayerId> claim) {
        this.claim = claim;
        this.layers = storeRoot.toAbsolutePath().resolve("layers");
        this.unsynced = new UnsyncedLayers(storeRoot.toAbsolutePath().resolve("unsynced-layers"), layers);
    }

    /**
     * Begins a layer below {@code tmpDir}, which must be on the store's file system and exist. The caller closes it.
     */
    public PendingLayer begin(Path tmpDir) {
        String name = "layer-" + randomId();
        try (Directory tmp = Directory.open(tmpDir)) {
            tmp.makeDirectory(name, 0700);
            tmp.makeDirectory(name + "/fs", 0755);
        }
        return new PendingLayer(this, tmpDir.toAbsolutePath().resolve(name));
    }

    private LayerId claimed() throws IOException {
        LayerId id = new LayerId(randomId());
        claim.accept(id);
        unsynced.add(id);
        return id;
    }

    Layer publish(Path pending, LayerFacts facts, ByteBuffer indexBody) {
        try {
            Files.createDirectories(layers);
            IndexFile.write(pending.resolve("index"), facts, indexBody);
            return move(pending, facts);
        } catch (IOException e) {
            throw failed("commit layer in " + layers, e);
        }
    }

    private Layer move(Path pending, LayerFacts facts) throws IOException {
        try (Directory from = Directory.open(parent(pending));
                Directory to = Directory.open(layers)) {
            from.chmod(name(pending), 0755);
            LayerId id = claimed();
            while (!from.renameIfAbsent(name(pending), to, id.value())) {
                id = claimed();
            }
            return layer(id, facts);
        }
    }

    /** A layer by its name, if it is there and whole. */
    public Optional<Layer> find(LayerId id) {
        try {
            if (unsynced.isLost(id)) {
                return Optional.empty();
            }
            return Optional.of(
                    layer(id, IndexFile.facts(layers.resolve(id.value()).resolve("index"))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("read layer " + id, e);
        }
    }

    /** All layers, ordered by name. A layer that another process removes meanwhile may be missing. */
    public List<Layer> all() {
        List<Layer> all = new ArrayList<>();
        try (DirectoryStream<Path> names = Files.newDirectoryStream(layers)) {
            for (Path each : names) {
                find(new LayerId(name(each))).ifPresent(all::add);
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw failed("list layers in " + layers, e);
        }
        all.sort(Comparator.comparing(layer -> layer.id().value()));
        return all;
    }

    /**
     * Removes a layer that nobody uses: at once it is no longer visible, then its files go. Nothing happens if it is not
     * there.
     *
     * @param tmpDir where it is moved to first, on the same file system
     */
    public void remove(LayerId id, Path tmpDir) {
        String doomed = "removed-" + id + "-" + randomId();
        try (Directory tmp = Directory.open(tmpDir);
                Directory from = Directory.open(layers)) {
            if (from.find(id.value()).isPresent()) {
                from.rename(id.value(), tmp, doomed);
                tmp.removeTree(doomed);
            }
            unsynced.remove(id);
        } catch (IOException e) {
            throw failed("remove layer " + id, e);
        }
    }

    /** Begins to bring what was written so far to the disk, beside what the caller does until it calls {@link #sync}. */
    void startSync() {
        background.start(
                Files.isDirectory(layers) ? layers : parent(layers)); // the first layer has no such directory yet
    }

    /**
     * Waits until every layer committed so far is on the disk: safe even if power is lost. Returns at once if all are
     * known to be.
     */
    public void sync() throws InterruptedException {
        background.join();
        try {
            List<LayerId> present = unsynced.present();
            if (!present.isEmpty()) {
                try (Directory directory = Directory.open(layers)) {
                    directory.syncFileSystem();
                }
                unsynced.synced(present);
            }
        } catch (IOException e) {
            throw failed("sync layers in " + layers, e);
        }
    }

    /** The directory that {@link #overlayLower} is relative to. */
    public Path directory() {
        return layers;
    }

    /** A layer's directory as an overlay mount made from within {@link #directory} names it: short, as options are. */
    public static String overlayLower(Layer layer) {
        return layer.id().value() + "/fs";
    }

    private Layer layer(LayerId id, LayerFacts facts) {
        Path at = layers.resolve(id.value());
        return new Layer(
                id,
                at.resolve("fs"),
                at.resolve("index"),
                facts.diffId(),
                facts.tarSize(),
                facts.size(),
                facts.created());
    }

    private String randomId() {
        StringBuilder id = new StringBuilder(ID_LENGTH);
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    static Path parent(Path path) {
        return path.resolveSibling("");
    }

    private static EnvironmentFault failed(String what, IOException e) {
        return Disk.fault(what, e);
    }
}
