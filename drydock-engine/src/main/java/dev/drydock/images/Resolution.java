package dev.drydock.images;

import dev.drydock.fault.UserFault;
import dev.drydock.metadata.Transaction;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a person's words mean: a full ID, else a name, else the beginning of an ID.
 *
 * @param id the image
 * @param name how it was named; null when it was by ID
 */
record Resolution(Digest id, @Nullable ImageRef name) {
    private static final String ALGORITHM = "sha256:";
    private static final int FULL = 64;
    /** Fewer digits are taken for a name. */
    private static final int SHORTEST = 4;

    /**
     * Finds the image.
     *
     * @throws UserFault {@code No such image: x:latest}, {@code ambiguous reference}, or that this is no name
     */
    static Resolution of(Transaction tx, String nameOrId) {
        String hex = hexOf(nameOrId);
        if (hex != null && hex.length() == FULL) {
            Digest id = new Digest("sha256", hex);
            if (ImageTables.isListed(tx, id)) {
                return new Resolution(id, null);
            }
            throw new UserFault("No such image: " + id);
        }
        ImageRef name = ImageRef.parse(nameOrId).withDefaultTag();
        Optional<Digest> named = byName(tx, name);
        if (named.isPresent()) {
            return new Resolution(named.get(), name);
        }
        if (hex != null && hex.length() >= SHORTEST) {
            // 'g' follows every hex digit.
            List<String> ids = tx.list(
                    "SELECT id FROM images WHERE id >= ? AND id < ? AND listed = 1 LIMIT 2",
                    row -> row.text(1),
                    ALGORITHM + hex,
                    ALGORITHM + hex + "g");
            if (ids.size() > 1) {
                throw new UserFault("ambiguous reference").hint("Give more digits of the image ID.");
            }
            if (!ids.isEmpty()) {
                return new Resolution(Digest.parse(ids.getFirst()), null);
            }
        }
        throw new UserFault("No such image: " + name.familiar());
    }

    /** The image that a name means; a name with a digest also means the image so pinned, under any tag of it. */
    static Optional<Digest> byName(Transaction tx, ImageRef name) {
        Digest digest = name.digest();
        if (digest == null) {
            return ImageTables.named(tx, name);
        }
        // Docker passes over the tag when there is a digest.
        Optional<Digest> exact = ImageTables.named(tx, new ImageRef(name.domain(), name.path(), null, digest));
        if (exact.isPresent()) {
            return exact;
        }
        return tx.first(
                "SELECT images.id FROM images JOIN names ON names.image = images.id"
                        + " WHERE (images.manifest = ? OR images.id = ?) AND names.domain = ? AND names.path = ?",
                row -> Digest.parse(row.text(1)),
                digest.toString(),
                digest.toString(),
                name.domain(),
                name.path());
    }

    /** The names of the image that {@link #name} stands for: itself, or every tag of a repository pinned by digest. */
    List<ImageRef> meant(List<ImageRef> names) {
        List<ImageRef> meant = new ArrayList<>();
        if (name != null) {
            ImageRef exact =
                    name.digest() == null ? name : new ImageRef(name.domain(), name.path(), null, name.digest());
            for (ImageRef other : names) {
                if (other.equals(exact)) {
                    return List.of(other);
                }
                if (other.repository().equals(name.repository())) {
                    meant.add(other);
                }
            }
        }
        return meant;
    }

    private static @Nullable String hexOf(String text) {
        String hex = text.startsWith(ALGORITHM) ? text.substring(ALGORITHM.length()) : text;
        for (int i = 0; i < hex.length(); i++) {
            char c = hex.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return null;
            }
        }
        return hex.isEmpty() || hex.length() > FULL ? null : hex;
    }
}
