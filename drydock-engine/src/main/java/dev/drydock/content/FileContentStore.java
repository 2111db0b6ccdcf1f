package dev.drydock.content;

import dev.drydock.fault.CorruptData;
import dev.drydock.metadata.Claims;
import dev.drydock.oci.Digest;
import dev.drydock.scope.Disk;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Blobs as files of a directory, {@code blobs/<algorithm>/<hex>} under the store's root. */
public final class FileContentStore implements ContentStore {
    private final Path blobs;

    public FileContentStore(Path root) {
        blobs = root.toAbsolutePath().resolve("blobs");
    }

    @Override
    public BlobWriter ingest(Claims claims, Digest digest, long size) {
        return FileBlobWriter.open(claims, digest, size, directory(digest));
    }

    @Override
    public void adopt(Claims claims, Digest digest, Path file) {
        FileBlobWriter.adopt(claims, digest, file, directory(digest));
    }

    @Override
    public InputStream read(Digest digest) {
        try {
            // Not a channel: reading must not depend on whether the reader's thread is interrupted.
            return new FileInputStream(file(digest).toFile());
        } catch (FileNotFoundException e) {
            throw new CorruptData("read blob " + digest + ": it is missing from the store", e)
                    .hint("drydock fsck --repair mends what can be mended.");
        }
    }

    @Override
    public OptionalLong size(Digest digest) {
        try {
            return OptionalLong.of(Files.size(file(digest)));
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw Disk.fault("look at blob " + digest, e);
        }
    }

    @Override
    public boolean delete(Digest digest) {
        try {
            return Files.deleteIfExists(file(digest));
        } catch (IOException e) {
            throw Disk.fault("delete blob " + digest, e);
        }
    }

    private Path file(Digest digest) {
        return directory(digest).resolve(digest.hex());
    }

    private Path directory(Digest digest) {
        return blobs.resolve(digest.algorithm());
    }
}
