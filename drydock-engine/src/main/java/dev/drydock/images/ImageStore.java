package dev.drydock.images;

import dev.drydock.content.BlobWriter;
import dev.drydock.content.ContentStore;
import dev.drydock.fault.Bug;
import dev.drydock.fault.CorruptData;
import dev.drydock.fault.UserFault;
import dev.drydock.metadata.Claims;
import dev.drydock.metadata.Database;
import dev.drydock.metadata.Database.Durability;
import dev.drydock.metadata.Times;
import dev.drydock.metadata.Transaction;
import dev.drydock.oci.Descriptor;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfigJson;
import dev.drydock.oci.ImageRef;
import dev.drydock.oci.Manifest;
import dev.drydock.oci.ManifestJson;
import dev.drydock.oci.MediaTypes;
import dev.drydock.oci.Platform;
import dev.drydock.snapshot.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Images and their names. Every change is one atomic step that survives a power cut when it returns. Errors about what a
 * person asked for are worded as Docker's daemon words them. Safe for several threads and processes.
 */
public final class ImageStore {
    /** What becomes of an image that loses its last name because the name moves to another. */
    public enum Unnamed {
        /** It stays, dangling. */
        KEEP,
        /** It goes at once, as after a rebuild. */
        DROP
    }

    /** Whether people see an image. */
    public enum Listing {
        LISTED,
        /** It is there for builds, and goes when the cache is pruned. */
        UNLISTED
    }

    /** How {@link #remove} goes about an image with names in several places. */
    public enum Force {
        NO,
        YES
    }

    private final Database database;
    private final ContentStore content;
    private final Garbage garbage;
    private final Path root;
    private final InstantSource clock;

    public ImageStore(Database database, ContentStore content, Garbage garbage, Path root, InstantSource clock) {
        this.database = database;
        this.content = content;
        this.garbage = garbage;
        this.root = root;
        this.clock = clock;
    }

    /** Every image, newest first by creation time. */
    public List<StoredImage> list() {
        return database.read(ImageTables::all);
    }

    /** Every image, newest first by creation time, without what its configuration says: quick for any number. */
    public List<ListedImage> listed() {
        return database.read(ImageTables::listed);
    }

    /**
     * The image that a name, a full ID or a unique beginning of an ID means, in Docker's order of precedence.
     *
     * @throws UserFault {@code No such image: x:latest}, {@code ambiguous reference} or {@code invalid reference format…}
     */
    public StoredImage resolve(String nameOrId) {
        return database.read(tx -> get(tx, Resolution.of(tx, nameOrId).id()));
    }

    private static StoredImage get(Transaction tx, Digest id) {
        return ImageTables.one(tx, id).orElseThrow(() -> new UserFault("No such image: " + id));
    }

    /** Like {@link #resolve}; the image, its layers and its documents are claimed. */
    public ClaimedImage claim(Claims claims, String nameOrId) {
        return database.write(
                Durability.SOON,
                tx -> claim(tx, claims, Resolution.of(tx, nameOrId).id()));
    }

    /**
     * The images that are meant, claimed, each once, in the order of the request. A repository without a tag means all
     * its tags.
     *
     * @throws UserFault as {@link #resolve}
     */
    public List<SelectedImage> select(Claims claims, List<String> namesOrIds) {
        return database.write(Durability.SOON, tx -> {
            Map<Digest, SortedSet<ImageRef>> selected = new LinkedHashMap<>();
            for (String nameOrId : namesOrIds) {
                Selection.of(tx, nameOrId)
                        .forEach((id, names) -> selected.computeIfAbsent(id, _ -> new TreeSet<>())
                                .addAll(names));
            }
            List<SelectedImage> images = new ArrayList<>();
            selected.forEach((id, names) -> images.add(new SelectedImage(claim(tx, claims, id), List.copyOf(names))));
            return images;
        });
    }

    /** The image with this name, claimed; empty if there is none. A name without tag and digest means {@code latest}. */
    public Optional<ClaimedImage> find(Claims claims, ImageRef name) {
        return database.write(
                Durability.SOON,
                tx -> Resolution.byName(tx, name.withDefaultTag()).map(id -> claim(tx, claims, id)));
    }

    /** The image with this manifest, claimed; empty if there is none. */
    public Optional<ClaimedImage> findByManifest(Claims claims, Digest manifest) {
        return database.write(
                Durability.SOON,
                tx -> tx.first(
                                "SELECT id FROM images WHERE manifest = ?",
                                row -> Digest.parse(row.text(1)),
                                manifest.toString())
                        .map(id -> claim(tx, claims, id)));
    }

    private ClaimedImage claim(Transaction tx, Claims claims, Digest id) {
        ImageTables.claim(tx, id, claims);
        StoredImage image = get(tx, id);
        List<Layer> layers = ImageTables.layers(tx, id, root);
        for (Layer layer : layers) {
            if (!Files.exists(layer.index())) {
                throw new CorruptData("open image "
                                + (image.names().isEmpty()
                                        ? id.toString()
                                        : image.names().getFirst().familiar())
                                + ": its layer " + layer.id() + " is missing from the store")
                        .hint("drydock fsck --repair pulls it again where it can, and says what to build again.");
            }
        }
        return new ClaimedImage(image, layers);
    }

    /** Whether all layers and documents of an image are there. */
    public boolean isWhole(Digest id) {
        return database.read(tx -> isWhole(tx, id));
    }

    /** Whether everything of the image with this name is there, or there is none; what is not can be pulled again. */
    public boolean isWhole(ImageRef name) {
        return database.read(
                tx -> Resolution.byName(tx, name).map(id -> isWhole(tx, id)).orElse(true));
    }

    private boolean isWhole(Transaction tx, Digest id) {
        return content.size(id).isPresent()
                && content.size(get(tx, id).manifest().digest()).isPresent()
                && ImageTables.layers(tx, id, root).stream().allMatch(layer -> Files.exists(layer.index()));
    }

    /** The bytes of the image's configuration, as stored. */
    public byte[] config(Digest id) {
        return database.read(
                        tx -> tx.first("SELECT config FROM images WHERE id = ?", row -> row.bytes(1), id.toString()))
                .orElseThrow(() -> new UserFault("No such image: " + id));
    }

    /** As {@link #put(Claims, byte[], List, Map, List, Unnamed)}, its manifest without annotations. */
    public StoredImage put(Claims claims, byte[] config, List<Layer> layers, List<ImageRef> names, Unnamed replaced) {
        return put(claims, config, layers, Map.of(), names, replaced);
    }

    /**
     * Stores an image and gives it names; an image that is there already gets the names, and the new manifest, too.
     *
     * @param claims of the work that made it; the layers are claimed by it already. What is replaced is freed when the
     *     {@link Work} is closed
     * @param config the configuration's bytes; their digest is the image's ID
     * @param layers the lowest first, with the diff IDs that the configuration names
     * @param annotations of its manifest
     * @param names with tags or digests; those that exist move
     */
    public StoredImage put(
            Claims claims,
            byte[] config,
            List<Layer> layers,
            Map<String, String> annotations,
            List<ImageRef> names,
            Unnamed replaced) {
        Digest id = Digest.of(config);
        byte[] manifest = ManifestJson.write(new Manifest(
                MediaTypes.OCI_MANIFEST,
                null,
                new Descriptor(MediaTypes.OCI_CONFIG, id, config.length),
                layers.stream()
                        .map(layer -> new Descriptor(MediaTypes.OCI_LAYER_TAR, layer.diffId(), layer.tarSize()))
                        .toList(),
                null,
                annotations));
        Descriptor descriptor = new Descriptor(MediaTypes.OCI_MANIFEST, Digest.of(manifest), manifest.length);
        ForeignImage image = new ForeignImage(descriptor, manifest, config, layers, List.of());
        return store(claims, image, names, replaced, Listing.LISTED);
    }

    /**
     * Stores an image that was made elsewhere, with its documents as they came. A name that exists moves and leaves its
     * image behind.
     *
     * @param claims of the work that brought it: layers and blobs are claimed by it already
     * @param names none for one that is not {@link Listing#LISTED}
     */
    public StoredImage put(Claims claims, ForeignImage image, List<ImageRef> names, Listing listing) {
        return store(claims, image, names, Unnamed.KEEP, listing);
    }

    /**
     * Gives a store whose database is new an image that its directories have: documents and layers are there. Not synced.
     *
     * @param stored when it came into the store
     */
    public void restore(ForeignImage image, List<ImageRef> names, Listing listing, Instant stored) {
        byte[] config = image.config();
        Digest id = Digest.of(config);
        database.write(Durability.SOON, tx -> {
            ImageTables.insert(
                    tx,
                    id,
                    image.manifest(),
                    config,
                    ImageConfigJson.read(config).created(),
                    stored,
                    listing);
            ImageTables.insertLayers(tx, id, image.layers());
            image.blobs().forEach(blob -> ImageTables.insertBlob(tx, blob));
            ImageTables.measure(tx, id);
            names.forEach(name -> ImageTables.name(tx, name, id));
            return null;
        });
    }

    private StoredImage store(
            Claims claims, ForeignImage image, List<ImageRef> names, Unnamed replaced, Listing listing) {
        byte[] config = image.config();
        Digest id = Digest.of(config);
        ImageConfig read = ImageConfigJson.read(config);
        if (!read.diffIds().equals(image.layers().stream().map(Layer::diffId).toList())) {
            throw new Bug("store image " + id + ": its configuration names other layers");
        }
        write(claims, id, config);
        write(claims, image.manifest().digest(), image.manifestBytes());
        return database.write(Durability.NOW, tx -> {
            // If it is stored with the same content in other directories, those give way: the new ones are whole.
            ImageTables.claim(tx, id, claims);
            ImageTables.insert(tx, id, image.manifest(), config, read.created(), clock.instant(), listing);
            ImageTables.insertLayers(tx, id, image.layers());
            ImageTables.heal(tx, image.layers(), root);
            image.blobs().forEach(blob -> ImageTables.insertBlob(tx, blob));
            ImageTables.measure(tx, id);
            for (ImageRef name : names) {
                move(tx, name.withDefaultTag(), id, replaced, claims);
            }
            return get(tx, id);
        });
    }

    /** Gives an image a name by digest: what it is called at a registry. Nothing happens if the image is gone. */
    public void addName(Digest id, ImageRef pinned) {
        database.write(Durability.NOW, tx -> {
            if (ImageTables.isListed(tx, id)) {
                ImageTables.name(tx, pinned, id);
            }
            return null;
        });
    }

    /** The layers of the longest beginning of a chain that the store has, claimed; the lowest first. */
    public List<Layer> longestKnown(Claims claims, List<Digest> diffIds) {
        return database.write(Durability.SOON, tx -> ImageTables.longestKnown(tx, diffIds, root, claims));
    }

    /** Whether any image has a layer with this diff ID. */
    public boolean hasLayer(Digest diffId) {
        return database.read(tx -> tx.first(
                        "SELECT 1 FROM image_layers WHERE diff_id = ? LIMIT 1",
                        row -> row.number(1),
                        diffId.toString()))
                .isPresent();
    }

    /** The bytes that a layer came in; empty for one that was made here. */
    public List<Descriptor> blobs(Layer layer) {
        return database.read(tx -> ImageTables.blobs(tx, layer.id()));
    }

    /** Which manifest an index has for a platform, if that was found out before. */
    public Optional<Digest> choice(Digest source, Platform platform) {
        return database.read(tx -> tx.first(
                "SELECT manifest FROM choices WHERE source = ? AND platform = ?",
                row -> Digest.parse(row.text(1)),
                source.toString(),
                platform.toString()));
    }

    /** Remembers which manifest an index has for a platform. */
    public void choose(Digest source, Platform platform, Digest manifest) {
        database.write(
                Durability.SOON,
                tx -> tx.update(
                        "INSERT OR REPLACE INTO choices (source, platform, manifest) VALUES (?, ?, ?)",
                        source.toString(),
                        platform.toString(),
                        manifest.toString()));
    }

    /**
     * Says that an image that is not listed was of use to a build.
     *
     * @param reference what it was pulled as; null if that is known
     */
    public void used(Digest manifest, @Nullable ImageRef reference) {
        database.write(
                Durability.SOON,
                tx -> tx.update(
                        "UPDATE images SET stored = ?, reference = coalesce(?, reference)"
                                + " WHERE manifest = ? AND listed = 0",
                        Times.nanos(clock.instant()),
                        reference == null ? null : reference.toString(),
                        manifest.toString()));
    }

    private void write(Claims claims, Digest digest, byte[] bytes) {
        try (BlobWriter writer = content.ingest(claims, digest, bytes.length)) {
            writer.stream().write(bytes);
            writer.commit();
        } catch (IOException e) {
            throw new Bug("write blob " + digest + ": its stream has faults of its own", e);
        }
    }

    private static void move(Transaction tx, ImageRef name, Digest id, Unnamed replaced, Claims claims) {
        Optional<Digest> before = ImageTables.named(tx, name);
        ImageTables.name(tx, name, id);
        if (replaced == Unnamed.DROP
                && before.isPresent()
                && !before.get().equals(id)
                && ImageTables.names(tx, before.get()).isEmpty()) {
            ImageTables.delete(tx, before.get(), claims);
        }
    }

    /**
     * Points {@code target} at the image; a name that exists moves and leaves its image behind.
     *
     * @throws UserFault as {@link #resolve}, or if the target cannot be a tag
     */
    public void tag(String source, ImageRef target) {
        if (target.digest() != null) {
            throw new UserFault("refusing to create a tag with a digest reference");
        }
        if (target.familiarRepository().equals("sha256")) {
            throw new UserFault("refusing to create an ambiguous tag using digest algorithm as name");
        }
        database.write(Durability.NOW, tx -> {
            Digest id = Resolution.of(tx, source).id();
            ImageTables.name(tx, target.withDefaultTag(), id);
            return tx.update("UPDATE images SET stored = ? WHERE id = ?", Times.nanos(clock.instant()), id.toString());
        });
    }

    /**
     * Removes a name, and the image with its last name; or the image by its ID, with all names when they are not in
     * several places or when forced. Its layers are freed unless another image, the build cache or running work has them.
     *
     * @throws UserFault as {@link #resolve}, or {@code conflict: unable to delete…}
     */
    public Removed remove(String nameOrId, Force force) {
        List<ImageRef> untagged = new ArrayList<>();
        List<ChainLink> layers = new ArrayList<>();
        List<Digest> deleted = new ArrayList<>();
        // Claimed by this removal until the end, so that what it leaves is collected even if this process dies now.
        Claims claims = garbage.begin().claims();
        database.free(Durability.NOW, tx -> {
            untagged.clear();
            layers.clear();
            deleted.clear();
            Resolution meant = Resolution.of(tx, nameOrId);
            untagged.addAll(Untagging.of(meant, ImageTables.names(tx, meant.id()), force));
            untagged.forEach(name -> ImageTables.unname(tx, name));
            if (!ImageTables.names(tx, meant.id()).isEmpty()) {
                return null;
            }
            layers.addAll(ChainLink.of(tx, meant.id()));
            deleted.add(meant.id());
            ImageTables.delete(tx, meant.id(), claims);
            return null;
        });
        Set<String> freed = garbage.finish(claims);
        for (ChainLink link : layers.reversed()) {
            if (freed.contains(link.layer()) && !isInUse(link.chainId())) {
                deleted.add(link.chainId());
            }
        }
        return new Removed(untagged, deleted);
    }

    /** Another image may have the same chain in directories of its own. */
    private boolean isInUse(Digest chainId) {
        return database.<Optional<Long>>read(tx -> tx.first(
                        "SELECT 1 FROM image_layers WHERE chain_id = ? LIMIT 1",
                        row -> row.number(1),
                        chainId.toString()))
                .isPresent();
    }

    /** A layer of an image, and the name of the chain that ends with it. */
    private record ChainLink(String layer, Digest chainId) {
        static List<ChainLink> of(Transaction tx, Digest image) {
            return tx.list(
                    "SELECT layer, chain_id FROM image_layers WHERE image = ? ORDER BY position",
                    row -> new ChainLink(row.text(1), Digest.parse(row.text(2))),
                    image.toString());
        }
    }
}
