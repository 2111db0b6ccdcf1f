package dev.drydock.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Small files in a directory, each replaced as a whole, of which only the newest are kept. They save time or help to
 * explain: one that cannot be written or read is as if it never was, and several processes may use the directory.
 */
public final class KeptFiles {
    private final Path directory;
    private final int kept;
    private final AtomicInteger writes = new AtomicInteger();

    /** Takes the directory, which need not exist, and how many files stay. */
    public KeptFiles(Path directory, int kept) {
        this.directory = directory;
        this.kept = kept;
    }

    boolean has(String name) {
        return Files.exists(directory.resolve(name));
    }

    /** The file's bytes, if it is there. */
    public Optional<byte[]> read(String name) {
        try {
            return Optional.of(Files.readAllBytes(directory.resolve(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            lost("read", name, e);
            return Optional.empty();
        }
    }

    /** Replaces the file, and drops the oldest ones now and then if there are too many. */
    public void write(String name, byte[] bytes) {
        try {
            Files.createDirectories(directory);
            Path fresh = Files.createTempFile(directory, "new-", "");
            try {
                Files.write(fresh, bytes);
                Files.move(
                        fresh,
                        directory.resolve(name),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
            // To list them at every write would cost more than a few too many do.
            if (writes.getAndIncrement() % Math.max(1, kept / 8) == 0) {
                prune();
            }
        } catch (IOException e) {
            lost("keep", name, e);
        }
    }

    private void prune() throws IOException {
        List<Path> files = new ArrayList<>();
        try (var all = Files.newDirectoryStream(directory)) {
            all.forEach(files::add);
        }
        if (files.size() <= kept + kept / 4) {
            return;
        }
        // Others write and remove files meanwhile: the order is that of one look at each.
        List<Aged> byAge = new ArrayList<>();
        for (Path file : files) {
            byAge.add(new Aged(file, file.toFile().lastModified()));
        }
        byAge.sort(Comparator.comparingLong(Aged::time));
        for (Aged old : byAge.subList(0, byAge.size() - kept)) {
            Files.deleteIfExists(old.file());
        }
    }

    private record Aged(Path file, long time) {}

    void lost(String verb, String name, Exception cause) {
        System.getLogger("dev.drydock.source")
                .log(System.Logger.Level.DEBUG, verb + " " + directory.resolve(name), cause);
    }
}
