package dev.drydock.images;

import dev.drydock.metadata.Claims;
import dev.drydock.metadata.Claims.Kind;
import dev.drydock.metadata.Row;
import dev.drydock.metadata.Times;
import dev.drydock.metadata.Transaction;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Manifest;
import dev.drydock.oci.ManifestJson;
import dev.drydock.oci.MediaTypes;
import dev.drydock.snapshot.Layer;
import dev.drydock.snapshot.LayerId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The images' rows of the database as values, and back. Every method runs inside a transaction of the caller's. */
final class ImageTables {
    private static final String IMAGE = "SELECT id, manifest, manifest_type, manifest_size, config, stored FROM images";
    private static final String NAME_COLUMNS = "domain, path, tag, digest";

    private ImageTables() {}

    /** Every image, newest first. */
    static List<StoredImage> all(Transaction tx) {
        Map<String, List<ImageRef>> names = new HashMap<>();
        tx.list(
                "SELECT " + NAME_COLUMNS + ", image FROM names ORDER BY domain, path, tag, digest",
                row -> names.computeIfAbsent(row.text(5), _ -> new ArrayList<>())
                        .add(name(row)));
        Map<String, List<Long>> sizes = new HashMap<>();
        tx.list(
                "SELECT image, size FROM image_layers ORDER BY image, position",
                row -> sizes.computeIfAbsent(row.text(1), _ -> new ArrayList<>())
                        .add(row.number(2)));
        return tx.list(IMAGE + " WHERE listed = 1 ORDER BY created DESC, stored DESC, id", row -> {
            String id = row.text(1);
            return image(row, names.getOrDefault(id, List.of()), sizes.getOrDefault(id, List.of()));
        });
    }

    static Optional<StoredImage> one(Transaction tx, Digest id) {
        List<ImageRef> names = names(tx, id);
        List<Long> sizes = tx.list(
                "SELECT size FROM image_layers WHERE image = ? ORDER BY position", row -> row.number(1), id.toString());
        return tx.first(IMAGE + " WHERE id = ?", row -> image(row, names, sizes), id.toString());
    }

    private static StoredImage image(Row row, List<ImageRef> names, List<Long> sizes) {
        List<ImageRef> tags = new ArrayList<>();
        List<ImageRef> digests = new ArrayList<>();
        for (ImageRef name : names) {
            (name.digest() == null ? tags : digests).add(name);
        }
        return new StoredImage(
                Digest.parse(row.text(1)),
                new Descriptor(row.text(3), Digest.parse(row.text(2)), row.number(4)),
                tags,
                digests,
                ImageConfigJson.read(row.bytes(5)),
                sizes,
                Times.instant(row.number(6)));
    }

    /** Tags and digest names of an image, in the order of their text. */
    static List<ImageRef> names(Transaction tx, Digest id) {
        return tx.list(
                "SELECT " + NAME_COLUMNS + " FROM names WHERE image = ? ORDER BY domain, path, tag, digest",
                ImageTables::name,
                id.toString());
    }

    /** The tags of a repository. */
    static List<ImageRef> tags(Transaction tx, ImageRef repository) {
        return tx.list(
                "SELECT " + NAME_COLUMNS + " FROM names WHERE domain = ? AND path = ? AND tag <> '' ORDER BY tag",
                ImageTables::name,
                repository.domain(),
                repository.path());
    }

    private static ImageRef name(Row row) {
        String tag = row.text(3);
        String digest = row.text(4);
        return new ImageRef(
                row.text(1), row.text(2), tag.isEmpty() ? null : tag, digest.isEmpty() ? null : Digest.parse(digest));
    }

    /** The image that has exactly this name. */
    static Optional<Digest> named(Transaction tx, ImageRef name) {
        return tx.first(
                "SELECT image FROM names WHERE domain = ? AND path = ? AND tag = ? AND digest = ?",
                row -> Digest.parse(row.text(1)),
                name.domain(),
                name.path(),
                orEmpty(name.tag()),
                name.digest() == null ? "" : name.digest().toString());
    }

    /** Points the name at an image. */
    static void name(Transaction tx, ImageRef name, Digest id) {
        named(tx, name).filter(before -> !before.equals(id)).ifPresent(before -> NamesCopy.outdated(tx, before));
        NamesCopy.outdated(tx, id);
        tx.update(
                "INSERT OR REPLACE INTO names (" + NAME_COLUMNS + ", image) VALUES (?, ?, ?, ?, ?)",
                name.domain(),
                name.path(),
                orEmpty(name.tag()),
                name.digest() == null ? "" : name.digest().toString(),
                id.toString());
    }

    static void unname(Transaction tx, ImageRef name) {
        named(tx, name).ifPresent(id -> NamesCopy.outdated(tx, id));
        tx.update(
                "DELETE FROM names WHERE domain = ? AND path = ? AND tag = ? AND digest = ?",
                name.domain(),
                name.path(),
                orEmpty(name.tag()),
                name.digest() == null ? "" : name.digest().toString());
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** An image that is listed stays so. */
    static void insert(
            Transaction tx,
            Digest id,
            Descriptor manifest,
            byte[] config,
            @Nullable Instant created,
            Instant stored,
            ImageStore.Listing listing) {
        tx.update(
                "INSERT INTO images (id, manifest, manifest_type, manifest_size, config, created, stored, listed)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET manifest = excluded.manifest,"
                        + " manifest_type = excluded.manifest_type, manifest_size = excluded.manifest_size,"
                        + " stored = excluded.stored, listed = max(listed, excluded.listed)",
                id.toString(),
                manifest.digest().toString(),
                manifest.mediaType(),
                manifest.size(),
                config,
                created == null ? null : Times.nanos(created),
                Times.nanos(stored),
                listing == ImageStore.Listing.LISTED ? 1 : 0);
    }

    static boolean isListed(Transaction tx, Digest id) {
        return tx.first("SELECT 1 FROM images WHERE id = ? AND listed = 1", row -> row.number(1), id.toString())
                .isPresent();
    }

    /** Notes how large an image is, once its layers and their blobs are noted. */
    static void measure(Transaction tx, Digest id) {
        tx.update(
                "UPDATE images SET size = (SELECT coalesce(sum(size), 0) FROM image_layers WHERE image = images.id),"
                        + " content_size = length(config) + manifest_size + (SELECT coalesce(sum(coalesce("
                        + "(SELECT min(b.size) FROM layer_blobs b WHERE b.layer = l.layer), l.tar_size)), 0)"
                        + " FROM image_layers l WHERE l.image = images.id) WHERE id = ?",
                id.toString());
    }

    /** Every image that people see, newest first, without what its configuration says. */
    static List<ListedImage> listed(Transaction tx) {
        return tx.first(ListedImages.QUERY, row -> row.text(1))
                .map(ListedImages::read)
                .orElse(List.of());
    }

    /** Keeps the bytes that a layer came in for as long as the layer. */
    static void insertBlob(Transaction tx, LayerBlob blob) {
        tx.update(
                "INSERT OR REPLACE INTO layer_blobs (layer, digest, media_type, size) VALUES (?, ?, ?, ?)",
                blob.layer().value(),
                blob.descriptor().digest().toString(),
                blob.descriptor().mediaType(),
                blob.descriptor().size());
    }

    /** The bytes that a layer came in; empty for one that was made here. */
    static List<Descriptor> blobs(Transaction tx, LayerId layer) {
        return tx.list(
                "SELECT media_type, digest, size FROM layer_blobs WHERE layer = ? ORDER BY digest",
                row -> new Descriptor(row.text(1), Digest.parse(row.text(2)), row.number(3)),
                layer.value());
    }

    /** Forgets the bytes that a layer came in; returns their digests. */
    static List<String> takeBlobs(Transaction tx, String layer) {
        List<String> blobs = tx.list("SELECT digest FROM layer_blobs WHERE layer = ?", row -> row.text(1), layer);
        tx.update("DELETE FROM layer_blobs WHERE layer = ?", layer);
        return blobs;
    }

    /** The layers of the longest beginning of a chain that the store has, claimed; the lowest first. */
    static List<Layer> longestKnown(Transaction tx, List<Digest> diffIds, Path root, Claims claims) {
        List<Digest> chain = ChainIds.of(diffIds);
        for (int position = chain.size() - 1; position >= 0; position--) {
            Optional<Digest> image = tx.first(
                    "SELECT image FROM image_layers WHERE chain_id = ? AND position = ? LIMIT 1",
                    row -> Digest.parse(row.text(1)),
                    chain.get(position).toString(),
                    (long) position);
            if (image.isPresent()) {
                List<Layer> known = layers(tx, image.get(), root).subList(0, position + 1);
                known.forEach(layer -> claims.claim(tx, Kind.LAYER, layer.id().value()));
                if (known.stream().allMatch(layer -> Files.exists(layer.index()))) {
                    return known;
                }
            }
        }
        return List.of();
    }

    /** Gives an image its layers, in place of those it had. */
    static void insertLayers(Transaction tx, Digest id, List<Layer> layers) {
        NamesCopy.outdated(tx, id);
        tx.update("DELETE FROM image_layers WHERE image = ?", id.toString());
        List<Digest> diffIds = layers.stream().map(Layer::diffId).toList();
        List<Digest> chain = ChainIds.of(diffIds);
        for (int position = 0; position < layers.size(); position++) {
            Layer layer = layers.get(position);
            tx.update(
                    "INSERT INTO image_layers (image, position, layer, diff_id, chain_id, tar_size, size, created)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    id.toString(),
                    position,
                    layer.id().value(),
                    layer.diffId().toString(),
                    chain.get(position).toString(),
                    layer.tarSize(),
                    layer.size(),
                    Times.nanos(layer.created()));
        }
    }

    /** The image's layers, the lowest first. */
    static List<Layer> layers(Transaction tx, Digest id, Path root) {
        Path layers = root.resolve("layers");
        return tx.list(
                "SELECT layer, diff_id, tar_size, size, created FROM image_layers WHERE image = ? ORDER BY position",
                row -> {
                    LayerId layer = new LayerId(row.text(1));
                    Path directory = layers.resolve(layer.value());
                    return new Layer(
                            layer,
                            directory.resolve("fs"),
                            directory.resolve("index"),
                            Digest.parse(row.text(2)),
                            row.number(3),
                            row.number(4),
                            Times.instant(row.number(5)));
                },
                id.toString());
    }

    /** A document of an image, made again out of its row; null if this is none, or one that came from elsewhere. */
    static byte @Nullable [] document(Transaction tx, Digest blob) {
        Optional<byte[]> config =
                tx.first("SELECT config FROM images WHERE id = ?", row -> row.bytes(1), blob.toString());
        if (config.isPresent()) {
            return Digest.of(config.get()).equals(blob) ? config.get() : null;
        }
        Optional<byte[]> of =
                tx.first("SELECT config FROM images WHERE manifest = ?", row -> row.bytes(1), blob.toString());
        if (of.isEmpty()) {
            return null;
        }
        Digest id = Digest.of(of.get());
        byte[] manifest = ManifestJson.write(new Manifest(
                new Descriptor(MediaTypes.OCI_CONFIG, id, of.get().length),
                tx.list(
                        "SELECT diff_id, tar_size FROM image_layers WHERE image = ? ORDER BY position",
                        row -> new Descriptor(MediaTypes.OCI_LAYER_TAR, Digest.parse(row.text(1)), row.number(2)),
                        id.toString())));
        return Digest.of(manifest).equals(blob) ? manifest : null;
    }

    /** Lets images that lack the directory of a layer have another one with the same chain up to it. */
    static void heal(Transaction tx, List<Layer> layers, Path root) {
        List<Digest> chain = ChainIds.of(layers.stream().map(Layer::diffId).toList());
        for (int position = 0; position < chain.size(); position++) {
            String whole = layers.get(position).id().value();
            String link = chain.get(position).toString();
            for (String other : tx.list(
                    "SELECT DISTINCT layer FROM image_layers WHERE chain_id = ? AND layer <> ?",
                    row -> row.text(1),
                    link,
                    whole)) {
                if (!Files.exists(root.resolve("layers").resolve(other))) {
                    tx.list(
                                    "SELECT image FROM image_layers WHERE chain_id = ? AND layer = ?",
                                    row -> Digest.parse(row.text(1)),
                                    link,
                                    other)
                            .forEach(image -> NamesCopy.outdated(tx, image));
                    tx.update("UPDATE image_layers SET layer = ? WHERE chain_id = ? AND layer = ?", whole, link, other);
                }
            }
        }
    }

    static boolean isLayerOfAny(Transaction tx, String layer) {
        return tx.first("SELECT 1 FROM image_layers WHERE layer = ? LIMIT 1", row -> row.number(1), layer)
                .isPresent();
    }

    /** Deletes an image without names. What it used is claimed, so that it is collected when the work ends. */
    static void delete(Transaction tx, Digest id, Claims claims) {
        NamesCopy.outdated(tx, id);
        claim(tx, id, claims);
        tx.update("DELETE FROM images WHERE id = ?", id.toString());
    }

    /** Claims an image's layers and documents. */
    static void claim(Transaction tx, Digest id, Claims claims) {
        for (String layer :
                tx.list("SELECT layer FROM image_layers WHERE image = ?", row -> row.text(1), id.toString())) {
            claims.claim(tx, Kind.LAYER, layer);
        }
        for (String manifest : tx.list("SELECT manifest FROM images WHERE id = ?", row -> row.text(1), id.toString())) {
            claims.claim(tx, Kind.BLOB, manifest);
            claims.claim(tx, Kind.BLOB, id.toString());
        }
    }
}
