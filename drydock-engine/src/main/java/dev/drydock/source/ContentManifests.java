package dev.drydock.source;

import dev.drydock.fault.CorruptData;
import dev.drydock.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The manifests of content digests, kept so that a later miss can name the files that changed. Only the newest are kept.
 * They are a help: one that is lost or damaged is as if it never was.
 */
public final class ContentManifests {
    private static final int KEPT = 200;

    private final Path directory;

    /** Takes the directory to keep them in; it need not exist. */
    public ContentManifests(Path directory) {
        this.directory = directory;
    }

    private Path file(Digest content) {
        return directory.resolve(content.hex());
    }

    /** Keeps the manifest of a content digest. */
    public void save(Digest content, ContentManifest manifest) {
        Path file = file(content);
        if (Files.exists(file)) {
            return;
        }
        try {
            Files.createDirectories(directory);
            Path fresh = Files.createTempFile(directory, "new-", "");
            try {
                Files.write(fresh, manifest.write());
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
            prune();
        } catch (IOException e) {
            System.getLogger("dev.drydock.source").log(System.Logger.Level.DEBUG, "keep content manifest", e);
        }
    }

    private void prune() throws IOException {
        List<Path> files = new ArrayList<>();
        try (var all = Files.newDirectoryStream(directory)) {
            all.forEach(files::add);
        }
        if (files.size() <= KEPT + KEPT / 4) {
            return;
        }
        files.sort(Comparator.comparingLong(file -> file.toFile().lastModified()));
        for (Path old : files.subList(0, files.size() - KEPT)) {
            Files.deleteIfExists(old);
        }
    }

    private Optional<ContentManifest> read(Digest content) {
        try {
            return Optional.of(ContentManifest.read(Files.readAllBytes(file(content))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | CorruptData e) {
            System.getLogger("dev.drydock.source").log(System.Logger.Level.DEBUG, "read content manifest", e);
            return Optional.empty();
        }
    }

    /**
     * What is different between the contents that two digests name, one sentence each; empty if either is not known any
     * more. See {@link ContentChanges#between}.
     */
    public List<String> changes(Digest earlier, Digest now) {
        Optional<ContentManifest> before = read(earlier);
        Optional<ContentManifest> after = read(now);
        return before.isEmpty() || after.isEmpty() ? List.of() : ContentChanges.between(before.get(), after.get());
    }
}
