package dev.drydock.images;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.metadata.Database;
import dev.drydock.metadata.Database.Durability;
import dev.drydock.metadata.Transaction;
import dev.drydock.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A copy of what the store knows of images and nothing but the database has: which are listed, by what names, with which manifest
 * and layers. A text file beside the database, brought up to date when a command has changed that, so that a database that is
 * lost can be made again. As it is a copy, it is not waited for: nobody syncs it, and when it cannot be written it stays as it
 * was.
 *
 * <pre>
 * drydock names 1 NUMBER
 * image ID MANIFEST STORED LAYER,LAYER…
 * name DOMAIN PATH TAG DIGEST         of the image above; "-" for none
 * done NUMBER LENGTH                  LENGTH bytes come before it
 * </pre>
 *
 * What changes later is appended, so that a store of thousands of images does not write all of them for one new name: each
 * addition stands between {@code then NUMBER} and a {@code done} of its own, which repeats the first one's length. An image in
 * it takes the place of the earlier one with that ID, and {@code gone ID} takes it away. A last addition without its end was cut
 * off and does not count; the next command that writes makes the whole file anew. {@code NUMBER} counts changes and says which
 * are in the file.
 */
public final class NamesCopy {
    static final String HEAD = "drydock names 1 ";
    static final String THEN = "then";
    static final String DONE = "done";
    static final String GONE = "gone";

    private static final Pattern END = Pattern.compile("\n" + DONE + " ([0-9]{1,18}) ([0-9]{1,18})\n\\z");
    private static final int LONGEST_END = 64;
    /** More than the whole file's length may be appended by this many bytes before it is made anew. */
    private static final long MOST_APPENDED = 64 << 10;
    /** Of so many images all are written. */
    private static final int MOST_IMAGES = 200;

    private static final String COUNT = "SELECT value FROM settings WHERE name = 'names'";
    private static final String CHANGED =
            "CREATE TEMP TABLE IF NOT EXISTS changed_images (number INTEGER PRIMARY KEY, image TEXT NOT NULL)";

    private static final String LINES =
            "SELECT 'image ' || id || ' ' || manifest || ' ' || stored || ' ' || coalesce((SELECT group_concat(layer) FROM"
                    + " (SELECT layer FROM image_layers WHERE image = images.id ORDER BY position)), '-') || char(10) ||"
                    + " coalesce((SELECT group_concat('name ' || domain || ' ' || path || ' ' || iif(tag = '', '-', tag)"
                    + " || ' ' || iif(digest = '', '-', digest) || char(10), '') FROM names WHERE image = images.id), '')"
                    + " AS line FROM images WHERE listed = 1";
    private static final String ALL = "SELECT coalesce(group_concat(line, ''), '') FROM (" + LINES + ")";

    private final Database database;
    private final Path file;
    private final Supplier<Path> tmp;

    /**
     * @param root the store's
     * @param tmp a directory that vanishes with this process's lease, asked for when the whole file is made anew
     */
    public NamesCopy(Database database, Path root, Supplier<Path> tmp) {
        this.database = database;
        this.file = root.resolve(Database.NAMES);
        this.tmp = tmp;
    }

    /** Says, in a transaction that changes an image or its names, that the copy of it is old. */
    static void outdated(Transaction tx, Digest image) {
        // It begins with the time, so that a database that was made again does not count what an earlier one did.
        tx.update("INSERT INTO settings (name, value) VALUES ('names', strftime('%s', 'now') * 1000)"
                + " ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1");
        tx.update(CHANGED);
        tx.update(
                "INSERT INTO changed_images SELECT CAST(value AS INTEGER), ? FROM settings WHERE name = 'names'",
                image.toString());
    }

    /** The end of the file: up to which change it has all, and how long it was when it was made anew. */
    private record End(long number, long length, long fileLength) {
        boolean hasRoom() {
            return fileLength <= 2 * length + MOST_APPENDED;
        }
    }

    /** Brings the copy up to date if this process may have changed something, or another one could not. */
    public void refresh() {
        if (!database.isWritten() || isUpToDate()) {
            return;
        }
        try {
            // Under the lock for writing: a copy never takes the place of a younger one.
            if (database.<Boolean>write(Durability.SOON, this::append)) {
                return;
            }
            Path fresh = tmp.get().resolve(Database.NAMES);
            database.write(Durability.SOON, tx -> {
                replace(fresh, tx);
                return null;
            });
        } catch (EnvironmentFault lockedOrNoRoom) {
            // It stays as it was, and the next command that writes tries again.
        }
    }

    private boolean isUpToDate() {
        long count = database.read(NamesCopy::count);
        return end().map(end -> end.number == count).orElse(false);
    }

    private static long count(Transaction tx) {
        return tx.first(COUNT, row -> Long.parseLong(row.text(1))).orElse(0L);
    }

    private Optional<End> end() {
        try (FileChannel channel = FileChannel.open(file)) {
            long length = channel.size();
            ByteBuffer last = ByteBuffer.allocate((int) Math.min(LONGEST_END, length));
            while (last.hasRemaining() && channel.read(last, length - last.limit() + last.position()) >= 0) {
                // there is more
            }
            Matcher end = END.matcher(new String(last.array(), StandardCharsets.ISO_8859_1));
            return end.find()
                    ? Optional.of(new End(Long.parseLong(end.group(1)), Long.parseLong(end.group(2)), length))
                    : Optional.empty();
        } catch (IOException missing) {
            return Optional.empty();
        }
    }

    /** Appends what changed; false if the whole file is to be made anew. */
    private boolean append(Transaction tx) {
        Optional<End> end = end().filter(End::hasRoom);
        long count = count(tx);
        if (end.isEmpty()) {
            return false;
        }
        tx.update(CHANGED);
        List<Digest> changed = tx.list(
                "SELECT image FROM changed_images WHERE number > ?",
                row -> Digest.parse(row.text(1)),
                end.get().number);
        Set<Digest> images = new LinkedHashSet<>(changed);
        // Each change has a number: if some are missing, others made them and could not write them down.
        if (changed.size() != count - end.get().number || images.size() > MOST_IMAGES) {
            return false;
        }
        StringBuilder text = new StringBuilder();
        text.append(THEN).append(' ').append(count).append('\n');
        for (Digest image : images) {
            text.append(tx.first(LINES + " AND id = ?", row -> row.text(1), image.toString())
                    .orElse(GONE + " " + image + "\n"));
        }
        text.append(done(count, end.get().length));
        tx.update("DELETE FROM changed_images");
        return append(text.toString());
    }

    private boolean append(String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            return true;
        } catch (IOException full) {
            return false; // what was cut off does not count
        }
    }

    private static String done(long number, long length) {
        return DONE + " " + number + " " + length + "\n";
    }

    private void replace(Path fresh, Transaction tx) {
        long count = count(tx);
        String all = HEAD + count + "\n" + tx.first(ALL, row -> row.text(1)).orElse("");
        tx.update(CHANGED);
        tx.update("DELETE FROM changed_images");
        try {
            Files.writeString(fresh, all + done(count, all.length())); // it is all ASCII
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException full) {
            try {
                Files.deleteIfExists(fresh); // the next command that writes tries again
            } catch (IOException alsoNot) {
                full.addSuppressed(alsoNot);
            }
        }
    }
}
