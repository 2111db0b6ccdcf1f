package dev.drydock.images;

import dev.drydock.metadata.Database;
import dev.drydock.metadata.Database.Durability;
import dev.drydock.metadata.Times;
import dev.drydock.metadata.Transaction;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageRef;
import dev.drydock.snapshot.LayerId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A copy of what the store knows of images and nothing but the database has: which are listed, by what names, with which manifest
 * and layers. A text file beside the database, replaced when a command has changed that, so that a database that is lost can be
 * made again. As it is a copy, it is not waited for: nobody syncs it, and when it cannot be written it stays as it was.
 *
 * <pre>
 * drydock names 1 NUMBER
 * image ID MANIFEST STORED LAYER,LAYER…
 * name DOMAIN PATH TAG DIGEST         of the image above; "-" for none
 * </pre>
 */
public final class NamesCopy {
    private static final String HEAD = "drydock names 1 ";
    private static final String COUNT = "SELECT value FROM settings WHERE name = 'names'";

    private static final String QUERY =
            "SELECT coalesce(group_concat(line, char(10)), '') FROM (SELECT 'image ' || id || ' ' || manifest || ' '"
                    + " || stored || ' ' || coalesce((SELECT group_concat(layer) FROM (SELECT layer FROM image_layers"
                    + " WHERE image = images.id ORDER BY position)), '-') || coalesce((SELECT char(10) || group_concat("
                    + "'name ' || domain || ' ' || path || ' ' || iif(tag = '', '-', tag) || ' ' || iif(digest = '', '-',"
                    + " digest), char(10)) FROM names WHERE image = images.id), '') AS line FROM images WHERE listed = 1)";

    private final Database database;
    private final Path file;

    /** @param root the store's */
    public NamesCopy(Database database, Path root) {
        this.database = database;
        this.file = root.resolve(Database.NAMES);
    }

    /**
     * An image as the copy has it.
     *
     * @param names tags and digests
     */
    public record Kept(Digest id, Digest manifest, Instant stored, List<LayerId> layers, List<ImageRef> names) {
        public Kept {
            layers = List.copyOf(layers);
            names = List.copyOf(names);
        }

        private Kept with(ImageRef name) {
            List<ImageRef> more = new ArrayList<>(names);
            more.add(name);
            return new Kept(id, manifest, stored, layers, more);
        }
    }

    /** Says, in a transaction that changes an image or a name, that the copy is old. */
    static void outdated(Transaction tx) {
        tx.update("INSERT INTO settings (name, value) VALUES ('names', '1')"
                + " ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1");
    }

    /** Brings the copy up to date if this process may have changed something, or another one could not. */
    public void refresh() {
        if (!database.isWritten()) {
            return;
        }
        String count = database.read(NamesCopy::count);
        if (!count.equals(countInFile())) {
            // Under the lock for writing: a copy never takes the place of a younger one.
            database.write(Durability.SOON, tx -> {
                write(HEAD
                        + count(tx)
                        + '\n'
                        + tx.first(QUERY, row -> row.text(1)).orElse("")
                        + '\n');
                return null;
            });
        }
    }

    private static String count(Transaction tx) {
        return tx.first(COUNT, row -> row.text(1)).orElse("0");
    }

    private @Nullable String countInFile() {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String first = lines.readLine();
            return first != null && first.startsWith(HEAD) ? first.substring(HEAD.length()) : null;
        } catch (IOException missing) {
            return null;
        }
    }

    private void write(String text) {
        Path next = file.resolveSibling(Database.NAMES + ".new");
        try {
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException full) {
            try {
                Files.deleteIfExists(next); // the next command that writes tries again
            } catch (IOException alsoNot) {
                full.addSuppressed(alsoNot);
            }
        }
    }

    /** What the copy of a store has; lines that are damaged are passed over, and a missing copy has nothing. */
    public static List<Kept> read(Path root) {
        List<Kept> images = new ArrayList<>();
        List<String> lines;
        try {
            // Not as UTF-8: a damaged line must not spoil the others. What is in it is ASCII.
            lines = Files.readAllLines(root.resolve(Database.NAMES), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException missing) {
            return List.of();
        }
        boolean known = false; // whether names belong to the last image
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("name")) {
                if (known) {
                    name(words).ifPresent(name -> images.add(images.removeLast().with(name)));
                }
            } else {
                // names that stand below an image which cannot be read are nobody else's
                Optional<Kept> image = image(words);
                image.ifPresent(images::add);
                known = image.isPresent();
            }
        }
        return images;
    }

    private static Optional<Kept> image(String[] words) {
        if (!words[0].equals("image") || words.length != 5) {
            return Optional.empty();
        }
        try {
            List<LayerId> layers = new ArrayList<>();
            if (!words[4].equals("-")) {
                for (String layer : words[4].split(",", -1)) {
                    layers.add(new LayerId(layer));
                }
            }
            return Optional.of(new Kept(
                    Digest.parse(words[1]),
                    Digest.parse(words[2]),
                    Times.instant(Long.parseLong(words[3])),
                    layers,
                    List.of()));
        } catch (RuntimeException damaged) {
            return Optional.empty();
        }
    }

    private static Optional<ImageRef> name(String[] words) {
        if (words.length != 5) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ImageRef(
                    words[1],
                    words[2],
                    words[3].equals("-") ? null : words[3],
                    words[4].equals("-") ? null : Digest.parse(words[4])));
        } catch (RuntimeException damaged) {
            return Optional.empty();
        }
    }
}
